"""Neighbours that make a name part of another one: جامعة القاهرة, صحيفة قطر, محمد المصري, فيصل صالح."""

from collections.abc import Collection, Iterable

from processors.entities.aliases import Alias
from processors.entities.entity_file import Shield
from processors.entities.neighbours import phrase_after, phrase_before
from processors.entities.outlets import is_behind_outlet
from processors.model import Mention, Role
from processors.normalize.text import Text
from processors.normalize.written import folded_words

_ARTICLES = ("ال", "لل")
_FAMILY = ("surname", "person")


class Shields:
    """The neighbours of every kind of name, folded."""

    def __init__(self, shields: Iterable[Shield], countries: Collection[str], capitals: Collection[str]) -> None:
        self._countries = countries
        self._capitals = capitals
        self._before: dict[str, set[str]] = {}
        self._after: dict[str, set[str]] = {}
        for shield in shields:
            for kind in shield.of:
                self._before.setdefault(kind, set()).update(map(_folded, shield.preceded_by))
                self._after.setdefault(kind, set()).update(map(_folded, shield.followed_by))

    def covers(self, mention: Mention, alias: Alias, text: Text) -> bool:
        """Whether the neighbours of the mention make it part of another name."""
        if self._is_behind_outlet(mention, alias, text):
            return True
        kind = self._kind(mention, alias, text)
        if not kind:
            return False
        before, after = self._before.get(kind), self._after.get(kind)
        # «أحمد والأسد» are two: what stands before a particle is no first name.
        if kind in _FAMILY and _has_particle(mention, text):
            before = None
        return bool((before and phrase_before(text, mention, before)) or (after and phrase_after(text, mention, after)))

    def _is_behind_outlet(self, mention: Mention, alias: Alias, text: Text) -> bool:
        nouns = self._before.get("outlet")
        if not nouns or (alias.role is Role.NAME and alias.entity not in self._countries):
            return False
        return is_behind_outlet(text, mention, alias.role, nouns)

    def _kind(self, mention: Mention, alias: Alias, text: Text) -> str:
        if alias.single:
            return "person"
        if alias.role is Role.NAME:
            if alias.entity in self._capitals:
                return "capital"
            return "name" if alias.entity in self._countries else ""
        # A family name carries ال: محمد المصري; «محمد مصري» says where he is from.
        if alias.surname:
            start = text.position(mention.start)
            return "surname" if text.folded.startswith(_ARTICLES, start) else ""
        return ""


def _has_particle(mention: Mention, text: Text) -> bool:
    return mention.first_word < len(text.words) and text.words[mention.first_word][0] < text.position(mention.start)


def _folded(phrase: str) -> str:
    return " ".join(folded_words(phrase))
