"""How far a publish has come in each file, kept beside the files so that another run goes on from there.

A line is *settled* when Kafka has acknowledged it, or when it was told of as invalid; only a whole run of settled lines
from the start of a file counts. One process at a time holds a journal.
"""

import fcntl
import os
from pathlib import Path

import msgspec

from alerts.errors import Refused, Unavailable
from daemon.publish.place import Reached
from daemon.sources.file_durable import replace_durably, sweep_unfinished

VERSION = 1


class _Stored(msgspec.Struct):
    version: int = VERSION
    cluster: str = ""  # Kafka's id of it
    topic: str = ""
    acknowledged: dict[int, int] = {}  # the last offset of each partition that was given to us
    files: dict[str, Reached] = {}


class Journal:
    """What one run leaves for the next. In memory until ``save``."""

    def __init__(self, path: Path, topic: str) -> None:
        """Read what an earlier run left. Raises ``Refused`` where it cannot be read, or is about another topic."""
        self.path = path
        self._lock = -1
        self._remedy = f"Name another file with --resume, or delete it, and {topic} gets every line again"
        self._stored = self._read(topic)

    def _read(self, topic: str) -> _Stored:
        try:
            stored = msgspec.json.decode(self.path.read_bytes(), type=_Stored)
        except FileNotFoundError:
            return _Stored(topic=topic)
        except (OSError, msgspec.DecodeError) as error:
            raise Refused(f"{self.path} cannot be read ({error}). {self._remedy}") from error
        if stored.version != VERSION:
            raise Refused(f"{self.path} was written by a newer version ({stored.version}): run that version")
        if stored.topic != topic:
            raise Refused(f"{self.path} says how far {stored.topic} is, not {topic}. {self._remedy}")
        return stored

    def hold(self) -> None:
        """Keep other processes out until ``release``, and read again what one left meanwhile. Raises ``Refused``."""
        path = Path(f"{self.path}.lock")
        try:
            while True:
                self._lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_still(path, self._lock):
                    break
                os.close(self._lock)  # its holder removed it just now
        except BlockingIOError:
            os.close(self._lock)
            raise Refused(f"another publish goes on with {self.path}: wait for it, or name another file") from None
        except OSError as error:
            raise Refused(
                f"{path}: {error.strerror}. Name a file where this user may write with --resume, or use --no-resume"
            ) from error
        sweep_unfinished(self.path)
        self._stored = self._read(self._stored.topic)

    def release(self) -> None:
        """Let others in."""
        if self._lock >= 0:
            Path(f"{self.path}.lock").unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1

    @property
    def cluster(self) -> str:
        """Of which cluster all this is true; empty where nothing was ever sent."""
        return self._stored.cluster

    @cluster.setter
    def cluster(self, cluster: str) -> None:
        self._stored.cluster = cluster

    @property
    def acknowledged(self) -> dict[int, int]:
        """The last offset of each partition that Kafka ever gave us. Change it in place."""
        return self._stored.acknowledged

    def reached(self, path: str) -> Reached | None:
        """How far the file of this absolute path is settled."""
        return self._stored.files.get(path)

    def settle(self, path: str, reached: Reached) -> None:
        """Remember; ``save`` makes it durable."""
        self._stored.files[path] = reached

    def save(self) -> None:
        """Write and fsync. Raises ``Unavailable``."""
        try:
            replace_durably(self.path, msgspec.json.format(msgspec.json.encode(self._stored)) + b"\n")
        except OSError as error:
            raise Unavailable(f"writing {self.path}: {error.strerror}. See that there is room") from error


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether ``path`` leads to what is open here."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    ours = os.fstat(descriptor)
    return (found.st_dev, found.st_ino) == (ours.st_dev, ours.st_ino)
