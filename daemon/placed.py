"""An article in its story, and the alert that is told of it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.ids import delivery_id, notice_of
from alerts.model import Alert
from alerts.notices.delta import notice_of_news
from alerts.notices.facts import OPENING, Coverage, Moments, NoticeFacts, Outlet, StoryFacts
from alerts.notices.payload import build_alert
from alerts.silences.silence import Silence
from daemon.alert_facts import topic_facts
from daemon.look import Matched, arrival_ms
from daemon.watch import Watch
from processors.model import Verdict
from processors.normalize.scripts import has_arabic
from processors.stories.news import News, news_of
from processors.stories.reasons import CORRECTIONS
from processors.stories.rows import AlertState, Change, StoryRow
from processors.stories.story import carries


@dataclass(frozen=True, slots=True)
class Placed:
    """An article in its story, as both now stand."""

    matched: Matched
    story: str
    row: StoryRow
    watch: Watch
    name: str
    now_ms: int
    silences: Sequence[Silence] = ()  # that hold or are to come, besides those of the configuration
    alerts: Mapping[str, AlertState] = field(default_factory=dict)  # of the story by topic, those of the article too
    judged: Collection[str] = ()  # alerts that somebody has judged
    change: Change | None = None  # what the article says otherwise than the story did

    @property
    def arrival_ms(self) -> int:
        """When the article came."""
        return arrival_ms(self.matched, self.now_ms)


def alert_of(placed: Placed, verdict: Verdict, notice: NoticeFacts) -> Alert:
    """What ``notice`` says of the story as it stands, by the article that came."""
    matched, watch = placed.matched, placed.watch
    return build_alert(
        name=placed.name,
        article=matched.article,
        verdict=verdict,
        topic=topic_facts(watch, verdict.topic),
        story=_story_facts(placed.story, placed.row, watch.loaded.config.stories.outlets),
        moments=Moments(
            admitted_ms=placed.now_ms, matched_ms=matched.matched_ms, appended_ms=matched.record.appended_ms
        ),
        entities=watch.entities,
        texts=matched.texts,
        notice=notice,
    )


def notice_about(placed: Placed, news: News, number: int, previous: str) -> NoticeFacts:
    """What is told of ``news``, in the language of the article's headline."""
    return notice_of_news(
        news,
        number=number,
        previous=previous,
        entities=placed.watch.entities,
        is_country=placed.watch.named.is_country,
        arabic=has_arabic(placed.matched.article.title),
    )


def correction_of(placed: Placed, verdict: Verdict, known: AlertState) -> Alert | None:
    """What is told of an alert that the article corrects, whoever gets that; None where it does not."""
    if placed.change is None or not CORRECTIONS.intersection(placed.change.reasons):
        return None
    news = news_of(placed.row, placed.change)
    return alert_of(placed, verdict, notice_about(placed, news, known.notices + 1, known.last_notice))


def may_wait(placed: Placed, known: AlertState) -> tuple[str, ...]:
    """Ids of the alert's deliveries that may still wait: the last, and of each receiver its opening and last notice.

    A story's row holds no more than the last of them, and there may be a thousand receivers.
    """
    notices = notice_of(known.alert, OPENING.keys), known.last_notice
    ids = (delivery_id(receiver, notice) for receiver in placed.watch.receivers for notice in notices if notice)
    return tuple(dict.fromkeys((*known.deliveries, *ids)))


def _story_facts(story: str, row: StoryRow, watched: Mapping[str, Sequence[str]]) -> StoryFacts:
    return StoryFacts(
        id=story,
        first_seen_ms=row.first_ms,
        articles=row.articles,
        sources=row.independent_sources,
        carriers=row.source_count,
        outlets=tuple(Outlet(outlet.source, outlet.url, outlet.origin) for outlet in row.outlets),
        coverage=tuple(_coverage(group, names, row) for group, names in watched.items()),
        languages=row.languages,
    )


def _coverage(group: str, outlets: Sequence[str], row: StoryRow) -> Coverage:
    carrying = tuple(outlet for outlet in outlets if carries(row, outlet))
    return Coverage(group, carrying, tuple(outlet for outlet in outlets if outlet not in carrying))
