"""One file of a file source: opened when it is read, read on from a position, closed when nothing is left."""

import os
from collections.abc import Iterator, Sequence
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path

from daemon.sources.file_lines import CHUNK_BYTES, READ_ERRORS, Line, LineReader, open_lines
from daemon.sources.source import Committed, Record

NO_TIME_BEFORE_MS = 946_684_800_000
"""The year 2000. Tools that make archives the same each time they make them date files to their format's zero."""


class OpenFile:
    """Reads lines as records. Blank lines are skipped, but the position passes them.

    Only ``read`` touches the file, so that only it raises: ``OSError``, or ``file_lines.DAMAGED``.
    """

    def __init__(self, path: str, inode: int, *, follow: bool) -> None:
        self.path = path
        self.inode = inode
        self.position = 0  # where the next fetch begins
        self.replaced = False  # another file has our name: read on to the end of this one
        self.trouble = ""  # why it cannot be read just now
        self.waits = False  # after trouble, until somebody looks again
        self._follow = follow
        self._file: BufferedReader | GzipFile | None = None
        self._reader = LineReader(0)
        self._lines: Iterator[Line] = iter(())  # of the chunk read last
        self._size = -1  # when somebody last looked
        self._written_ms: int | None = None  # when the file was written to last, as of the chunk read last
        self._skip = 0  # of what comes, passed already: gzip can only be read from its start
        self._error: Exception | None = None  # to be raised by the next read
        self._exhausted = False
        self._damaged = False
        self._lost = False

    @property
    def at_end(self) -> bool:
        """Whether nothing is left to read just now."""
        return self._exhausted or self._damaged or self._lost

    @property
    def is_open(self) -> bool:
        """Whether it holds a file descriptor."""
        return self._file is not None

    def give_up(self) -> None:
        """Nothing behind this position can be read; after a seek back it is tried again."""
        self._damaged = True

    def lose(self) -> None:
        """What was in this file is nowhere any more."""
        self._lost = True
        self.close()

    def close(self) -> None:
        """Let go of the file; reading goes on from ``position`` where it is opened again."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def failed(self, reason: str) -> None:
        """Reading raised: begin at the position again when somebody has looked."""
        self.trouble, self.waits = reason, True
        if not self.replaced:  # a renamed file could not be opened again
            self.close()
        self._place()

    def grew(self, size: int) -> None:
        """Somebody looked and saw this size: if it was closed at its end, there may be more now."""
        if self._exhausted and not self.is_open and size != self._size:
            self._place()
        self._size = size

    def moved_to(self, inode: int) -> None:
        """The same content is another file now: read on there."""
        self.inode = inode
        self.close()
        self._place()

    def deleted(self) -> bool:
        """Whether nobody but us can reach it any more."""
        return self._file is not None and os.fstat(self._file.fileno()).st_nlink == 0

    def done(self, committed: Committed | None) -> bool:
        """Whether a replaced file was read to its end and nothing needs it any more."""
        return self.replaced and self.at_end and committed is not None and committed.low >= self.position

    def seek(self, offset: int) -> None:
        """Read on from a line's start. Backwards in gzip this reads the file again from its start."""
        if offset != self.position:
            self.position = offset
            self._place()

    def read(self, max_records: int, max_bytes: int) -> Sequence[Record]:
        """The next records; none where nothing has come yet. Passes about ``max_bytes`` at most, blank or not."""
        if self._damaged or self._lost or (self._exhausted and not self.is_open):
            return ()
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        records: list[Record] = []
        begin, fed = self.position, 0
        shown = shown_path(self.path)
        while len(records) < max_records and self.position - begin < max_bytes:
            line = next(self._lines, None)
            if line is not None:
                self.position = line.end
                text, origin = line.text.removesuffix(b"\r"), f"{shown}@{line.start}"
                records.append(Record(line.start, text, None, origin, written_ms=self._written_ms))
                continue
            self.position = self._reader.position  # behind blank lines, too
            if fed >= max_bytes:
                break
            try:
                more = self._more()
            except READ_ERRORS as error:
                if self.position == begin:
                    raise
                self._error = error  # first what came before it
                break
            if not more:
                break
            fed += more
        self.trouble = ""
        return records

    def _more(self) -> int:
        """Read a chunk; 0 where there is none."""
        file = self._file or self._open()
        try:
            chunk = file.read1(CHUNK_BYTES)  # of a damaged file, all that comes before the damage
        except EOFError:
            if not self._follow or self.replaced:
                raise
            # A gzip that is still being written has no end yet: it is opened again, and passed to here, once it grew.
            self._exhausted = True
            self.close()
            return 0
        if chunk:
            self._exhausted = False
            self._written_ms = written_ms(os.fstat(file.fileno()).st_mtime_ns)
            passed = min(self._skip, len(chunk))
            self._skip -= passed
            self._lines = self._reader.feed(chunk[passed:])
            return len(chunk)
        if self._follow and not self.replaced:
            self._exhausted = True  # for now
            return 0
        last = self._reader.last()
        if last is not None:
            self._lines = iter((last,))
            return 1
        self._exhausted = True
        if not self.replaced:  # a renamed file could not be opened again, should it be needed
            self.close()
        return 0

    def _open(self) -> BufferedReader | GzipFile:
        file = open_lines(Path(self.path))
        if os.fstat(file.fileno()).st_ino != self.inode:
            file.close()
            raise FileNotFoundError("another file has its name now")
        self._file = file
        self._place()
        return file

    def _place(self) -> None:
        self._reader = LineReader(self.position)
        self._lines = iter(())
        self._error = None
        self._exhausted = self._damaged = False
        self._skip = 0
        if isinstance(self._file, GzipFile):
            self._file.seek(0)
            self._skip = self.position
        elif self._file is not None:
            self._file.seek(self.position)


def written_ms(modified_ns: int) -> int | None:
    """When a file was last written to, in ms; None where that says nothing (``NO_TIME_BEFORE_MS``)."""
    at_ms = modified_ns // 1_000_000
    return at_ms if at_ms >= NO_TIME_BEFORE_MS else None


def shown_path(path: str) -> str:
    """The path in UTF-8, for people, logs and keys; what is no UTF-8 in it is escaped."""
    return path.encode(errors="backslashreplace").decode()
