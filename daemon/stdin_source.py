"""Standard input as a source: one partition, lines as they come.

What was read can be read again only from our memory, so lines are kept until nothing needs them. A daemon that is
killed loses the lines of its standard input that were not yet in Redis: use a file where that matters.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Mapping

from alerts.errors import Unavailable
from daemon.file_lines import CHUNK_BYTES, LineReader
from daemon.source import Committed, Fetched, Record

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
        self._reader = LineReader(0)
        self._chunks = asyncio.Queue[bytes | OSError]()
        self._room = threading.Semaphore(CHUNKS_AHEAD)
        self._ended = False
        self._paused = False
        self._loop = asyncio.get_running_loop()
        # A thread of its own: a read from a terminal cannot be cancelled, and must not hold up our end.
        threading.Thread(target=self._read_on, name="stdin", daemon=True).start()

    def assigned(self) -> frozenset[str]:
        return frozenset((self._partition,))

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
        return self._ended and self._next >= len(self._lines)

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | None:
        if self._paused:
            await asyncio.sleep(timeout_seconds)
            return None
        if self._next >= len(self._lines) and not self._ended:
            try:
                async with asyncio.timeout(timeout_seconds):
                    while self._next >= len(self._lines) and not self._ended:
                        self._take(await self._chunks.get())
            except TimeoutError:
                return None
        while not self._ended and not self._chunks.empty() and len(self._lines) - self._next < max_records:
            self._take(self._chunks.get_nowait())
        return self._batch(max_records)

    def _batch(self, max_records: int) -> Fetched | None:
        begin, taken = self._position, 0
        records: list[Record] = []
        while self._next < len(self._lines) and len(records) < max_records and taken < MAX_BATCH_BYTES:
            record = self._lines[self._next]
            self._next += 1
            records.append(record)
            taken += len(record.value or b"")
        if not records:
            return None
        following = self._lines[self._next].offset if self._next < len(self._lines) else self._reader.position
        self._position = following
        return Fetched(self._partition, begin, following, records)

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        kept = positions.get(self._partition)
        while kept and self._lines and self._next and self._lines[0].offset < kept.low:
            self._lines.popleft()
            self._next -= 1

    async def close(self) -> None:
        self._ended = True
        self._room.release()

    def _take(self, chunk: bytes | OSError) -> None:
        if isinstance(chunk, OSError):
            self._ended = True
            raise Unavailable(f"reading standard input: {chunk.strerror}") from chunk
        self._room.release()
        if not chunk:
            self._ended = True
            last = self._reader.last()
            lines = [] if last is None else [last]
        else:
            lines = list(self._reader.feed(chunk))
        for line in lines:
            text = line.text.removesuffix(b"\r")
            if text.strip():
                self._lines.append(Record(line.start, text, None, f"stdin@{line.start}"))

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
