"""What one pass over the letters of a field saw: which groups of patterns may be in it, and where."""

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from processors.matchers.alphabet import letters_of
from processors.matchers.sieve import Hit, Sieve
from processors.matchers.stretches import spaced


class Placed(NamedTuple):
    """Where the groups may stand, in ``spaced`` letters."""

    raw: bytes  # ``Encoded.raw``
    hits: Sequence[Hit]
    loose: Set[int]  # groups that may stand anywhere
    sieve: Sieve

    def seen(self) -> Iterator[tuple[Sequence[int], int, int]]:
        """Groups, and where a pattern of theirs may begin and end."""
        for needle, start, end in self.hits:
            yield self.sieve.told_by(needle), start, end


class Look(NamedTuple):
    """Of one field."""

    groups: Set[int]
    placed: Placed | None = None  # None where places are not known


def look_through(sieve: Sieve, raw: bytes) -> Look:
    """Look at a field that reads as it stands."""
    letters = spaced(letters_of(raw))
    hits = sieve.hits(letters)
    groups = sieve.groups_of(hits)
    loose = sieve.loose_groups(hits, letters)
    return Look(groups | loose if loose else groups, Placed(raw, hits, loose, sieve))
