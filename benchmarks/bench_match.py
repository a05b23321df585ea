"""What matching costs as topics grow, beside what is commonly used: ``make bench-match ARCHIVES='a.jsonl.gz …'``.

Topics are ``a AND b AND c AND d AND e AND NOT f AND NOT g`` with words drawn from the articles. Each row is a process
of its own on one core: it decodes JSON lines and matches, first those articles by which it warms up, then as many
others by which it is measured. Where no archive is named, articles are invented.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.invented import articles
from benchmarks.matchers import LACKS, MATCHERS, words_of
from daemon.sources.decode import Decoder
from daemon.sources.file_lines import CHUNK_BYTES, LineReader, open_lines
from processors.errors import InvalidArticle

MOST_ARTICLES = 6_000
"""Half of them warm up: after 500 it is known which words are rare, and then topics are filed anew."""

FEWEST_ARTICLES = 3
"""A word is drawn only if so many articles have it."""

PATIENCE = 30.0
"""CPU seconds of matching, after which a row ends with what it has."""

SIZES = (10, 1_000, 10_000, 225_000)

_PEAK = re.compile(r"VmHWM:\s+(\d+)")
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]{3,}")


def main(paths: Sequence[str]) -> None:
    lines = _lines(paths)
    with tempfile.TemporaryDirectory() as folder:
        words = _vocabulary(lines)
        (Path(folder) / "articles.jsonl").write_bytes(b"\n".join(lines))
        (Path(folder) / "words.txt").write_text("\n".join(words), encoding="utf-8")
        characters = sum(len(json.loads(line).get("body") or "") for line in lines) / len(lines)
        print(f"{len(lines):,} articles of {characters:,.0f} characters, half of them measured; {len(words):,} words\n")
        print(f"{'':<24}{'topics':>8}{'words':>8}{'made in':>10}{'peak':>10}{'articles/s':>12}{'µs':>10}{'ratio':>8}")
        first = 0.0
        for name, topics in _rows():
            row = _measured_apart(name, topics, folder)
            first = first or row.get("micros", 0.0)
            print(_shown(name, topics, row, first), flush=True)
    print("\nratio: to the first row. made in: CPU seconds from YAML (Rasid) or from a list of words (the others).")
    print("Only Rasid reads ولسوريا as سوريا, إ as ا, and asks for words together. The others lack:")
    for name, lacks in LACKS.items():
        print(f"  {name}: {lacks}")


def measure(name: str, topics: int, folder: str) -> dict[str, float]:
    """One row: seconds to make the matcher, microseconds for each article, how many, MiB at the most."""
    lines = (Path(folder) / "articles.jsonl").read_bytes().split(b"\n")
    words = (Path(folder) / "words.txt").read_text("utf-8").split("\n")
    begin = time.process_time()
    match = MATCHERS[name](words, topics)
    made = time.process_time() - begin
    decoder, half = Decoder(), len(lines) // 2
    _until(lines[:half], decoder, match, time.process_time() + PATIENCE)
    begin = time.process_time()
    done = _until(lines[half:], decoder, match, begin + PATIENCE)
    micros = (time.process_time() - begin) / max(done, 1) * 1e6
    peak = int(_PEAK.findall(Path("/proc/self/status").read_text())[0]) / 1024  # not that of whoever started us
    told = len(words_of(words, topics)) if topics else 0
    return {"made": made, "micros": micros, "done": done, "peak": peak, "words": told}


def _until(lines: Sequence[bytes], decoder: Decoder, match: Any, deadline: float) -> int:
    for number, line in enumerate(lines):
        if time.process_time() > deadline:
            return number
        match(decoder.decode(line).article)
    return len(lines)


def _rows() -> list[tuple[str, int]]:
    rows = [("rasid", size) for size in SIZES] + [("rasid, built-in packs", 0)]
    return rows + [(name, size) for name in LACKS for size in SIZES]


def _measured_apart(name: str, topics: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.bench_match", "--row", name, str(topics), folder]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=30 * PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"gave no answer in {30 * PATIENCE:g} s"}
    if run.returncode:
        return {"failed": (run.stderr.strip().splitlines() or ["failed"])[-1]}
    measured: dict[str, Any] = json.loads(run.stdout)
    return measured


def _shown(name: str, topics: int, row: dict[str, Any], first: float) -> str:
    begin = f"{name:<24}{topics or '':>8}"
    if "failed" in row:
        return f"{begin}  {row['failed']}"
    if not row["done"]:
        return f"{begin}  not one article in {PATIENCE:g} s"
    words = "" if not topics else f"{row['words']:,}"
    made = f"{row['made']:,.1f} s"
    peak = f"{row['peak']:,.0f} MiB"
    rate = 1e6 / row["micros"]
    shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    return f"{begin}{words:>8}{made:>10}{peak:>10}{shown:>12}{row['micros']:>10,.0f}{row['micros'] / first:>7.1f}×"


def _lines(paths: Sequence[str]) -> list[bytes]:
    """Articles spread evenly over the archives, each of which can be read."""
    decoder = Decoder()
    found: list[bytes] = []
    for path in paths:
        reader = LineReader(0)
        with open_lines(Path(path)) as file:
            while chunk := file.read1(CHUNK_BYTES):
                found += [line.text for line in reader.feed(chunk)]
    if not found:
        found = [line for line, _ in articles(MOST_ARTICLES, share=0.1, seed=1)]
    readable = []
    for line in found[:: max(1, len(found) // MOST_ARTICLES)]:
        try:
            decoder.decode(line)
        except InvalidArticle:
            continue
        readable.append(line)
    return readable[:MOST_ARTICLES]


def _vocabulary(lines: Sequence[bytes]) -> list[str]:
    seen: Counter[str] = Counter()
    for line in lines:
        seen.update(set(_WORD.findall(json.loads(line).get("body") or "")))
    return sorted(word for word, articles in seen.items() if articles >= FEWEST_ARTICLES)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--row"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]), sys.argv[4])))
    else:
        main(sys.argv[1:])
