"""What silences look at in a notice that waits, kept with it: its article is not at hand when its turn comes. Pure."""

import msgspec

from alerts.model import Severity
from alerts.routing.conditions import AlertFacts


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """Stored as it is, in this order."""

    topic: str
    severity: Severity
    labels: dict[str, str]
    lang: str
    source: str
    entities: tuple[str, ...]
    story: str


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(_Kept)


def keep_facts(facts: AlertFacts) -> bytes:
    """As they are kept; the same facts are the same bytes."""
    return _encode(
        _Kept(
            topic=facts.topic,
            severity=facts.severity,
            labels=dict(facts.labels),
            lang=facts.lang,
            source=facts.source,
            entities=tuple(sorted(facts.entities)),
            story=facts.story,
        )
    )


def read_facts(kept: bytes) -> AlertFacts | None:
    """None where none were kept, or another version kept them in another shape."""
    try:
        found = _decoder.decode(kept)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    return AlertFacts(
        topic=found.topic,
        severity=found.severity,
        labels=found.labels,
        lang=found.lang,
        source=found.source,
        entities=frozenset(found.entities),
        story=found.story,
    )
