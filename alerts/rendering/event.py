"""A delivery's body as facts that can be shown: whatever the type, and whichever version wrote it. Pure.

What a body does not hold is empty, never an error: an alert must reach people although a field is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from alerts.notices.plain_text import clean
from alerts.rendering.words import LOCALES, Words
from processors.normalize.scripts import has_arabic

_LONGEST_TEXT = 20_000
"""A body is no larger."""


@dataclass(frozen=True, slots=True)
class Style:
    """In which of our words and by which clock something is told."""

    locale: str = ""  # empty: the article's language, where it is one of ours
    zone: tzinfo | None = None  # None: UTC


@dataclass(frozen=True, slots=True)
class Event:
    """The body of a delivery, read."""

    type: str
    timestamp: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def part(self, name: str) -> Mapping[str, Any]:
        """A part of the data that is a mapping, or an empty one."""
        return mapping(self.data.get(name))

    def parts(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The mappings in a part of the data that is a list."""
        return mappings(self.data.get(name))

    @property
    def topic(self) -> Mapping[str, Any]:
        """The alert's first topic, or nothing."""
        return next(iter(mappings(self.part("alert").get("topics"))), {})

    @property
    def lang(self) -> str:
        """The language of the article, without its region."""
        return text_of(self.part("article").get("lang")).partition("-")[0].lower()

    def topic_title(self, locale: str) -> str:
        """How the topic is called, in a language where it has a name in it, else in the nearest that it has."""
        titles = mapping(self.topic.get("title"))
        named = (titles.get(each) for each in (locale, self.lang, "ar", "en"))
        return text_of(next((title for title in named if title), self.topic.get("id")))


def mapping(value: object) -> Mapping[str, Any]:
    """``value`` where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[Any]:
    """``value`` where it is a list, else an empty one."""
    return value if isinstance(value, list | tuple) else ()


def mappings(value: object) -> Sequence[Mapping[str, Any]]:
    """The mappings in ``value`` where it is a list."""
    return [each for each in items(value) if isinstance(each, Mapping)]


def read_event(body: bytes) -> Event:
    """What ``body`` says. A body that is no event is one of an empty type."""
    try:
        read = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return Event("", "")
    if not isinstance(read, dict) or not isinstance(read.get("data"), dict):
        return Event("", "")
    return Event(str(read.get("type", "")), str(read.get("timestamp", "")), read["data"])


def locale_of(event: Event, style: Style) -> str:
    """The language of our own words: the one asked for, else the news', else Arabic or English by its letters."""
    if style.locale in LOCALES:
        return style.locale
    if event.lang in LOCALES:
        return event.lang
    said = text_of(event.part("article").get("title") or event.data.get("text"))
    return "ar" if has_arabic(said) else "en"


def words_of(event: Event, style: Style) -> Words:
    """The words of that language."""
    return LOCALES[locale_of(event, style)]


def shown_time(written: object, style: Style) -> str:
    """``2026-03-01 14:05 UTC+2`` by the clock of ``style``; nothing where ``written`` is no time on the wire."""
    try:
        moment = datetime.fromisoformat(str(written))
        moment = moment.astimezone(style.zone) if style.zone is not None else moment
    except (ValueError, OverflowError):
        return ""
    offset = moment.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    zone = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
    return f"{moment:%Y-%m-%d %H:%M} UTC{zone}"


def text_of(value: object) -> str:
    """A field as one safe line, whoever wrote the body."""
    return "" if value is None else clean(str(value), _LONGEST_TEXT)
