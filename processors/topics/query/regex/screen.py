"""Which regular expressions may match in a field, by letters that must be in it: one pass for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Set

from ahocorasick_rs import BytesAhoCorasick

from processors.matchers.alphabet import Encoded
from processors.normalize.code_page import encode_folded
from processors.normalize.letters import fold


class LiteralScreen:
    """Made of runs of letters, each with the group of an expression that needs it, or one of several, in the text."""

    def __init__(self, literals: Iterable[tuple[str, int]]) -> None:
        groups: defaultdict[bytes, set[int]] = defaultdict(set)
        for literal, group in literals:
            groups[encode_folded(fold(literal))].add(group)
        self._groups = list(groups.values())
        self._all = set[int]().union(*self._groups)
        self._automaton = BytesAhoCorasick(list(groups)) if groups else None

    def groups_in(self, field: Encoded) -> Set[int]:
        """The groups of which an expression may match in a field; a superset."""
        if self._automaton is None:
            return frozenset()
        if field.doubtful:
            return self._all
        found: set[int] = set()
        for letters in field.readings:
            for number, _, _ in self._automaton.find_matches_as_indexes(letters, overlapping=True):
                found |= self._groups[number]
        return found
