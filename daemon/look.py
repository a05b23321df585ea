"""One article looked at: when it happened, what of it repeats, which topics it concerns. Pure but for the memory of
repeated paragraphs; the same for the daemon and for a backtest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from daemon.sources.source import Record, traceparent
from daemon.watch import Watch
from processors.model import Article, FieldName, Verdict
from processors.normalize.text import Text
from processors.stories.event_time import Dated, dated
from processors.stories.fingerprint import Fingerprint, fingerprint
from processors.topics.repeated import RepeatedParagraphs, Span


@dataclass(frozen=True, slots=True)
class Matched:
    """An article that at least one topic concerns, and what is needed to decide about it."""

    record: Record
    article: Article
    verdicts: tuple[Verdict, ...]
    fingerprint: Fingerprint
    event_time: datetime
    matched_ms: int
    dated: Dated = Dated.PUBLISHED  # where its event time comes from
    texts: Mapping[FieldName, Text] = field(default_factory=dict)  # the article's, as they were read
    trace: str = ""  # the W3C traceparent that its deliveries carry on


def arrival_ms(matched: Matched, now_ms: int) -> int:
    """When an article came, by its record: read again it is the same. A clock ahead of ours holds nothing up."""
    return _came_ms(matched.record, now_ms)


class LookedAt(msgspec.Struct, frozen=True, gc=False):
    """What became of one article. ``matched`` is None where no topic concerns it."""

    matched: Matched | None
    repeated: int  # paragraphs that give no evidence because its source repeats them
    near: tuple[str, ...] = ()  # topics whose words may be in it, and that do not match
    spans: tuple[Span, ...] = ()  # where the repeated paragraphs are
    dated: Dated = Dated.PUBLISHED


def _came_ms(record: Record, now_ms: int) -> int:
    return min(record.appended_ms or record.written_ms or now_ms, now_ms)


def look_at(
    article: Article, record: Record, watch: Watch, repeated: RepeatedParagraphs, *, now_ms: int, again: bool = False
) -> LookedAt:
    """Match one article. It arrived when its record was appended, or at the latest when its file was last written to,
    else ``now_ms``; ``again``: it was read before."""
    moment, by = dated(article, datetime.fromtimestamp(_came_ms(record, now_ms) / 1000, UTC))
    spans = repeated.repeated_in(article, moment, max_chars=watch.watchlist.max_text_chars, again=again)
    verdicts, texts, asked = watch.watchlist.match_text(article, spans)
    if not verdicts:
        return LookedAt(None, len(spans), tuple(asked), spans, by)
    held = {verdict.topic for verdict in verdicts}
    matched = Matched(
        record=record,
        article=article,
        verdicts=verdicts,
        fingerprint=fingerprint(article, watch.named.names),
        event_time=moment,
        matched_ms=now_ms,
        dated=by,
        texts=texts,
        trace=traceparent(record),
    )
    return LookedAt(matched, len(spans), tuple(name for name in asked if name not in held), spans, by)
