"""How a notice goes out on its route: at once, in the digest of a backlog, or when it is its turn. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from alerts.digest_line import pending_to
from alerts.model import Alert, Delivery, Pending, Severity, Wait
from alerts.pacing.pacing import plan_of
from alerts.pacing.urgent import says_urgent
from alerts.payload import delivery_to
from alerts.routing import Led
from daemon.config.config import Config
from daemon.look import Matched
from daemon.sources.source import traceparent
from processors.model import Article
from processors.stories.event_time import milliseconds

_LONGEST = 200
"""Characters of a value that notices are grouped by; a longer one is the same as its beginning."""


def is_old(matched: Matched, config: Config, now_ms: int) -> bool:
    """Whether the article waited for long where we read it, or was old news when it came there: a backfill."""
    appended_ms = matched.record.appended_ms
    if appended_ms is None:
        return False
    waited_ms, late_ms = now_ms - appended_ms, appended_ms - milliseconds(matched.event_time)
    max_age, window = config.limits.max_age, config.stories.window
    return waited_ms > max_age // timedelta(milliseconds=1) or late_ms > window // timedelta(milliseconds=1)


def delivery_on(
    matched: Matched, alert: Alert, body: bytes, receiver: str, led: Led, now_ms: int, lane: str = ""
) -> Delivery:
    """``alert``, whose body as a delivery is ``body``, for a receiver that a route leads to."""
    trace = traceparent(matched.record)
    urgent = is_urgent(matched.article, alert)
    return delivery_to(receiver, alert, body, now_ms, trace, led.locale, led.timezone, lane, urgent)


def paced_to(
    matched: Matched, alert: Alert, body: bytes, receiver: str, led: Led, now_ms: int, facts: bytes
) -> Pending:
    """The same, where the route paces it. ``facts`` are what silences look at when its turn comes."""
    article = matched.article
    plan = plan_of(led.pacing, receiver, alert, values_of(article, alert), now_ms, urgent=is_urgent(article, alert))
    single = None
    if plan.wait is not Wait.SCHEDULED:
        single = delivery_on(matched, alert, body, receiver, led, now_ms, plan.lane)
    appended_ms = matched.record.appended_ms or now_ms
    return pending_to(receiver, alert, appended_ms, now_ms, plan, single, led.locale, led.timezone, facts)


def is_urgent(article: Article, alert: Alert) -> bool:
    """Whether it does not wait for others."""
    return alert.severity is Severity.CRITICAL or says_urgent(article.title, article.section)


def values_of(article: Article, alert: Alert) -> Mapping[str, str]:
    """What it may be grouped by."""
    return {
        "story": alert.story,
        "topic": alert.topic,
        "severity": alert.severity.value,
        "source": article.source[:_LONGEST],
        "lang": article.lang[:_LONGEST].lower(),
        **{f"labels.{name}": value[:_LONGEST] for name, value in alert.labels.items()},
    }
