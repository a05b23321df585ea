"""Fetch the broker's jars into a folder, once, and check each by its hash: ``python -m tests.kafka.fetch_jars``.

``--lock`` writes the hashes anew after a change of ``pom.xml``. The folder is ``RASID_KAFKA_JARS``, or one in the
user's cache, named after the hashes, so that a change of them fetches again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "jars.sha256"


def jars_folder() -> Path:
    """Where the jars are, or will be."""
    if told := os.environ.get("RASID_KAFKA_JARS"):
        return Path(told)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "rasid" / f"kafka-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def hashes(folder: Path) -> dict[str, str]:
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in sorted(folder.glob("*.jar"))}


def locked() -> dict[str, str]:
    return {name: digest for digest, name in (line.split() for line in LOCK.read_text().splitlines())}


def fetch(target: Path) -> None:
    """All jars of ``pom.xml`` into ``target``."""
    if shutil.which("mvn") is None:
        sys.exit("the tests need Maven to fetch Kafka: apt-get install maven")
    command = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
    subprocess.run([*command, "-DincludeScope=runtime", f"-DoutputDirectory={target}"], check=True)


def main() -> None:
    if sys.argv[1:] == ["--lock"]:
        with tempfile.TemporaryDirectory() as fresh:
            fetch(Path(fresh))
            lines = [f"{digest}  {name}\n" for name, digest in hashes(Path(fresh)).items()]
        LOCK.write_text("".join(lines))
        return
    folder = jars_folder()
    if folder.is_dir() and hashes(folder) == locked():
        return
    with tempfile.TemporaryDirectory() as fresh:
        fetch(Path(fresh))
        if (found := hashes(Path(fresh))) != locked():
            odd = sorted(found.items() ^ locked().items())
            sys.exit(f"these jars are not the ones in {LOCK.name}: {', '.join(sorted({name for name, _ in odd}))}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(fresh, folder)


if __name__ == "__main__":
    main()
