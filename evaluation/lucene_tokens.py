"""Lucene's own analysers, run in Java, for comparison: what they make of words and texts."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from evaluation.surface_table import Row
from evaluation.tokens_inside import LANGUAGES, is_inside
from scripts.locked_jars import LockedJars

HOME = Path(__file__).parent / "lucene"
JARS = LockedJars(HOME, "lucene", "RASID_LUCENE_JARS")


def lucene_found(rows: Sequence[Row]) -> Sequence[bool] | str:
    """Whether each word's tokens are among those of its text; or what is missing here."""
    if shutil.which("java") is None:
        return "there is no java: apt-get install openjdk-17-jdk-headless"
    if not JARS.folder.is_dir():
        return "its jars are not here: python -m evaluation.lucene_tokens"
    lines = [_line(row, text) for row in rows for text in (row.word, row.text)]
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS.folder}/*", str(HOME / "Analyze.java")]
    done = subprocess.run(command, input="".join(lines), capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        return f"java could not run it (a JRE has no compiler, a JDK has): {done.stderr.strip()[-200:]}"
    told = [line.split("\t") if line else [] for line in done.stdout.split("\n")[: len(lines)]]
    return [is_inside(told[at], told[at + 1]) for at in range(0, len(told), 2)]


def _line(row: Row, text: str) -> str:
    return f"{LANGUAGES.get(row.kind, 'ar')}\t{' '.join(text.split())}\n"


if __name__ == "__main__":
    JARS.main()
