"""Lines of a file, plain or gzip, with their byte positions in the uncompressed text. Memory stays flat.

A line longer than a record may be is cut: what is handed on is just long enough to be refused as too long.
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path

from daemon.decode import MAX_BYTES

CHUNK_BYTES = 256 * 1024
"""Read at once: large enough that system calls cost nothing, small enough to take about a millisecond."""

KEPT_OF_A_LINE = MAX_BYTES + 1

GZIP_MAGIC = b"\x1f\x8b"

DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error)
"""What reading a damaged gzip file raises."""

READ_ERRORS = (OSError, *DAMAGED)
"""What reading any file may raise."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end."""

    start: int
    end: int  # where the next line begins
    text: bytes
    finished: bool = True  # False: the file ends here without a line end


def open_lines(path: Path) -> BufferedReader | GzipFile:
    """Open for reading; gzip is known by its first bytes, not by its name."""
    raw = path.open("rb")
    try:
        if raw.peek(2)[:2] != GZIP_MAGIC:
            return raw
    except BaseException:
        raw.close()
        raise
    return _OwningGzip(raw)


class _OwningGzip(GzipFile):
    """Closes the file that it reads."""

    def __init__(self, raw: BufferedReader) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._raw = raw

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._raw.close()


class LineReader:
    """Cuts what it is fed into lines. Holds one unfinished line at most, and of that no more than is kept."""

    def __init__(self, position: int) -> None:
        self.position = position  # where the next line begins
        self._parts: list[bytes] = []
        self._kept = 0
        self._length = 0

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """Every line that ends in ``chunk``. Consume the whole before feeding more."""
        first, *rest = chunk.split(b"\n")
        self._hold(first)
        for following in rest:
            yield self._take(1)
            self._hold(following)

    def last(self) -> Line | None:
        """What remains at the end of a file that will not grow."""
        return self._take(0) if self._length else None

    @property
    def unfinished(self) -> int:
        """Bytes held of a line whose end has not come."""
        return self._length

    def _hold(self, part: bytes) -> None:
        self._length += len(part)
        room = KEPT_OF_A_LINE - self._kept
        if room > 0 and part:
            self._parts.append(part[:room])
            self._kept += len(self._parts[-1])

    def _take(self, line_end: int) -> Line:
        start = self.position
        self.position = start + self._length + line_end
        text = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._kept, self._length = [], 0, 0
        return Line(start, self.position, text, finished=bool(line_end))
