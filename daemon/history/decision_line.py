"""A line of the decision log: what became of one article that some topic concerned, and why.

``rasid why``, ``rasid stories`` and their pages of the API are answered from it, so it says in the words of then what
was decided then. Bounded: the log holds a fixed number of lines, and a hostile article must not make its own long.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from alerts.notices.plain_text import clean
from alerts.withholding import Withheld
from daemon.sources.source import Record
from processors.model import Article, Verdict
from processors.stories.decide import Placement
from processors.stories.event_time import Dated, milliseconds
from processors.stories.grounds import Ground
from processors.stories.memory import url_field

ID_CHARS = 200
"""Of an article's id and of where it was read. A longer one is found by its beginning."""

_URL_CHARS, _TITLE_CHARS, _NAME_CHARS, _WORD_CHARS = 400, 160, 80, 30
"""What one line of a terminal shows, and addresses as long as real ones are with percent-encoded Arabic."""

_NOT_AGAIN = 20
"""Receivers of one line that are not told again."""

_GROUNDS, _WORDS = 3, 6
_SCORES = 20
_CLAUSES = 5
"""Of one article: grounds for its place in the story, words of each, topics whose score is told, what they found."""


class Score(msgspec.Struct, frozen=True, array_like=True):
    """How a topic came to match."""

    topic: str
    score: float
    clauses: tuple[str, ...]  # as the topic's author wrote them, the first that held


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One notice that the article led to. A delivery's id follows from its receiver and the notice."""

    topic: str
    alert: str
    notice: str
    reason: str  # the most telling one
    reasons: tuple[str, ...] = ()  # of an update, all: ``sources:10``, ``language:tr``
    to: tuple[str, ...] = ()  # receivers that get it by itself
    later: tuple[str, ...] = ()  # and those that get it in a digest, or when it was its turn
    waits: tuple[tuple[str, str], ...] = ()  # of these, whom its route makes wait, and for what: ``group``
    withheld: tuple[Withheld, ...] = ()  # and those that would have got it


class Held(msgspec.Struct, frozen=True, array_like=True):
    """What is new about a known alert and waits for its floor to pass."""

    topic: str
    reasons: tuple[str, ...]
    receivers: tuple[str, ...] = ()  # whom it waits for; lines of older versions do not say it
    until_ms: int = 0  # when the floor ends: the first article of the story after it tells what waits


JUDGED = "judged"
"""Why an alert is not told again, besides what anything is withheld by: somebody has given a verdict on it."""


class NotAgain(msgspec.Struct, frozen=True, array_like=True):
    """Who is not told again of an alert that goes on, although it is time to."""

    topic: str
    receiver: str
    why: str  # ``JUDGED``, or as in ``Withheld``
    by: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. Parts that are empty are left out of it."""

    at: int  # when it was decided, ms
    article: str
    outcome: str
    story: str = ""
    relation: str = ""
    of: str = ""
    because: tuple[str, ...] = ()  # in words, as versions before ``grounds`` wrote it
    grounds: tuple[Ground, ...] = ()
    topics: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    held: tuple[Held, ...] = ()
    not_again: tuple[NotAgain, ...] = ()
    scores: tuple[Score, ...] = ()
    title: str = ""
    url: str = ""
    source: str = ""
    lang: str = ""
    event_ms: int = 0  # the article's event time
    dated: str = ""  # why that is its arrival (``event_time.Dated``), "" where it is its own date
    origin: str = ""
    address: str = ""  # a hash of the canonical address, by which the article is found however it is written
    trace: str = ""

    def why_here(self) -> list[str]:
        """The grounds for its place in the story, in English."""
        return [*self.because, *map(str, self.grounds)]


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Decision)


def decision_line(
    *,
    record: Record,
    article: Article,
    verdicts: Sequence[Verdict],
    event_time: datetime,
    dated: Dated = Dated.PUBLISHED,
    placement: Placement,
    outcome: str,
    told: Sequence[Told],
    now_ms: int,
    held: Sequence[Held] = (),
    not_again: Sequence[NotAgain] = (),
    trace: str = "",
) -> bytes:
    """The line of an article. ``told`` are the notices that it led to, also those that go nowhere."""
    return _encode(
        Decision(
            at=now_ms,
            article=article.id[:ID_CHARS],
            outcome=outcome,
            story=placement.story,
            relation=placement.relation.value,
            of=placement.of[:ID_CHARS],
            grounds=tuple(each.bounded(_WORDS, _WORD_CHARS) for each in placement.because[:_GROUNDS]),
            topics=tuple(verdict.topic for verdict in verdicts),
            opened=tuple(each.topic for each in told if each.reason == "opened"),
            told=tuple(told),
            held=tuple(held),
            not_again=tuple(not_again[:_NOT_AGAIN]),
            scores=tuple(map(_score, verdicts[:_SCORES])),
            title=clean(article.title, _TITLE_CHARS),
            url=article.url if len(article.url) <= _URL_CHARS else "",
            source=clean(article.source, _NAME_CHARS),
            lang=article.lang[:_NAME_CHARS],
            event_ms=milliseconds(event_time),
            dated="" if dated is Dated.PUBLISHED else dated.value,
            origin=record.origin[:ID_CHARS],
            address=url_field(article) or "",
            trace=trace,
        )
    )


def as_written(text: str) -> bytes:
    """A text as it stands in a line of a log, with its quotation marks: what to look for in one."""
    return _encode(text)


def shown_grounds(decision: Decision) -> list[dict[str, Any]]:
    """As plain data: the code and the parameters that it has."""
    shown: list[dict[str, Any]] = msgspec.to_builtins(decision.grounds)
    return shown


def read_decision(line: bytes) -> Decision | None:
    """None where another version wrote it in another shape."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def _score(verdict: Verdict) -> Score:
    clauses = dict.fromkeys(each.clause for each in verdict.evidence)
    return Score(verdict.topic, verdict.score, tuple(clause[:_NAME_CHARS] for clause in list(clauses)[:_CLAUSES]))
