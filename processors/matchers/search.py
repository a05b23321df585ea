"""One article searched for patterns as they are asked for: none is looked for twice, and what nobody asks for never."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from processors.matchers.forms import Form
from processors.matchers.head import Head
from processors.matchers.scan import Candidates, scan
from processors.model import FieldName, Mention, Pattern
from processors.normalize.text import Text

Lead = tuple[int, bytes, int, Head]
"""A pattern, a word of a text that one of its forms is filed under, where in that word it begins, and the form."""


class Part(NamedTuple):
    """What of an article is searched: the title or not, and of the body so many first words, all of them where None."""

    title: bool = True
    body_words: int | None = None


WHOLE = Part()

_place = attrgetter("start", "end", "pattern")


class Search:
    """Of one article.

    ``leads`` tells which patterns a word leads to, ``readings`` how a text may be mended."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        leads: Callable[[bytes], Sequence[Lead]],
        texts: Mapping[FieldName, Text],
        readings: Callable[[Text], Sequence[Text]],
        *,
        particles: bool,
    ) -> None:
        self._fields = [
            _Field(patterns, field, particles, [_Words(each, leads) for each in (text, *readings(text))])
            for field, text in texts.items()
        ]
        self._led_to = frozenset[int]().union(*(field.led_to() for field in self._fields))
        self._whole = _Found()
        self._parts: dict[Part, _Found] = {}

    def mentions(self, patterns: frozenset[int], part: Part = WHOLE) -> list[Sequence[Mention]]:
        """Where each of ``patterns`` is that is anywhere, in the order of each one's places.

        All mentions in ``part`` of the article are told, and perhaps others.
        """
        led_to = self._led_to & patterns  # few of the thousands that a list or a country is looked for by
        whole = self._whole
        if part == WHOLE:
            self._search(led_to - whole.searched, part, whole)
            return [whole.mentions[number] for number in led_to if number in whole.mentions]
        found = self._parts.setdefault(part, _Found())
        self._search(led_to - whole.searched - found.searched, part, found)
        known = [whole if number in whole.searched else found for number in led_to]
        return [of.mentions[number] for of, number in zip(known, led_to, strict=True) if number in of.mentions]

    def _search(self, patterns: Set[int], part: Part, found: "_Found") -> None:
        if patterns:
            for field in self._fields:
                for mention in field.mentions(patterns, part):
                    found.mentions[mention.pattern].append(mention)
            found.searched |= patterns

    def below(self, number: int) -> list[Mention]:
        """Every mention of the patterns numbered below ``number``, in reading order."""
        led_to = frozenset(each for each in self._led_to if each < number)
        mentions = [mention for found in self.mentions(led_to) for mention in found]
        return sorted(mentions, key=lambda mention: (mention.field != "title", *_place(mention)))


class _Found:
    """What was found of the patterns that were searched for."""

    def __init__(self) -> None:
        self.searched: set[int] = set()
        self.mentions: defaultdict[int, list[Mention]] = defaultdict(list)


class _Field:
    """One field, in each of its readings: as it stands, then as it may be mended."""

    def __init__(
        self, patterns: Sequence[Pattern], field: FieldName, particles: bool, readings: Sequence["_Words"]
    ) -> None:
        self._patterns = patterns
        self._name = field
        self._particles = particles
        self._as_it_stands, *self._mended = readings

    def led_to(self) -> Set[int]:
        """The patterns that any word leads to."""
        return self._as_it_stands.leads.keys() | {number for each in self._mended for number in each.leads}

    def mentions(self, patterns: Set[int], part: Part) -> list[Mention]:
        """Of ``patterns`` in a part of the article, and perhaps behind it, in order of place."""
        words = None if self._name == "title" else part.body_words
        if words == 0 or (self._name == "title" and not part.title):
            return []
        found, text = list[Mention](), self._as_it_stands.text
        end = text.words[words][0] if words is not None and len(text.words) > words else len(text.plain)
        if candidates := self._as_it_stands.candidates(patterns, end):
            found = scan(text, candidates, self._patterns, self._name, particles=self._particles)
        for mended in self._mended:
            if candidates := mended.candidates(patterns, len(mended.text.plain)):
                found += scan(
                    mended.text, candidates, self._patterns, self._name, particles=self._particles, within=text
                )
        if self._mended:  # what is found in several readings is told once, as the first has it
            found = sorted({_place(mention): mention for mention in reversed(found)}.values(), key=_place)
        return found


class _Words:
    """The words of one reading, and where they lead."""

    def __init__(self, text: Text, leads: Callable[[bytes], Sequence[Lead]]) -> None:
        self.text = text
        self._words = text.letters.split()
        every = set(self._words)
        self._letters = b" %b " % text.letters
        self._joined = b""
        self.leads: defaultdict[int, list[Lead]] = defaultdict(list)
        for lead in chain.from_iterable(map(leads, every)):
            # Most words lead to phrases, few of which are in the text.
            beside = lead[3].beside
            if not beside or beside in every:
                self.leads[lead[0]].append(lead)

    def candidates(self, patterns: Set[int], end: int) -> list[Candidates]:
        """Places before ``end`` in the folded text, in order, and the forms whose anchor may begin there."""
        places: defaultdict[int, list[tuple[Form, int]]] = defaultdict(list)
        for number in patterns:
            for _, word, start, head in self.leads.get(number, ()):
                if not head.needs or self._are_there(head.needs):
                    self._put(word, start - head.inside, head, places, end)
        return sorted(places.items())

    def _are_there(self, parts: Sequence[bytes]) -> bool:
        letters = self._joined = self._joined or b" ".join((b"", *self._words, b""))
        for part in parts:  # noqa: SIM110 - asked a hundred times of an article: all() takes twice as long
            if part not in letters:
                return False
        return True

    def _put(
        self, word: bytes, shift: int, head: Head, places: defaultdict[int, list[tuple[Form, int]]], end: int
    ) -> None:
        """Wherever ``word`` stands between two spaces and before ``end``."""
        letters, wanted = self._letters, b" %b " % word
        at = letters.find(wanted)
        while 0 <= at < end:
            start = at + 1 + shift
            if start > head.signs and (not head.word or letters.startswith(head.word, start)):
                places[start - 1 - head.signs].append((head.form, head.anchor))
            at = letters.find(wanted, at + len(word) + 1)
