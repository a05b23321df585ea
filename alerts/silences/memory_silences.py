"""Silences in plain memory, held to the same contract as those in Redis."""

from collections.abc import Sequence

from alerts.silences.silence import Silence
from alerts.silences.silences import MOST_SILENCES, encode_silence, read_silence
from alerts.store.memory_state import MemoryState


class MemorySilences:
    """A ``SilenceStore`` over a ``MemoryState``. Never waits."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def version(self) -> str:
        return self._state.silences_version

    async def all(self) -> Sequence[Silence]:
        return [silence for each in self._state.silences.values() if (silence := read_silence(each)) is not None]

    async def put(self, silence: Silence, *, version: str, now_ms: int, keep_ms: int) -> bool:
        state = self._state
        ends = {each.id: each.end_ms for each in await self.all()}
        left = {id_: end for id_, end in ends.items() if end > now_ms - keep_ms}
        if silence.id not in ends:
            over = sorted((end, id_) for id_, end in left.items() if end <= now_ms)
            for _, id_ in over[: max(0, len(left) - MOST_SILENCES + 1)]:
                del left[id_]
            if len(left) >= MOST_SILENCES:
                return False
        state.silences = {id_: state.silences[id_] for id_ in left} | {silence.id: encode_silence(silence)}
        state.silences_version = version
        return True
