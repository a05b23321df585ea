"""A seeded stream of articles whose alerts are known by construction. Pure.

Each story holds a marker word of a topic; nothing else does. Copies of a story lead to nothing, a copy that adds the
other topic's marker leads to that topic's alert in the same story, after the first. Fillers match nothing, and some
lines are no articles at all.
"""

import json
import random
from dataclasses import dataclass

MARKERS = {"first-marker": "قشعريون", "second-marker": "بلزختان"}
"""Topic → a word that no other text holds."""

TOPICS = "topics:\n" + "".join(
    f"  {topic}:\n    title: {{en: {topic}}}\n    match: |\n      {word}\n" for topic, word in MARKERS.items()
)

_ROOTS = "كتب درس لعب عمل زرع نسج رسم حفر بحث سكن خزن طرق شهد نقل حمل جمع نظم فحص رصف دهن غرس قطف صنع ركب".split()
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
WORDS = tuple(shape.format(*root) for root in _ROOTS for shape in _SHAPES)

STORY_WORDS = 60
"""As long as a short agency report: what a copy shares is then most of it."""

REMEMBERED = 40
"""Copies are made of this many latest stories."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One alert that must arrive."""

    topic: str
    story: int
    step: int  # within the story, from 0: alerts of a story arrive in this order
    opener: str  # URL of the article that leads to it


@dataclass(slots=True)
class _Story:
    number: int
    title: str
    body: str
    topic: str
    updated: bool = False


class Stream:
    """Lines to publish, one at a time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self._stories: list[_Story] = []

    def next(self, published_at: str) -> tuple[bytes, Expected | None]:
        """One line without its end, and the alert that it must lead to."""
        self._number += 1
        draw = self._random.random()
        if draw < 0.03:
            return self._broken(), None
        if draw < 0.40:
            return self._line(self._words(6), self._words(STORY_WORDS), published_at), None
        if draw < 0.60 and self._stories:
            story = self._random.choice(self._stories)
            return self._line(story.title, story.body, published_at), None
        fresh = [story for story in self._stories if not story.updated]
        if draw < 0.70 and fresh:
            return self._update(self._random.choice(fresh), published_at)
        return self._found(published_at)

    def _found(self, published_at: str) -> tuple[bytes, Expected]:
        topic = self._random.choice(list(MARKERS))
        words = self._words(STORY_WORDS).split()
        words.insert(self._random.randrange(len(words)), MARKERS[topic])
        story = _Story(self._number, self._words(6), " ".join(words), topic)
        self._stories = [*self._stories, story][-REMEMBERED:]
        return self._line(story.title, story.body, published_at), Expected(topic, story.number, 0, self._url())

    def _update(self, story: _Story, published_at: str) -> tuple[bytes, Expected]:
        other = next(topic for topic in MARKERS if topic != story.topic)
        story.updated = True
        story.body += f"\n{self._words(2)} {MARKERS[other]} {self._words(2)}"
        return self._line(story.title, story.body, published_at), Expected(other, story.number, 1, self._url())

    def _broken(self) -> bytes:
        return self._random.choice((b'{"title": "cut', b"[1, 2]", b'{"title": "", "body": ""}', b"\xff\xfe\x00"))

    def _line(self, title: str, body: str, published_at: str) -> bytes:
        article = {"url": self._url(), "title": title, "body": body, "lang": "ar", "published_at": published_at}
        article["source"] = f"outlet-{self._number % 7}"
        return json.dumps(article, ensure_ascii=False).encode()

    def _url(self) -> str:
        return f"https://outlet-{self._number % 7}.example/{self._number}"

    def _words(self, count: int) -> str:
        return " ".join(self._random.choices(WORDS, k=count))
