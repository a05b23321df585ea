"""Whether the file under a name is the one that was read under it before."""

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG

from daemon.sources.file_lines import GZIP_MAGIC
from daemon.sources.file_positions import Seen

HEAD_BYTES = 1024
"""First bytes by which a file is known again."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a file."""

    data: bytes

    @property
    def identifies(self) -> bool:
        """Whether it is enough to know a growing file by: its first line, or as much as we keep."""
        return len(self.data) == HEAD_BYTES or b"\n" in self.data or self.compressed

    @property
    def compressed(self) -> bool:
        """Positions count uncompressed bytes there."""
        return self.data.startswith(GZIP_MAGIC)

    def hash(self, length: int) -> str:
        """Of its first ``length`` bytes."""
        return blake2b(self.data[:length], digest_size=16).hexdigest()


def matching(pattern: str) -> Sequence[str]:
    """Paths that fit, in order; whatever can be told to be no file is left out."""
    return sorted(os.path.abspath(path) for path in glob.glob(pattern, recursive=True) if not _is_other(path))  # noqa: PTH100, PTH207


def first_bytes(path: str) -> tuple[Head, os.stat_result]:
    """How a file begins, and what the system says of it. Raises ``OSError``."""
    with Path(path).open("rb") as file:
        return Head(file.read(HEAD_BYTES)), os.fstat(file.fileno())


def seen_of(head: Head, stat: os.stat_result, partition: str) -> Seen:
    """What is kept of a file, to know it again."""
    length = len(head.data)
    return Seen(partition=partition, inode=stat.st_ino, head_length=length, head=head.hash(length))


def same(head: Head, stat: os.stat_result, known: Seen, reached: int) -> bool:
    """Whether this is the file we know, perhaps grown, or a copy of it; ``reached`` is how far that was read.

    Another inode with a short head is a copy only where no more was read than that head: of two files that begin
    alike, the second is then not begun in its middle.
    """
    if len(head.data) < known.head_length or head.hash(known.head_length) != known.head:
        return False
    if not head.compressed and stat.st_size < reached:
        return False
    return stat.st_ino == known.inode or known.head_length == HEAD_BYTES or known.head_length >= reached


def _is_other(path: str) -> bool:
    try:
        return not S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return False
