"""What topics ask of a gazetteer. ``processors/entities`` answers; tests may answer with a few names."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Protocol

from processors.model import Article, FieldName, Mention, Pattern, Role
from processors.normalize.text import Text


class NamedEntity(Protocol):
    """What is known of an entity here."""

    @property
    def id(self) -> str:
        """Wikidata number."""
        ...

    @property
    def kind(self) -> str:
        """``country``, ``person`` and the like."""
        ...


class NamedMention(Protocol):
    """A mention that was decided: whom it names, whom it stands for, and why."""

    @property
    def mention(self) -> Mention:
        """Where."""
        ...

    @property
    def entity(self) -> str:
        """Id of what is named."""
        ...

    @property
    def of(self) -> str:
        """Id of what that stands for: the country of a leader, a capital, a demonym; else the same."""
        ...

    @property
    def role(self) -> Role:
        """Through what."""
        ...

    @property
    def support(self) -> str:
        """What decided an ambiguous name, else empty."""
        ...

    @property
    def period(self) -> str:
        """``unknown`` where the article has no usable date."""
        ...


class NameRefusal(Protocol):
    """A mention of a name that was not counted."""

    @property
    def mention(self) -> Mention:
        """Where."""
        ...

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        ...


class Names(Protocol):
    """A gazetteer."""

    def patterns(self) -> Sequence[Pattern]:
        """Every form to look for, in a fixed order."""
        ...

    def find(self, name: str) -> NamedEntity | None:
        """The entity with this key or id."""
        ...

    def nearest(self, name: str) -> str | None:
        """The key of what is called so in any language, or nearly so."""
        ...

    def countries(self) -> Collection[str]:
        """The keys of all countries."""
        ...

    def watch(self, name: str, role: Role | None) -> Collection[int]:
        """Numbers of the patterns that can lead to a mention of it."""
        ...

    def relevant(self, watched: Collection[int]) -> Set[int]:
        """Numbers of the patterns that decide about mentions of the ``watched`` ones, which are among them."""
        ...

    def resolve(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Sequence[NamedMention]:
        """Decide what each mention means; patterns are numbered as in ``patterns()``."""
        ...

    def refusals(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Callable[[str], Sequence[NameRefusal]]:
        """Asked for an entity: why mentions of it did not count."""
        ...


def unknown_entity(name: str, names: Names, written: str) -> str:
    """What to say of a name that the gazetteer does not know: the nearest key, or where to look."""
    close = names.nearest(name)
    remedy = f", did you mean `@{close}`?" if close else f": `rasid entities search {name}` looks inside names"
    return f"unknown entity `{written}`{remedy}"
