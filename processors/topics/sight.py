"""What screening saw of one article: which groups of patterns may be there, and, when somebody asks, where."""

from collections.abc import Set

from processors.matchers.look import Look
from processors.topics.places import Places


class Sight:
    """What is seen of one article. Made without a look, everything may be anywhere."""

    def __init__(
        self,
        keys: Set[int] | None = None,
        fields: tuple[Look, Look] | None = None,
        loose: Set[int] = frozenset(),
    ) -> None:
        self.keys = keys
        """Those (``Requirement``) of which a pattern may be in the article; None where that is not known."""
        self._fields = fields
        self._loose = loose
        self._places: Places | None = None

    @property
    def places(self) -> Places | None:
        """Where the groups may be; None where that is not known."""
        if self._places is None and self._fields is not None:
            title, body = self._fields[0].placed, self._fields[1].placed
            if title is not None and body is not None:
                self._places = Places(title, body, self._loose)
            self._fields = None
        return self._places
