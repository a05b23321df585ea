"""Standard input as a source: one partition, lines as they come.

What was read can be read again only from our memory, so every line is kept from the first one that an unfinished
delivery still needs: while a receiver does not answer, memory grows with what comes. A daemon that is killed loses the
lines of its standard input that were not yet in Redis. Use a file where either matters.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress

from alerts.errors import Unavailable
from daemon.sources.file_lines import CHUNK_BYTES, Line, LineReader
from daemon.sources.source import Committed, Fetched, Record

CHUNKS_AHEAD = 4
"""Read from the pipe before anyone asked, so that reading and matching overlap; one MiB."""

MAX_BATCH_BYTES = 1024 * 1024


class StdinSource:
    """A ``Source`` over a file descriptor. ``partition`` must be new for each run: the stream is."""

    def __init__(self, descriptor: int, *, partition: str) -> None:
        self._partition = partition
        self._descriptor = descriptor
        self._lines = deque[Record]()  # read and perhaps needed again
        self._next = 0  # number in ``_lines`` of the next to hand out
        self._position = 0
        self._end = 0  # where the stream ended, once it has
        self._reader = LineReader(0)
        self._coming: Iterator[Line] = iter(())  # of the chunk taken last
        self._chunks = asyncio.Queue[bytes | OSError]()
        self._room = threading.Semaphore(CHUNKS_AHEAD)
        self._ended = False  # nothing more comes; some may still be in ``_coming``
        self._error: OSError | None = None
        self._paused = False
        self._loop = asyncio.get_running_loop()
        # A thread of its own: a read from a terminal cannot be cancelled, and must not hold up our end.
        threading.Thread(target=self._read_on, name="stdin", daemon=True).start()

    def assigned(self) -> Mapping[str, int]:
        return {self._partition: 0}

    async def committed(self, partition: str) -> Committed | None:
        return None

    async def start(self, partition: str) -> int:
        return 0

    def seek(self, partition: str, offset: int) -> None:
        self._next = next((n for n, line in enumerate(self._lines) if line.offset >= offset), len(self._lines))
        self._position = offset

    def position(self, partition: str) -> int:
        return self._position

    def pause(self, paused: bool) -> None:
        self._paused = paused

    def ended(self) -> bool:
        return self._ended and self._next >= len(self._lines) and self._position >= self._end

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | None:
        if self._paused:
            await asyncio.sleep(timeout_seconds)
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while (fetched := self._batch(max_records)) is None and not self._ended:
                    self._take(await self._chunks.get())
                if fetched is not None:
                    return fetched
        if self._error is not None:  # all that came before it was handed on
            error, self._error = self._error, None
            raise Unavailable(f"reading standard input: {error.strerror}") from error
        return None

    def _batch(self, max_records: int) -> Fetched | None:
        """What has come already; blank lines make an empty batch, so that no more than a batch is passed at once."""
        begin = self._position
        records: list[Record] = []
        while len(records) < max_records and self._position - begin < MAX_BATCH_BYTES:
            if self._next < len(self._lines) or self._cut_one():
                record = self._lines[self._next]
                self._next += 1
                records.append(record)
                following = self._next < len(self._lines)
                self._position = self._lines[self._next].offset if following else self._reader.position
                continue
            self._position = self._reader.position
            if self._chunks.empty():
                break
            self._take(self._chunks.get_nowait())
        return Fetched(self._partition, begin, self._position, records) if self._position != begin else None

    def _cut_one(self) -> bool:
        """Cut one more line from the chunk at hand."""
        line = next(self._coming, None)
        if line is None:
            return False
        self._lines.append(Record(line.start, line.text.removesuffix(b"\r"), None, f"stdin@{line.start}"))
        return True

    def ends(self) -> Mapping[str, int]:
        return {}

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        kept = positions.get(self._partition)
        while kept and self._lines and self._next and self._lines[0].offset < kept.low:
            self._lines.popleft()
            self._next -= 1

    async def close(self) -> None:
        self._ended = True
        self._room.release()

    def _take(self, chunk: bytes | OSError) -> None:
        self._room.release()
        if isinstance(chunk, OSError):
            self._error = chunk
        elif chunk:
            self._coming = self._reader.feed(chunk)
            return
        self._ended = True
        last = self._reader.last()
        if last is not None:
            self._coming = iter((last,))
        self._end = self._reader.position

    def _read_on(self) -> None:
        while not self._ended:
            self._room.acquire()
            chunk: bytes | OSError
            try:
                chunk = os.read(self._descriptor, CHUNK_BYTES)
            except OSError as error:
                chunk = error
            try:
                self._loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)
            except RuntimeError:
                return  # the loop is closed: so are we
            if not chunk or isinstance(chunk, OSError):
                return
