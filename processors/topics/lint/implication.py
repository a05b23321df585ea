"""Whether one query can only hold where another does. Sound: a doubt is a no.

``@syria SENTENCE @egypt`` implies ``@syria``; ``title:a`` implies ``lead:a``; a word implies the list that it is in.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence

from processors.normalize.written import comparable
from processors.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Range,
    Term,
    TopicRef,
    Weighted,
    Within,
    children_of,
)
from processors.topics.topic import TermList

MOST_STEPS = 200_000
"""Comparisons for one topic: a flat OR of thousands must not be compared pair by pair for minutes."""

Placed = tuple[Query, str]
"""A query and the field that it is asked of."""

Key = tuple[Hashable, ...]


class Implication:
    """Answers for one topic; ``entity_id`` makes @syria and @Q858 one, ``is_name`` tells names from common words."""

    def __init__(
        self, lists: Callable[[str], TermList | None], entity_id: Callable[[str], str], is_name: Callable[[str], bool]
    ) -> None:
        self._lists = lists
        self._entity_id = entity_id
        self._is_name = is_name
        self._held: dict[str, frozenset[str]] = {}
        self._keys: dict[tuple[int, str], Key] = {}
        self._steps = 0

    def implies(self, one: Placed, other: Placed) -> bool:
        """Whether an article for which ``one`` holds is one for which ``other`` holds."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            return False
        one, other = _inner(one), _inner(other)
        if self.key(one) == self.key(other):
            return True
        (x, x_field), (y, y_field) = one, other
        if isinstance(x, Or):
            return all(self.implies((child, x_field), other) for child in x.children)
        if isinstance(y, And):
            return all(self.implies(one, (child, y_field)) for child in y.children)
        if isinstance(y, Or) and any(self.implies(one, (child, y_field)) for child in y.children):
            return True
        if isinstance(y, AtLeast) and self._holds_enough(one, y, y_field):
            return True
        return self._from_parts(one, other)

    def _holds_enough(self, one: Placed, y: AtLeast, field: str) -> bool:
        return sum(self.implies(one, (child, field)) for child in y.children) >= y.count

    def _from_parts(self, one: Placed, other: Placed) -> bool:
        (x, field), (y, y_field) = one, other
        match x:
            case And():
                return any(self.implies((child, field), other) for child in x.children)
            case Not():
                return isinstance(y, Not) and self.implies((y.child, y_field), (x.child, field))
            case AtLeast():
                telling = sum(self.implies((child, field), other) for child in x.children)
                return telling > len(x.children) - x.count
            case Count():
                if isinstance(y, Count) and self.key((x.child, field)) == self.key((y.child, y_field)):
                    return x.count >= y.count
                return self.implies((x.child, field), other)
            case Near() | Within():
                if not field_within(field, y_field):
                    return False
                return self._narrower(x, y) or any(self.implies((each, field), other) for each in _present(x))
            case _:
                return field_within(field, y_field) and self._leaf(x, y)

    def _narrower(self, x: Near | Within, y: Query) -> bool:
        """The same operands, as near or nearer."""
        if isinstance(x, Near) and isinstance(y, Near):
            if "NOTNEAR" in (x.kind, y.kind):
                return False
            same = [self._same(x.left, y.left) and self._same(x.right, y.right)]
            if y.kind == "NEAR":
                same.append(self._same(x.left, y.right) and self._same(x.right, y.left))
            return any(same) and x.distance <= y.distance and (x.kind == y.kind or y.kind == "NEAR")
        if isinstance(x, Within) and isinstance(y, Within):
            inside = x.kind == y.kind or (x.kind == "SENTENCE" and y.kind == "PARAGRAPH")
            held = [self.key((child, "")) for child in x.children]
            return inside and all(self.key((child, "")) in held for child in y.children)
        return False

    def _same(self, one: Query, other: Query) -> bool:
        return self.key((one, "")) == self.key((other, ""))

    def _leaf(self, x: Query, y: Query) -> bool:
        match x, y:
            case EntityRef(), EntityRef():
                former = x.role is not None and x.role.value == "former"
                return self._entity_id(x.name) == self._entity_id(y.name) and y.role is None and not former
            case Term() | Phrase(), Term():
                return not y.exact and self._word_covers(x, y)
            case Phrase(), Phrase():
                same = comparable(x.text) == comparable(y.text) and not y.exact
                return same and x.slop <= y.slop
            case Term() | Phrase() | EntityRef(), ListRef():
                return self._in_list(x, y)
            case Range(), Range():
                return _range_within(x, y)
            case _:
                return False

    def _word_covers(self, x: Term | Phrase, y: Term) -> bool:
        wanted = comparable(y.word)
        if isinstance(x, Phrase):
            return not y.prefix and wanted in comparable(x.text).split(" ")
        have = comparable(x.word)
        if not y.prefix:
            return not x.prefix and have == wanted
        if self._is_name(have) != self._is_name(wanted):
            return False  # one of them takes ال and pronouns, the other does not
        # زيارة is also زيارته: what stands before the ة is what all its forms begin with.
        stem = have[:-1] if have.endswith("ه") and not x.exact else have
        return stem.startswith(wanted)

    def _in_list(self, x: Term | Phrase | EntityRef, y: ListRef) -> bool:
        if y.name not in self._held:
            held = self._lists(y.name)
            self._held[y.name] = frozenset(_held_in(held, self._entity_id)) if held is not None else frozenset()
        if isinstance(x, EntityRef):
            return x.role is None and f"@{self._entity_id(x.name)}" in self._held[y.name]
        if isinstance(x, Term):
            return not x.prefix and comparable(x.word) in self._held[y.name]
        return x.slop == 0 and comparable(x.text) in self._held[y.name]

    def key(self, placed: Placed) -> Key:
        """Equal for queries that mean the same by their form, whatever the order of AND and OR."""
        query, field = _inner(placed)
        if (id(query), field) not in self._keys:
            self._keys[id(query), field] = self._made_key(query, field)
        return self._keys[id(query), field]

    def _made_key(self, query: Query, field: str) -> Key:
        match query:
            case Term():
                word = query.word if query.exact else comparable(query.word)
                return "term", word, query.exact, query.prefix, field
            case Phrase():
                text = query.text if query.exact else comparable(query.text)
                one_word = not query.exact and " " not in text
                return ("phrase", text, query.exact, query.slop, field) if not one_word else ("word", text, field)
            case EntityRef():
                return "entity", self._entity_id(query.name), query.role, field
            case ListRef() | TopicRef():
                return type(query).__name__, query.name, field if isinstance(query, ListRef) else ""
            case Range():
                return "range", query.field, query.low, query.high
            case And() | Or():
                return type(query).__name__, frozenset(self.key((child, field)) for child in query.children)
        parts: Sequence[Hashable] = [self.key((child, field)) for child in children_of(query)]
        own = [getattr(query, name, "") for name in ("kind", "distance", "count")]
        return (type(query).__name__, *own, field, *(parts or [query.source]))


def _inner(placed: Placed) -> Placed:
    """Without weights and fields around: they are in the second part."""
    query, field = placed
    while isinstance(query, Weighted | InField):
        if isinstance(query, InField):
            field = query.field
        query = query.child
    return query, field


def field_within(one: str, other: str) -> bool:
    """Whether everything in field ``one`` is in field ``other``."""
    if one == other:
        return True
    if one not in TEXT_FIELDS or other not in TEXT_FIELDS:
        return False
    return other == "text" or (one == "title" and other == "lead")


def _present(query: Near | Within) -> Iterator[Query]:
    """The operands that must be there."""
    if isinstance(query, Within):
        yield from query.children
        return
    yield query.left
    if query.kind != "NOTNEAR":
        yield query.right


def _held_in(held: TermList, entity_id: Callable[[str], str]) -> Iterator[str]:
    for words in (*held.file.terms.values(), *held.file.verbs.values(), *held.file.bare.values()):
        yield from map(comparable, words)
    for name in held.file.entities:
        if "." not in name:
            yield f"@{entity_id(name.removeprefix('@'))}"


def _range_within(x: Range, y: Range) -> bool:
    if x.field != y.field:
        return False

    def bounded(inner: int | None, outer: int | None, *, low: bool) -> bool:
        if outer is None:
            return True
        return inner is not None and (inner >= outer if low else inner <= outer)

    if x.field == "words":
        return bounded(x.low.number, y.low.number, low=True) and bounded(x.high.number, y.high.number, low=False)
    return False
