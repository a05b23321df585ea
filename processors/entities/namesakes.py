"""Which of several persons with one family name is meant: «عون» in an article that names one of two presidents."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from processors.entities.tie import Tie
from processors.model import Role


def likeliest(
    persons: Collection[str], in_full: Collection[str], ties: Mapping[str, Sequence[Tie]], day: date | None
) -> Collection[str]:
    """Those of ``persons``, who all may be meant by one name, that are; several where they are equally likely.

    Whoever the article also names in full (``in_full``) is likelier than others; then whoever holds an office on the
    day, and least of all whoever held none yet.
    """
    if len(persons) < 2:
        return persons
    likely = {person: (person in in_full, _standing(ties.get(person, ()), day)) for person in persons}
    most = max(likely.values())
    return {person for person, how in likely.items() if how == most}


def _standing(ties: Sequence[Tie], day: date | None) -> int:
    if not ties or day is None:
        return 1
    roles = [tie.role_on(day) for tie in ties]
    return 2 if Role.LEADER in roles else 1 if Role.FORMER in roles else 0
