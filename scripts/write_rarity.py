"""``processors/stories/rarity.bin``, the table of rarities that ships, from archives of news.

    .venv/bin/python -m scripts.write_rarity ARCHIVE…

Archives are JSON lines of articles, also .gz, with ``lang``. Counted is how many reports of a language hold a key in
their opening; the largest share of any language is kept, and only of keys that three reports hold. No text is kept
and none can be had from the table: it holds a number for each bucket of hashes.
"""

import gzip
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from processors.entities.gazetteer import load_gazetteer
from processors.packs.builtin import entity_files
from processors.stories.boilerplate import report_of
from processors.stories.evidence import opening_keys
from processors.stories.known_names import KnownNames
from processors.stories.rarity import BUCKETS, bucket_of, step_of
from processors.stories.words import plain

TABLE = Path(__file__).parent.parent / "processors" / "stories" / "rarity.bin"

MIN_REPORTS = 3
"""That hold a key before it is counted: a name that one report had is as rare as one never seen."""

MIN_LANGUAGE = 300
"""Reports of a language before its shares mean anything."""


def reports(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """The articles of all archives."""
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for line in file:
                if line.strip():
                    yield json.loads(line)


def table(paths: list[Path]) -> tuple[bytes, Counter[str]]:
    """The table, and how many reports of each language it rests on."""
    names = KnownNames(load_gazetteer(entity_files()).strong_names())
    articles: Counter[str] = Counter()
    buckets: dict[str, Counter[int]] = {}
    for report in reports(paths):
        language = str(report.get("lang") or "")[:2]
        keys = opening_keys(plain(report.get("title") or ""), report_of(plain(report.get("body") or "")), names)
        if keys:
            articles[language] += 1
            buckets.setdefault(language, Counter()).update({bucket_of(key) for key in keys})
    steps = bytearray(BUCKETS)
    for language, counted in buckets.items():
        if articles[language] < MIN_LANGUAGE:
            continue
        for bucket, held in counted.items():
            if held >= MIN_REPORTS:
                step = step_of(-math.log(held / articles[language]))
                steps[bucket] = min(steps[bucket] or step, step)
    return bytes(steps), articles


def main(arguments: list[str]) -> int:
    """Write the table anew; exit status 2 without an archive."""
    paths = [Path(argument) for argument in arguments]
    absent = [str(path) for path in paths if not path.is_file()]
    if not paths or absent:
        sys.stderr.write(f"usage: python -m scripts.write_rarity ARCHIVE… (absent: {', '.join(absent) or 'none'})\n")
        return 2
    steps, articles = table(paths)
    TABLE.write_bytes(steps)
    counted = ", ".join(f"{number} in {language or 'no language'}" for language, number in articles.most_common())
    sys.stdout.write(f"{TABLE.name}: {sum(map(bool, steps))} of {BUCKETS} buckets, from reports: {counted}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
