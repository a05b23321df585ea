"""A source that remembers how it does, for people: whether it answers, and when its last record came."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from alerts.errors import Unavailable
from daemon.sources.file_source import FileSource
from daemon.sources.source import Committed, Fetched, Source, Vanished

_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class WatchedSource:
    """A ``Source`` that passes everything on to ``inner``. ``label`` is the one that metrics have."""

    label: str
    kind: str  # kafka, file, stdin
    inner: Source
    now_ms: Callable[[], int]
    connected: bool = False  # it answered, and to the last question too
    fails: str = ""  # why it does not answer
    last_record_ms: int | None = None  # when the last record was appended, as far as the source knows
    last_read_ms: int | None = None  # when it was read

    async def _asked(self, question: Awaitable[_Answer]) -> _Answer:
        try:
            answer = await question
        except Unavailable as error:
            self.connected, self.fails = False, str(error)
            raise
        self.connected, self.fails = True, ""
        return answer

    @property
    def damaged(self) -> bool:
        """Whether a file of it was too damaged to be read whole."""
        return isinstance(self.inner, FileSource) and bool(self.inner.damaged)

    def assigned(self) -> Mapping[str, int]:
        return self.inner.assigned()

    async def committed(self, partition: str) -> Committed | None:
        return await self._asked(self.inner.committed(partition))

    async def start(self, partition: str) -> int:
        return await self._asked(self.inner.start(partition))

    def seek(self, partition: str, offset: int) -> None:
        self.inner.seek(partition, offset)

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        fetched = await self._asked(self.inner.fetch(max_records, timeout_seconds))
        if isinstance(fetched, Fetched) and fetched.records:
            last = fetched.records[-1]
            self.last_read_ms = self.now_ms()
            self.last_record_ms = last.appended_ms if last.appended_ms is not None else last.written_ms
        return fetched

    def position(self, partition: str) -> int:
        return self.inner.position(partition)

    def pause(self, paused: bool) -> None:
        self.inner.pause(paused)

    def ended(self) -> bool:
        return self.inner.ended()

    def ends(self) -> Mapping[str, int]:
        return self.inner.ends()

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        await self.inner.commit(positions)

    async def close(self) -> None:
        await self.inner.close()
