"""Beside what a receiver was told: that nothing is left, that dead letters are right, that no secret is anywhere. Pure.

Each function returns what is wrong, as sentences.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.kafka_reading import Position
from tests.faults.ledger import Published, Receipt

POSTS_PER_FAULT = 64
"""Requests that may be made once more for each fault: those in flight, and what a store forgot that they arrived."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What the dead-letter topic says."""

    origin: str  # topic/partition/offset
    reason: str


def extra_posts(receipts: Sequence[Receipt]) -> int:
    """Requests for what had been accepted already."""
    accepted: set[str] = set()
    extra = 0
    for receipt in receipts:
        extra += receipt.id in accepted
        if receipt.accepted:
            accepted.add(receipt.id)
    return extra


def too_many_posts(receipts: Sequence[Receipt], faults: int) -> list[str]:
    extra = extra_posts(receipts)
    return [f"{extra} requests too many in {faults} faults"] if extra > faults * POSTS_PER_FAULT else []


def unfinished(positions: Sequence[Position], status: Mapping[str, Any] | None) -> list[str]:
    """Whatever is not at its end."""
    wrong = [f"{each} is not finished" for each in positions if not each.finished]
    outbox = (status or {}).get("outbox")
    if outbox is None or outbox["ready"] or outbox["dead"]:
        wrong.append(f"the outbox is not empty: {outbox}")
    return wrong


def wrong_dead_letters(
    topic: str, published: Sequence[Published], letters: Sequence[DeadLetter], *, repeats: int
) -> list[str]:
    """Whether exactly what holds no article was set aside, for the right reason; ``repeats`` may be there twice."""
    planted = {f"{topic}/{each.partition}/{each.offset}": each.refused for each in published if each.refused}
    came = Counter(letter.origin for letter in letters)
    wrong = [f"no dead letter of {origin}, {planted[origin]}" for origin in planted.keys() - came.keys()]
    for letter in set(letters):
        if letter.origin not in planted:
            wrong.append(f"a dead letter of {letter.origin}, which nobody planted: {letter.reason}")
        elif letter.reason != planted[letter.origin]:
            wrong.append(f"{letter.origin} was refused as {letter.reason}, not as {planted[letter.origin]}")
    again = sum(number - 1 for number in came.values())
    return wrong + ([f"{again} dead letters were written again"] if again > repeats else [])


def leaked(secrets: Iterable[str], places: Mapping[str, bytes]) -> list[str]:
    """Where a secret can be read."""
    return [
        f"a secret is in {place}"
        for secret in secrets
        for place, content in places.items()
        if secret.encode() in content
    ]
