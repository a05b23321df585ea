"""Where we stand in sources that keep nothing for us: ``positions.json`` in the state directory.

Replaced atomically and fsynced, so that after a crash it holds one whole older or newer state. A file that cannot
be read is refused, never taken for a first start.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from alerts.errors import Refused, Unavailable
from daemon.source import Committed

FILE_NAME = "positions.json"


class Seen(msgspec.Struct, kw_only=True):
    """A file as it was when last looked at, to tell it from another under the same name."""

    generation: int
    inode: int
    head_length: int  # how many first bytes ``head`` is a hash of
    head: str


class _Stored(msgspec.Struct):
    version: int = 1
    partitions: dict[str, tuple[int, int, str]] = {}  # checkpoint, low, incarnation
    files: dict[str, Seen] = {}


class Positions:
    """The content of the file, in memory until ``save``."""

    def __init__(self, state_dir: Path) -> None:
        """Read what an earlier process left. Raises ``Refused`` where it cannot be read."""
        self._path = state_dir / FILE_NAME
        try:
            self._stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
        except FileNotFoundError:
            self._stored = _Stored()
        except (OSError, msgspec.DecodeError) as error:
            raise Refused(
                f"{self._path} cannot be read ({error}): restore it, or delete it to go on from the positions in Redis"
            ) from error
        if self._stored.version != 1:
            raise Refused(f"{self._path} was written by a newer version ({self._stored.version}): run that version")

    def get(self, partition: str) -> Committed | None:
        """What was last kept of a partition."""
        kept = self._stored.partitions.get(partition)
        return None if kept is None else Committed(*kept)

    def put(self, positions: Mapping[str, Committed]) -> None:
        """Remember; ``save`` makes it durable."""
        for partition, at in positions.items():
            self._stored.partitions[partition] = (at.checkpoint, at.low, at.incarnation)

    def seen(self, path: str) -> Seen | None:
        """The file that was last read under this name."""
        return self._stored.files.get(path)

    def see(self, path: str, seen: Seen) -> None:
        """Remember which file is being read under this name."""
        self._stored.files[path] = seen

    def forget(self, partition: str) -> None:
        """A partition that will never be read again."""
        self._stored.partitions.pop(partition, None)

    def save(self) -> None:
        """Write and fsync. Raises ``Unavailable``."""
        data = msgspec.json.format(msgspec.json.encode(self._stored))
        fresh = self._path.with_suffix(".tmp")
        try:
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise Unavailable(f"writing {self._path}: {error.strerror}") from error
