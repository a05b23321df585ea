"""Offices that one person holds at a time, and that two are said to have held on one day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from processors.entities.entity_file import EntityEntry, Relation
from processors.entities.entity_files import EntityFiles
from processors.entities.lint_rules import TWO_HOLDERS, Finding, entries_of

_SINGLE = frozenset(("president", "prime_minister", "monarch", "crown_prince"))
"""One holder at a time, unless a `status` says that it is disputed, acting or de facto."""

_Held = tuple[EntityEntry, int, Relation]


def lint_periods(read: EntityFiles, own: Sequence[str]) -> Iterator[Finding]:
    """Periods in the files ``own`` that overlap with another official holder's by more than the day of handing over."""
    held: defaultdict[tuple[str, str, str], list[_Held]] = defaultdict(list)
    for entry in read.entries:
        for number, relation in enumerate(entry.relations):
            if relation.role in _SINGLE and relation.status == "official":
                held[relation.role, relation.of, relation.side].append((entry, number, relation))
    for entry in entries_of(read, own):
        for number, relation in enumerate(entry.relations):
            for other, _, theirs in held.get((relation.role, relation.of, relation.side), ()):
                if other.key != entry.key and relation.status == "official" and _overlap(relation, theirs):
                    told = (
                        f"{relation.role} of {relation.of} was `{other.key}` too ({_period(theirs)}): "
                        "mend `from` and `to`, or say `status: acting`, `de_facto` or `rival`"
                    )
                    yield TWO_HOLDERS.found(read, entry, ("relations", number), told)


def _overlap(one: Relation, other: Relation) -> bool:
    start = max(one.start or date.min, other.start or date.min)
    end = min(one.end or date.max, other.end or date.max)
    return start < end


def _period(relation: Relation) -> str:
    return f"{relation.start or '…'} – {relation.end or 'now'}"
