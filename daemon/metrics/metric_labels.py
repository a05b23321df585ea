"""Which names have a metric's label of their own: the first hundred, for there may be a hundred thousand."""

from collections.abc import Iterable

OWN_SERIES = 100
"""Names with a series of their own. With five replies each, receivers stay below 1,000 series."""

OTHER = "other"


class Names:
    """Which names have a label of their own."""

    def __init__(self, limit: int = OWN_SERIES) -> None:
        self._limit = limit
        self._own: set[str] = set()

    def add(self, names: Iterable[str]) -> None:
        """Take over a configuration. A name once shown keeps its series: counters must not jump."""
        for name in names:
            if len(self._own) >= self._limit:
                return
            self._own.add(name)

    def label(self, name: str) -> str:
        """The label for ``name``."""
        return name if name in self._own else OTHER
