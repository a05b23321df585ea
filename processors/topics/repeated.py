"""Paragraphs that a source repeats: footers, teasers of its other stories. They say nothing of the article they are in.

A paragraph is one that the same source carried under another title, at most 72 hours of event time away, in an article
that came earlier in the stream. What is compared is the paragraph as received (of HTML: between block tags, without
tags), for a publisher's system repeats itself letter for letter; it is known by a hash, of all
articles, before anything is read: most are no candidates of any topic. Exceptions, so that no alert is lost:

- The same article again (same id, address or title: a redelivery, an edit) repeats only what others carried before it
  first did. A record that is read again is told what it was told before.
- An article of which more than half repeats one other is a copy of it, or its headline was edited. It repeats nothing.
- The lead, and what stands before it, is an article's own report, although others carried it as a teaser first.
- Paragraphs under four words, and articles without a source or a body, are left alone.

Memory is bounded by the number of paragraphs; the older half is let go at once when that is reached. A memory that is
empty (after a start) or that has let go of much only finds fewer repeated paragraphs: more is evidence, never less.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from processors.model import Article
from processors.normalize.url import canonical_url

WINDOW = timedelta(hours=72)
"""How long a source's furniture is remembered, in event time: as long as a story can be joined."""

MOST_PARAGRAPHS = 250_000
"""Kept at most, 125,000 at least: 127 bytes each were measured, 32 MB in all. News has 6.4 in an article, so 72 hours
of 6,500 articles a day are kept; of more articles fewer hours, which still holds what comes back every hour."""

_MOST_IN_ARTICLE = 200
"""Looked at in one article: longer ones are dumps, which would push out all else."""

_FEWEST_SPACES = 3
"""In a paragraph that counts: four words. Shorter ones are headings and names, which differ little by nature."""

_LONG = 60
"""Characters of a paragraph that counts whatever its words: none of four words is longer in most languages."""

_LEAD_SPACES = 7
"""In a paragraph that can be a lead: eight words. What is shorter is a headline, a byline or a dateline."""

_MOST_CARRIERS = 3
"""Articles remembered of one paragraph: the two oldest within the window, so that one knows who was first, and the
newest."""

_INSIDE_TAG = r"[^<>]*>"
_BLOCK = re.compile(
    r"\n|</?(?:p|div|br|li|ul|ol|dl|dd|dt|h[1-6]|tr|td|th|table|section|article|aside|header|footer|nav|main|"
    rf"blockquote|figure|figcaption|pre|hr|form)\b{_INSIDE_TAG}",
    re.IGNORECASE,
)
_TAG = re.compile(rf"</?[a-z]{_INSIDE_TAG}", re.IGNORECASE)

_ABSENT = hash("")

Span = tuple[int, int]
"""A paragraph's place in the body as received."""


class _Carrier(NamedTuple):
    """An article that carried a paragraph. Hashes, for equality only."""

    order: int  # in the stream
    moment: float  # event time, seconds
    id: int
    address: int
    title: int

    def is_other(self, than: "_Carrier") -> bool:
        """Whether it is another article under another title; an absent title or address is like no other."""
        return (
            self.id != than.id
            and (self.title != than.title or self.title == _ABSENT)
            and (self.address != than.address or self.address == _ABSENT)
        )


_Carriers = _Carrier | tuple[_Carrier, ...]
"""One, nearly always, or several, oldest first."""


class RepeatedParagraphs:
    """What each source has carried lately. Threads may share it."""

    def __init__(self, most: int = MOST_PARAGRAPHS, window: timedelta = WINDOW) -> None:
        self._lock = Lock()
        self._half = max(1, most // 2)
        self._window = window.total_seconds()
        self._carried: dict[int, _Carriers] = {}
        self._carried_before: dict[int, _Carriers] = {}  # the older half
        self._told: dict[int, tuple[Span, ...]] = {}  # of articles that had any, for what is read again
        self._told_before: dict[int, tuple[Span, ...]] = {}
        self._order = 0

    def __len__(self) -> int:
        """Paragraphs remembered, at most."""
        return len(self._carried) + len(self._carried_before)

    def repeated_in(
        self, article: Article, moment: datetime, *, max_chars: int, again: bool = False
    ) -> tuple[Span, ...]:
        """Remember the article, whose event time is ``moment``, and tell which paragraphs of its body are repeated.

        ``again``: this record of the stream was given before, and is not remembered twice. What was told then is told
        again, or nothing where that was let go.
        """
        if not article.source or not article.body:
            return ()
        with self._lock:
            if again:
                record = _record(article)
                return self._told.get(record) or self._told_before.get(record, ())
            found = self._repeated_in(article, moment.timestamp(), max_chars)
            if found:
                self._told[_record(article)] = found
            if len(self._carried) >= self._half:
                self._carried_before, self._carried = self._carried, {}
                self._told_before, self._told = self._told, {}
            return found

    def _repeated_in(self, article: Article, moment: float, max_chars: int) -> tuple[Span, ...]:
        mine = self._carrier(article, moment)
        body, source = article.body[:max_chars], hash(article.source)
        texts = _texts(body)
        found: list[tuple[int, list[_Carrier]]] = []  # number of the paragraph, other articles that carried it before
        counted = 0
        for number, text in enumerate(texts):
            if len(text) < _LONG and text.count(" ") < _FEWEST_SPACES:
                continue
            counted += 1
            if counted > _MOST_IN_ARTICLE:
                break
            key = source ^ hash(text)
            carriers = self._carried.get(key) or self._carried_before.get(key)
            if carriers is None:
                self._carried[key] = mine
                continue
            each = (carriers,) if isinstance(carriers, _Carrier) else carriers
            if others := self._others(each, mine):
                found.append((number, others))
            self._carried[key] = self._joined(each, mine)
        return _furniture(article.title.strip(), body, texts, found) if found else ()

    def _carrier(self, article: Article, moment: float) -> _Carrier:
        self._order += 1
        url = article.url
        if "?" in url or "#" in url:
            url = canonical_url(url)  # may take as long as all else together; most addresses are plain
        return _Carrier(self._order, moment, hash(article.id), hash(url), hash(article.title))

    def _others(self, carriers: tuple[_Carrier, ...], mine: _Carrier) -> list[_Carrier]:
        """Other articles that carried it within the window, before this one did for the first time."""
        others = []
        for carrier in carriers:
            if not carrier.is_other(mine):
                break
            if abs(carrier.moment - mine.moment) <= self._window:
                others.append(carrier)
        return others

    def _joined(self, carriers: tuple[_Carrier, ...], mine: _Carrier) -> _Carriers:
        """With ``mine``, without those that are too old to count for it."""
        if carriers[-1].order == mine.order:
            return carriers
        kept = [carrier for carrier in carriers if abs(carrier.moment - mine.moment) <= self._window]
        return (*kept[: _MOST_CARRIERS - 1], mine) if kept else mine


def _record(article: Article) -> int:
    return hash((article.id, article.title, article.body))


def _furniture(title: str, body: str, texts: list[str], found: list[tuple[int, list[_Carrier]]]) -> tuple[Span, ...]:
    """Where the repeated paragraphs are, but for an article that is a copy, and behind the lead."""
    shared: Counter[int] = Counter()  # other article → characters that it has too
    for number, others in found:
        for order in {other.order for other in others}:
            shared[order] += len(texts[number])
    if max(shared.values()) * 2 > sum(map(len, texts)):
        return ()
    lead = next((n for n, text in enumerate(texts) if text.count(" ") >= _LEAD_SPACES and text != title), len(texts))
    spans = _spans(body)
    return tuple(spans[number] for number, _ in found if number > lead)


def _texts(body: str) -> list[str]:
    """What each paragraph says, without tags and outer space."""
    if "<" in body:
        return [_TAG.sub("", body[start:end]).strip() for start, end in _spans(body)]
    return [line.strip() for line in body.split("\n")]


def _spans(body: str) -> list[Span]:
    """Where each paragraph is."""
    spans, start = [], 0
    for border in _BLOCK.finditer(body) if "<" in body else re.finditer("\n", body):
        spans.append((start, border.start()))
        start = border.end()
    return [*spans, (start, len(body))]
