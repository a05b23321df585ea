"""A seeded stream of articles whose alerts are known by construction. Pure.

Each story holds a marker word of a topic; nothing else does. Copies of a story lead to nothing, a copy that adds the
other topic's marker leads to that topic's alert in the same story, after the first. Fillers match nothing. Some
records are hostile: some of those hold no article, and it is known why, others hold one that must be found.
"""

import json
import random
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, product

MARKERS = {"first-marker": ("قشعريون", "Zorblattik"), "second-marker": ("بلزختان", "Quendrovay")}
"""Topic → a word that no other text holds, in Arabic and in Latin letters."""

TOPICS = "topics:\n" + "".join(
    f"  {topic}:\n    title: {{en: {topic}}}\n    match: |\n      {' OR '.join(words)}\n"
    for topic, words in MARKERS.items()
)

_ROOTS = [*product("بتجحدرسشصطعفقكلمنه", repeat=3)]
_SHAPES = (
    "{0}ا{1}{2}",
    "م{0}{1}و{2}",
    "{0}{1}ي{2}",
    "ت{0}{1}ي{2}",
    "م{0}ا{1}{2}",
    "{0}{1}ا{2}ة",
    "ا{0}ت{1}ا{2}",
    "{0}{1}{2}ية",
)
_SYLLABLES = [*map("".join, product("bcdfghklmnprstvwzçğ", "aeiouéü"))]

WORDS = {
    "ar": tuple(shape.format(*root) for root in _ROOTS for shape in _SHAPES),
    "en": tuple(islice(map("".join, product(_SYLLABLES, repeat=3)), 0, None, 101)),
}
"""So many that two stories have hardly one in common: reports that share rare words are of one event."""

ARABIC = 0.6
"""Share of the articles."""

STORY_WORDS = 60
"""As long as a short agency report: what a copy shares is then most of it."""

REMEMBERED = 40
"""Copies are made of this many latest stories."""

REFUSED = (
    (b'{"title": "cut', "not_json"),
    (b"[1, 2]", "not_object"),
    (b'{"title": "", "body": ""}', "nothing_to_read"),
    (b"\xff\xfe\x00", "encoding"),
    (b'{"title": {"ar": "in a list"}}', "wrong_type"),
    (b"  ", "empty"),
    (b'{"title": "deep", "body": ' + b"[" * 900 + b"]" * 900 + b"}", "nested"),
    (b'{"title": "long", "body": "' + b"long " * 220_000 + b'"}', "oversize"),
)
"""What holds no article, and the reason that its dead letter must give."""

MARKS = "\u0301\u064e" * 20_000
"""Combining marks on one letter."""


class Odd(StrEnum):
    """How a record is unusual although an article is in it."""

    NOT = ""
    MARKS = "marks"  # tens of thousands on one letter
    HEADER = "header"  # its name is no UTF-8


@dataclass(frozen=True, slots=True)
class Expected:
    """One alert that must arrive."""

    topic: str
    story: int
    step: int  # within the story, from 0: alerts of a story arrive in this order
    opener: str  # URL of the article that leads to it


@dataclass(frozen=True, slots=True)
class Article:
    """One record to publish, and what must come of it."""

    value: bytes
    url: str = ""
    story: int = 0  # 0: of none
    topics: tuple[str, ...] = ()  # whose markers it holds
    expected: Expected | None = None
    refused: str = ""  # it holds no article, for this reason
    odd: Odd = Odd.NOT


@dataclass(slots=True)
class _Story:
    number: int
    lang: str
    title: str
    body: str
    topics: tuple[str, ...]


class Stream:
    """Records to publish, one at a time. ``most_bytes`` keeps out what a broker would not take."""

    def __init__(self, seed: int, most_bytes: int = 4 * 1024 * 1024) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self._stories: list[_Story] = []
        self._refused = [each for each in REFUSED if len(each[0]) <= most_bytes]

    def next(self, published_at: str) -> Article:
        """The next one. It holds no line break."""
        self._number += 1
        draw = self._random.random()
        if draw < 0.035:
            value, reason = self._random.choice(self._refused)
            return Article(value, refused=reason)
        if draw < 0.40:
            return self._article(published_at, self._lang())
        if draw < 0.60 and self._stories:
            return self._of(self._random.choice(self._stories), published_at)
        fresh = [story for story in self._stories if len(story.topics) == 1]
        if draw < 0.70 and fresh:
            return self._update(self._random.choice(fresh), published_at)
        return self._found(published_at)

    def _lang(self) -> str:
        return "ar" if self._random.random() < ARABIC else "en"

    def _article(self, published_at: str, lang: str) -> Article:
        return Article(
            self._value(self._words(6, lang), self._words(STORY_WORDS, lang), lang, published_at), self._url()
        )

    def _found(self, published_at: str) -> Article:
        topic, lang = self._random.choice(list(MARKERS)), self._lang()
        words = self._words(STORY_WORDS, lang).split()
        words.insert(self._random.randrange(len(words)), _marker(topic, lang))
        odd = self._random.choices([Odd.NOT, Odd.MARKS, Odd.HEADER], [0.95, 0.02, 0.03])[0]
        story = _Story(self._number, lang, self._words(6, lang), " ".join(words), (topic,))
        if odd is Odd.MARKS:
            story.body += " x" + MARKS
        else:
            self._stories = [*self._stories, story][-REMEMBERED:]
        return self._of(story, published_at, topic, odd)

    def _update(self, story: _Story, published_at: str) -> Article:
        other = next(topic for topic in MARKERS if topic not in story.topics)
        story.topics += (other,)
        story.body += f"\n{self._words(2, story.lang)} {_marker(other, story.lang)} {self._words(2, story.lang)}"
        return self._of(story, published_at, other)

    def _of(self, story: _Story, published_at: str, opens: str = "", odd: Odd = Odd.NOT) -> Article:
        """The story as it stands, in another outlet's words for where and when."""
        url = self._url()
        expected = Expected(opens, story.number, len(story.topics) - 1, url) if opens else None
        value = self._value(story.title, story.body, story.lang, published_at)
        return Article(value, url, story.number, story.topics, expected, odd=odd)

    def _value(self, title: str, body: str, lang: str, published_at: str) -> bytes:
        article = {"url": self._url(), "title": title, "body": body, "lang": lang, "published_at": published_at}
        article["source"] = f"outlet-{self._number % 7}"
        return json.dumps(article, ensure_ascii=False).encode()

    def _url(self) -> str:
        return f"https://outlet-{self._number % 7}.example/{self._number}"

    def _words(self, count: int, lang: str) -> str:
        return " ".join(self._random.choices(WORDS[lang], k=count))


def _marker(topic: str, lang: str) -> str:
    return MARKERS[topic][0 if lang == "ar" else 1]
