"""Lines of the history: one attempt to deliver and what came of it, or what went out together."""

from collections.abc import Iterator, Sequence

import msgspec

from alerts.model import Attempt, Delivery, Leased
from alerts.senders.attempting import EXCERPT_BYTES


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


class GatheredLine(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries that went out in one, as it is written, in JSON."""

    at: int  # ms
    digest: str  # the one
    receiver: str
    members: tuple[str, ...]


MEMBERS_A_LINE = 100
"""A line is some 3 kB at most: the history is looked through by its bytes."""

_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(HistoryLine)
_gathered_decoder = msgspec.json.Decoder(GatheredLine)


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


def gathered_lines(digest: Delivery, members: Sequence[str], now_ms: int) -> Iterator[bytes]:
    """What goes out in a digest; nothing of a delivery that goes out as it is."""
    others = [each for each in members if each != digest.id]
    for start in range(0, len(others), MEMBERS_A_LINE):
        part = tuple(others[start : start + MEMBERS_A_LINE])
        yield _encode(GatheredLine(at=now_ms, digest=digest.id, receiver=digest.receiver, members=part))


def read_gathered(line: bytes) -> GatheredLine | None:
    """None where it is the line of an attempt, or another version wrote it in another shape."""
    try:
        return _gathered_decoder.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
