"""What is news about a story to one receiver of its alert: what the story has and the receiver was not told. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from processors.stories.reasons import CORRECTIONS, DEFAULT_SOURCES, Reason, Updates
from processors.stories.rows import Change, Outlet, Reader, StoryRow

CLOCKS_APART = timedelta(minutes=5)
"""So far may the clocks of processes that share a store be apart, at most."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new since somebody was last told, and the reasons to tell it. No reasons: it waits for one."""

    reasons: tuple[tuple[Reason, str], ...]  # with what each is about: (sources, 10), (country, Q79); the first leads
    keys: tuple[tuple[str, str], ...]  # kind and key of each, for the notice's id
    sources: tuple[int, int]  # independent ones: when last told, and now
    outlets: tuple[Outlet, ...]
    languages: tuple[str, ...]
    named: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def corrects(self) -> bool:
        """Whether it is ``alert.corrected``, which no floor holds back."""
        return any(reason in CORRECTIONS for reason, _ in self.reasons)


def told_all(row: StoryRow, receiver: int, notice: str, arrival_ms: int) -> Reader:
    """Somebody who is told the alert's opening, and with it the story as it stands."""
    return _reader(row, receiver, 1, notice, 0, arrival_ms)


def not_told(row: StoryRow, receiver: int) -> Reader:
    """Somebody from whom the alert's opening is withheld: what the story is by now is never told for its own sake."""
    return _reader(row, receiver, 0, "", 0, 0)


def passed_over(row: StoryRow, reader: Reader) -> Reader:
    """The same, from whom everything that is new by now is withheld."""
    return _reader(row, reader.receiver, reader.notices, reader.last_notice, reader.told_ms, reader.said_ms)


def told_more(row: StoryRow, reader: Reader, notice: str, arrival_ms: int) -> Reader:
    """The same, told everything new with an article that arrived then."""
    told_ms = max(arrival_ms, reader.told_ms)
    return _reader(row, reader.receiver, reader.notices + 1, notice, told_ms, told_ms)


def known_by(readers: tuple[Reader, ...], now_ms: int) -> tuple[Reader, ...]:
    """The same, whose times are over by ``now_ms``. When somebody was told in a future that a clock showed for a while
    is not known: no floor counts from it, or it would hold all news of the story back until then."""
    latest = now_ms + CLOCKS_APART // timedelta(milliseconds=1)
    if all(each.told_ms <= latest and each.said_ms <= latest for each in readers):
        return readers
    return tuple(
        msgspec.structs.replace(
            each,
            told_ms=each.told_ms if each.told_ms <= latest else 0,
            said_ms=each.said_ms if each.said_ms <= latest else 0,
        )
        for each in readers
    )


def last_told_ms(row: StoryRow, reader: Reader) -> int:
    """Arrival of the article with which ``reader`` was last told of the alert. Of an opening that an older version told
    that is not known: not before the story began."""
    return max(reader.said_ms, reader.told_ms) or row.first_ms


def again(news: News, key: str) -> News:
    """The story as it stands told once more, under a notice of that ``key``, with all that waits for a floor."""
    kind = Reason.REPEAT
    return replace(news, reasons=((kind, ""), *news.reasons), keys=((kind.value, key), *news.keys))


def news_to(row: StoryRow, reader: Reader, updates: Updates, is_country: Callable[[str], bool]) -> News:
    """What ``reader`` was not told, and which of it ``updates`` takes for a reason."""
    unseen = min(row.changed - reader.changes, len(row.changes))
    changes = row.changes[len(row.changes) - unseen :] if unseen > 0 else ()
    languages = row.languages[max(1, reader.languages) :]  # the first known one is no news where none was known
    named = row.named[reader.named :]
    counts = DEFAULT_SOURCES if updates.sources is None else updates.sources
    passed = [count for count in counts if reader.sources < count <= row.independent_sources]
    found: list[tuple[Reason, str, tuple[str, str]]] = []
    for change in changes:
        kind, _, key = change.key.partition(":")
        found += [(Reason(reason), "", (kind, key)) for reason in change.reasons]
    if passed:
        found.append((Reason.SOURCES, str(max(passed)), (Reason.SOURCES, str(max(passed)))))
    for entity in named:
        reason = Reason.COUNTRY if is_country(entity) else Reason.ENTITY
        found.append((reason, entity, (reason, entity)))
    found += [(Reason.LANGUAGE, language, (Reason.LANGUAGE, language)) for language in languages]
    wanted = sorted((each for each in found if each[0] in updates.on), key=lambda each: _ORDER[each[0]])
    return News(
        reasons=tuple(dict.fromkeys((reason, about) for reason, about, _ in wanted)),
        keys=tuple(dict.fromkeys((str(kind), key) for _, _, (kind, key) in wanted)),
        sources=(reader.sources, row.independent_sources),
        outlets=row.outlets[reader.outlets :],
        languages=languages,
        named=named,
        changes=changes,
    )


def news_of(row: StoryRow, change: Change) -> News:
    """What one change alone is news of, to nobody in particular."""
    sources = row.independent_sources
    kind, _, key = change.key.partition(":")
    reasons = sorted(map(Reason, change.reasons), key=lambda reason: _ORDER[reason])
    return News(tuple((each, "") for each in reasons), ((kind, key),), (sources, sources), (), (), (), (change,))


def due(news: News, reader: Reader, updates: Updates, arrival_ms: int) -> bool:
    """Whether it is told with an article that arrived then, or waits for a later one.

    The floor lies between updates: the first after the opening is told at once.
    """
    if not news.reasons:
        return False
    return news.corrects or not reader.told_ms or arrival_ms >= floor_ends_ms(reader, updates)


def floor_ends_ms(reader: Reader, updates: Updates) -> int:
    """From when on the next update may be told to somebody who was told one."""
    return reader.told_ms + updates.floor // timedelta(milliseconds=1)


_ORDER = {reason: place for place, reason in enumerate(Reason)}


def _reader(row: StoryRow, receiver: int, notices: int, notice: str, told_ms: int, said_ms: int) -> Reader:
    return Reader(
        receiver=receiver,
        notices=notices,
        last_notice=notice,
        told_ms=told_ms,
        sources=row.independent_sources,
        outlets=len(row.outlets),
        languages=len(row.languages),
        named=len(row.named),
        changes=row.changed,
        said_ms=said_ms,
    )
