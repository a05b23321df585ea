"""What is told of the mentions that decided: in the wire's form, in reading order, as many as one can judge by."""

from processors.model import Evidence
from processors.normalize.text import Text
from processors.topics.evaluate.evaluate import Parts
from processors.topics.evaluate.hits import Found
from processors.topics.evaluate.reading import Reading

MOST_EVIDENCE = 10
"""Mentions shown per clause and field: enough to judge by, whatever the length of the article."""


def evidence(parts: Parts, reading: Reading) -> tuple[Evidence, ...]:
    """The mentions told of, in reading order, each place once for a clause."""
    seen: set[tuple[str, str, int, int]] = set()
    per_clause: dict[tuple[str, str], int] = {}
    chosen = []
    for label, found in sorted(parts, key=lambda part: (part[1].field != "title", part[1].start, part[1].end)):
        place = (label, found.field, found.start, found.end)
        count = per_clause.get((label, found.field), 0)
        if place in seen or count >= MOST_EVIDENCE:
            continue
        seen.add(place)
        per_clause[label, found.field] = count + 1
        chosen.append(evidence_of(label, found, reading.texts[found.field]))
    return tuple(chosen)


def evidence_of(label: str, found: Found, text: Text) -> Evidence:
    """The wire's form of one mention."""
    written = text.raw[found.start : found.end]
    return Evidence(
        clause=label,
        field=found.field,
        start=found.start,
        end=found.end,
        text=written,
        level=found.level.label,
        entity=found.entity,
        via=found.via,
        support=found.support,
        period=found.period,
        repaired=found.repaired,
        plain=text.mended.get((found.start, found.end), "") if found.repaired else "",
        truncated=text.truncated,
    )
