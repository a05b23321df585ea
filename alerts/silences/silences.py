"""What the store keeps of silences: those that hold, those to come, and those that are over, for the record.

docs/route.md says what a silence means. Every write is safe to repeat.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from alerts.silences.silence import Silence

MOST_SILENCES = 1_000
"""Kept at once, those that are over included: of these the one that ended first makes room. 1 kB each."""

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Silence)


class SilenceStore(Protocol):
    """Shared by all processes of one name. Raises ``Unavailable`` when the outcome is unknown: repeat the call."""

    async def version(self) -> str:
        """A token that changes with every write; "" where nothing was ever written."""
        ...

    async def all(self) -> Sequence[Silence]:
        """All that are kept, in no order."""
        ...

    async def put(self, silence: Silence, *, version: str, now_ms: int, keep_ms: int) -> bool:
        """Keep it, in the place of one of the same id. ``version`` is unique to this call.

        Those that ended more than ``keep_ms`` ago are forgotten. False, and nothing happens, where
        ``MOST_SILENCES`` are kept and none of them is over.
        """
        ...


def encode_silence(silence: Silence) -> bytes:
    """As it is kept."""
    return _encode(silence)


def read_silence(kept: bytes) -> Silence | None:
    """None where another version wrote it in another shape."""
    try:
        return _decoder.decode(kept)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
