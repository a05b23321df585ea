"""Where we stand in sources that keep nothing for us: ``positions.json`` in the state directory.

Replaced atomically and fsynced, so that after a crash it holds one whole older or newer state. A file that cannot
be read is refused, never taken for a first start. All sources share one ``Positions``, and save it from threads.
"""

import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from alerts.errors import Refused, Unavailable
from daemon.sources.file_durable import replace_durably, sweep_unfinished
from daemon.sources.source import Committed

FILE_NAME = "positions.json"


class Seen(msgspec.Struct, kw_only=True):
    """A file as it was when last looked at, to tell it from another under the same name."""

    partition: str  # the name that was drawn for it
    inode: int
    head_length: int  # how many first bytes ``head`` is a hash of
    head: str


class _Stored(msgspec.Struct):
    version: int = 1
    partitions: dict[str, tuple[int, int, str]] = {}  # checkpoint, low, incarnation
    files: dict[str, Seen] = {}


class Positions:
    """The content of the file, in memory until ``save``. Any thread may call anything."""

    def __init__(self, state_dir: Path) -> None:
        """Read what an earlier process left. Raises ``Refused`` where it cannot be read."""
        self._path = state_dir / FILE_NAME
        self._content = threading.Lock()
        self._saving = threading.Lock()
        sweep_unfinished(self._path)
        try:
            self._stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
        except FileNotFoundError:
            self._stored = _Stored()
        except (OSError, msgspec.DecodeError) as error:
            raise Refused(
                f"{self._path} cannot be read ({error}): restore it, or delete it, and every file is read again from "
                "its start; what is still remembered of it in Redis is not told again"
            ) from error
        if self._stored.version != 1:
            raise Refused(f"{self._path} was written by a newer version ({self._stored.version}): run that version")

    def get(self, partition: str) -> Committed | None:
        """What was last kept of a partition."""
        with self._content:
            kept = self._stored.partitions.get(partition)
        return None if kept is None else Committed(*kept)

    def put(self, positions: Mapping[str, Committed]) -> None:
        """Remember; ``save`` makes it durable."""
        with self._content:
            for partition, at in positions.items():
                self._stored.partitions[partition] = (at.checkpoint, at.low, at.incarnation)

    def seen(self, path: str) -> Seen | None:
        """The file that was last read under this name."""
        with self._content:
            return self._stored.files.get(path)

    def see(self, path: str, seen: Seen) -> None:
        """Remember which file is being read under this name."""
        with self._content:
            self._stored.files[path] = seen

    def forget(self, path: str, partition: str) -> None:
        """A partition that will never be read again."""
        with self._content:
            self._stored.partitions.pop(partition, None)
            seen = self._stored.files.get(path)
            if seen is not None and seen.partition == partition:
                del self._stored.files[path]

    def save(self) -> None:
        """Write and fsync. Raises ``Unavailable``."""
        with self._saving:  # one after the other, so that an older state never replaces a newer one
            with self._content:
                encoded = msgspec.json.encode(self._stored)
            try:
                replace_durably(self._path, msgspec.json.format(encoded))
            except OSError as error:
                raise Unavailable(
                    f"writing {self._path}: {error.strerror}. See that there is room and that this user may write there"
                ) from error
