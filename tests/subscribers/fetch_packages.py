"""Fetch what JavaScript subscribers verify with: ``python -m tests.subscribers.fetch_packages``.

Once, by the hashes of the lock. ``--lock`` writes that anew after a change of ``package.json``, without any registry's
address. The folder is ``RASID_NODE_PACKAGES``, or one in the user's cache, named after the lock, so that a change of it
fetches again. Go compiles its standard library once for all, which is done here too where there is Go: a test should
not wait for it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"

GO_PACKAGES = ("bufio", "crypto/ed25519", "crypto/hmac", "crypto/sha256", "encoding/base64", "encoding/json", "fmt")
"""What docs/receive.md and its driver import."""


def packages_folder() -> Path:
    """Where ``node_modules`` is, or will be."""
    if told := os.environ.get("RASID_NODE_PACKAGES"):
        return Path(told)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "rasid" / f"node-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def go_program() -> str | None:
    """The Go of this machine, also where its installer put it."""
    return shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


def fetch() -> None:
    """See that the folder holds the locked packages; ends the program where that cannot be."""
    folder = packages_folder()
    if not (folder / "complete").exists():
        with tempfile.TemporaryDirectory() as fresh:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, fresh)
            # It refuses what does not have the hash of the lock, and runs nothing that a package brings.
            _npm("ci", "--ignore-scripts", folder=Path(fresh))
            (Path(fresh) / "complete").touch()
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(fresh, folder)
    if (go := go_program()) is not None:
        subprocess.run([go, "build", *GO_PACKAGES], check=True)


def write_lock() -> None:
    """The lock anew."""
    _npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved", folder=HERE)


def _npm(*arguments: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm fetches what JavaScript subscribers verify with: apt-get install nodejs npm")
    subprocess.run([npm, *arguments, "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


if __name__ == "__main__":
    write_lock() if sys.argv[1:] == ["--lock"] else fetch()
