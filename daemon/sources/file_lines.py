"""Lines of a file, plain or gzip, with their byte positions in the uncompressed text. Memory stays flat.

Blank lines are passed over, many at once, so that a file full of them costs no more than any other.
A line longer than a record may be is cut: what is handed on is just long enough to be refused as too long.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path

from daemon.sources.decode import MAX_BYTES

STANDARD_INPUT = "-"
"""Where names of files are given."""

CHUNK_BYTES = 256 * 1024
"""Read at once: large enough that system calls cost nothing, small enough to take about a millisecond."""

KEPT_OF_A_LINE = MAX_BYTES + 1

_BLANK_OR_LINE = re.compile(rb"(\s*\n)|[^\n]*+\n")
"""From the start of a line: all blank lines up to the next that is not, else one line."""

GZIP_MAGIC = b"\x1f\x8b"

DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error)
"""What reading a damaged gzip file raises."""

READ_ERRORS = (OSError, *DAMAGED)
"""What reading any file may raise."""


def why_unread(error: Exception) -> str:
    """One of ``READ_ERRORS`` in words, and what to do where that is known."""
    if isinstance(error, IsADirectoryError):
        return "it is a folder: name the files in it"
    return getattr(error, "strerror", None) or str(error)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. Never blank."""

    start: int
    end: int  # where the next line begins
    text: bytes
    number: int  # from 1, blank lines counted


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


def stored_position(file: BufferedReader | GzipFile) -> int:
    """How far ``open_lines``'s file was read, in bytes as they are stored: of gzip before unpacking."""
    return file.stored_position if isinstance(file, _OwningGzip) else file.tell()


class _OwningGzip(GzipFile):
    """Closes the file that it reads."""

    def __init__(self, raw: BufferedReader) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._raw = raw

    @property
    def stored_position(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._raw.close()


class LineReader:
    """Cuts what it is fed into lines. Holds one unfinished line at most, and of that no more than is kept."""

    def __init__(self, position: int) -> None:
        self.position = position  # where the next line begins
        self._number = 0  # of the line before
        self._parts: list[bytes] = []
        self._kept = 0
        self._length = 0

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """Every line that ends in ``chunk``, found as it is asked for. Consume the whole before feeding more."""
        at = 0
        if self._length and (at := chunk.find(b"\n") + 1):
            self._hold(chunk[: at - 1])
            yield from self._take(1)
        if not self._length:
            while found := _BLANK_OR_LINE.match(chunk, at):
                begin, at = at, found.end()
                if found[1] is None:
                    self._hold(chunk[begin : at - 1])
                    yield from self._take(1)
                else:
                    self.position += at - begin
                    self._number += chunk.count(b"\n", begin, at)
        self._hold(chunk[at:])

    def last(self) -> Line | None:
        """What remains at the end of a file that will not grow."""
        return next(self._take(0), None) if self._length else None

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

    def _take(self, line_end: int) -> Iterator[Line]:
        start, length = self.position, self._length
        self.position = start + length + line_end
        self._number += 1
        text = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._kept, self._length = [], 0, 0
        if length > KEPT_OF_A_LINE or not text.isspace():
            yield Line(start, self.position, text, self._number)
