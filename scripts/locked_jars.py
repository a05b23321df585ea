"""Java libraries for tests and measurements: fetched by Maven once, checked by hash, kept in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LockedJars:
    """The jars of one ``pom.xml``, and the file of their hashes beside it."""

    home: Path  # holds pom.xml and jars.sha256
    name: str  # of the folder in the cache, before a part of the lock's own hash
    told_by: str  # the environment variable that names another folder

    @property
    def lock(self) -> Path:
        """Where the hashes are."""
        return self.home / "jars.sha256"

    @property
    def folder(self) -> Path:
        """Where the jars are, or will be: a change of the hashes is another folder."""
        if told := os.environ.get(self.told_by):
            return Path(told)
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cache / "rasid" / f"{self.name}-{hashlib.sha256(self.lock.read_bytes()).hexdigest()[:12]}"

    def locked(self) -> dict[str, str]:
        """Name → hash, as committed."""
        return {name: digest for digest, name in (line.split() for line in self.lock.read_text().splitlines())}

    def fetch(self) -> None:
        """See that the folder holds exactly the locked jars; ends the program where that cannot be."""
        if self.folder.is_dir() and hashes(self.folder) == self.locked():
            return
        with tempfile.TemporaryDirectory() as fresh:
            self._download(Path(fresh))
            if (found := hashes(Path(fresh))) != self.locked():
                odd = sorted({name for name, _ in found.items() ^ self.locked().items()})
                sys.exit(f"these jars are not the ones in {self.lock.name}: {', '.join(odd)}")
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.copytree(fresh, self.folder)

    def write_lock(self) -> None:
        """The hashes anew, after a change of ``pom.xml``."""
        with tempfile.TemporaryDirectory() as fresh:
            self._download(Path(fresh))
            lines = [f"{digest}  {name}\n" for name, digest in hashes(Path(fresh)).items()]
        self.lock.write_text("".join(lines))

    def main(self) -> None:
        """The command line: ``--lock`` writes the hashes, nothing fetches."""
        if sys.argv[1:] == ["--lock"]:
            self.write_lock()
        else:
            self.fetch()

    def _download(self, target: Path) -> None:
        if shutil.which("mvn") is None:
            sys.exit(f"Maven fetches the jars of {self.name}: apt-get install maven")
        command = ["mvn", "-B", "-q", "-f", str(self.home / "pom.xml"), "dependency:copy-dependencies"]
        subprocess.run([*command, "-DincludeScope=runtime", f"-DoutputDirectory={target}"], check=True)


def hashes(folder: Path) -> dict[str, str]:
    """Name → hash of the jars in a folder."""
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in sorted(folder.glob("*.jar"))}
