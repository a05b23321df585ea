"""A line of the history: one attempt to deliver, and what came of it."""

import msgspec

from alerts.attempting import EXCERPT_BYTES
from alerts.model import Attempt, Leased


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """As it is written, in JSON."""

    at: int  # ms
    delivery: str
    receiver: str
    attempt: int
    outcome: str  # delivered, later, or why it was given up
    status: int
    error: str
    seconds: float
    reply: str  # its first kB, printable and without secrets (``attempting.printable``)


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(HistoryLine)


def history_line(leased: Leased, attempt: Attempt, now_ms: int, outcome: str) -> bytes:
    """The line of an attempt."""
    return _encode(
        HistoryLine(
            at=now_ms,
            delivery=leased.delivery.id,
            receiver=leased.delivery.receiver,
            attempt=leased.attempt,
            outcome=outcome,
            status=attempt.status,
            error=attempt.error,
            seconds=round(attempt.seconds, 3),
            reply=attempt.excerpt[:EXCERPT_BYTES],
        )
    )


def read_history(line: bytes) -> HistoryLine | None:
    """None where another version wrote it in another shape."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
