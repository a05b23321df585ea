"""One input of a publish, read and unpacked ahead in a thread of its own.

Neither a slow pipe nor a slow disk holds up what is being sent.
"""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path
from stat import S_ISREG
from typing import Any

from daemon.publish.place import HEAD_BYTES, Reached, kept_length, known_again, lines_before
from daemon.sources.file_lines import CHUNK_BYTES, Line, LineReader, open_lines

CHUNKS_AHEAD = 4
"""One MiB read before it is needed: enough for reading and sending to overlap."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    data: bytes
    packed: int  # bytes of the file read so far, as they lie on disk; 0 where that cannot be told


@dataclass(frozen=True, slots=True)
class Begun:
    """How an input was found."""

    regular: bool  # a file, so that another run can go on in it
    size: int  # as it lies on disk
    head: bytes
    replaced: bool  # it is not the file that was read before


class Reading:
    """Lines of the input at ``path``, from ``reached`` on where it still is the file that was read so far."""

    def __init__(self, path: Path, reached: Reached | None) -> None:
        self._path = path
        self._reached = reached
        self._loop = asyncio.get_running_loop()
        self._begun: asyncio.Future[Begun] = self._loop.create_future()
        self._coming = asyncio.Queue[_Chunk | Exception | None]()
        self._room = threading.Semaphore(CHUNKS_AHEAD)
        self._closed = False
        self._packed = self._unpacked = 0
        self.ended_whole = True  # False: the line given last was the end of the input, and had no line end
        # A read from a pipe cannot be cancelled, and must not hold up our end.
        threading.Thread(target=self._read, name=f"reading {path.name}", daemon=True).start()

    async def begin(self) -> Begun:
        """Open it. Raises ``READ_ERRORS``."""
        begun = await self._begun
        if begun.replaced:
            self._reached = None
        return begun

    async def lines(self) -> AsyncGenerator[Line, None]:
        """After ``begin``. Numbers are those of the whole file. Raises ``READ_ERRORS``."""
        position, before = 0, 0
        if self._reached is not None:
            position, before = self._reached.position, lines_before(self._reached)
        reader = LineReader(position)
        while (chunk := await self._coming.get()) is not None:
            self._room.release()
            if isinstance(chunk, Exception):
                raise chunk
            for line in reader.feed(chunk.data):
                yield Line(line.start, line.end, line.text, line.number + before)
            self._packed, self._unpacked = chunk.packed, reader.position + reader.unfinished
        last = reader.last()
        if last is not None:
            self.ended_whole = False
            yield Line(last.start, last.end, last.text, last.number + before)

    def packed(self, position: int) -> float:
        """About where ``position`` is in the file as it lies on disk."""
        return position * self._packed / self._unpacked if self._unpacked else 0.0

    def close(self) -> None:
        """Nothing more is wanted."""
        self._closed = True
        self._room.release()

    def _read(self) -> None:
        try:
            with open_lines(self._path) as file:
                self._call(self._begun.set_result, self._begin(file))
                while not self._closed:
                    self._room.acquire()
                    chunk = file.read1(CHUNK_BYTES)
                    if not chunk:
                        break
                    self._call(self._coming.put_nowait, _Chunk(chunk, _packed(file)))
            self._call(self._coming.put_nowait, None)
        except Exception as error:  # whatever it is, somebody waits to hear of it
            self._call(self._failed, error)

    def _failed(self, error: Exception) -> None:
        if self._begun.done():
            self._coming.put_nowait(error)
        else:
            self._begun.set_exception(error)

    def _begin(self, file: BufferedReader | GzipFile) -> Begun:
        stat = os.fstat(file.fileno())
        if not S_ISREG(stat.st_mode):
            return Begun(regular=False, size=0, head=b"", replaced=False)
        head, reached = _exactly(file, HEAD_BYTES), self._reached
        known = False
        if reached is not None:
            file.seek(reached.line_start)
            known = known_again(reached, head, _exactly(file, kept_length(reached)))
        file.seek(reached.position if reached is not None and known else 0)
        return Begun(regular=True, size=stat.st_size, head=head, replaced=reached is not None and not known)

    def _call(self, function: Callable[[Any], object], value: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, value)
        except RuntimeError:
            self._closed = True  # the loop is closed: so are we


def _exactly(file: BufferedReader | GzipFile, length: int) -> bytes:
    """So many bytes, fewer only at the end."""
    parts: list[bytes] = []
    while length and (part := file.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _packed(file: BufferedReader | GzipFile) -> int:
    on_disk: Any = file.fileobj if isinstance(file, GzipFile) else file
    try:
        at: int = on_disk.tell()
    except OSError:  # a pipe
        return 0
    return at
