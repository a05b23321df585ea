"""What somebody says of an alert. Pure."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

LONGEST_AUTHOR, LONGEST_COMMENT = 100, 500

MOST_VERDICTS = 10_000
"""Kept, the latest: as many as the log of alerts holds notices; under 1 kB each."""


class Says(StrEnum):
    """The verdict itself."""

    RELEVANT = "relevant"  # what the topic is for
    NOT = "not"  # the topic should not have matched
    DUPLICATE = "duplicate"  # right, but told before as another story


class Verdict(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The last word on one alert. Stored as it is, in this order; the script beside the store reads the first two."""

    topic: str
    says: Says
    alert: str
    story: str
    author: str
    comment: str
    at_ms: int


def precision(counts: Mapping[Says, int]) -> float | None:
    """Relevant alerts of those that were judged relevant or not; None where none was.

    A duplicate says nothing of the topic: how stories are told apart is another question.
    """
    relevant, judged = counts.get(Says.RELEVANT, 0), counts.get(Says.RELEVANT, 0) + counts.get(Says.NOT, 0)
    return relevant / judged if judged else None


_decoder = msgspec.msgpack.Decoder(Verdict)
encode_verdict = msgspec.msgpack.Encoder().encode
"""As a store keeps it."""


def read_verdict(kept: bytes) -> Verdict | None:
    """None where another version wrote it in another shape."""
    try:
        return _decoder.decode(kept)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
