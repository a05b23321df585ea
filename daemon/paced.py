"""How a notice goes out on its route: at once, in the digest of a backlog, or when it is its turn. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from alerts.model import Alert, Delivery, Pending, Severity, Wait
from alerts.notices.digest_line import pending_to
from alerts.notices.payload import delivery_to
from alerts.pacing.pacing import plan_of
from alerts.pacing.urgent import says_urgent
from alerts.routing.routing import Led
from daemon.config.config import Config
from daemon.look import Matched
from processors.model import Article, Verdict
from processors.stories.event_time import milliseconds

_ORDER = {"title": 0, "body": 1}
"""Where an entity is looked for first."""

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
    urgent = is_urgent(matched.article, alert)
    return delivery_to(receiver, alert, body, now_ms, matched.trace, led.locale, led.timezone, lane, urgent)


def paced_to(
    matched: Matched, alert: Alert, body: bytes, receiver: str, led: Led, now_ms: int, facts: bytes
) -> Pending:
    """The same, where the route paces it. ``facts`` are what silences look at when its turn comes."""
    article = matched.article
    verdict = next(each for each in matched.verdicts if each.topic == alert.topic)
    values = values_of(article, alert, verdict)
    plan = plan_of(led.pacing, receiver, alert, values, now_ms, urgent=is_urgent(article, alert))
    single = None
    if plan.wait is not Wait.SCHEDULED:
        single = delivery_on(matched, alert, body, receiver, led, now_ms, plan.lane)
    appended_ms = matched.record.appended_ms or now_ms
    return pending_to(receiver, alert, appended_ms, now_ms, plan, single, led.locale, led.timezone, facts)


def is_urgent(article: Article, alert: Alert) -> bool:
    """Whether it does not wait for others."""
    return alert.severity is Severity.CRITICAL or says_urgent(article.title, article.section)


def first_entity(verdict: Verdict) -> str:
    """The entity that an article is told under where it names several: of those that the topic looks for the one found
    first, in the headline or else in the text; "" where it found none.

    A capital, a demonym or an office counts for whose it is: what is found by ``@syria`` is about Syria.
    """
    found = [each for each in verdict.evidence if each.entity]
    first = min(found, key=lambda each: (_ORDER.get(each.field, len(_ORDER)), each.start), default=None)
    return "" if first is None else first.via.partition(".")[0] or first.entity


def values_of(article: Article, alert: Alert, verdict: Verdict) -> Mapping[str, str]:
    """What it may be grouped by."""
    return {
        "story": alert.story,
        "topic": alert.topic,
        "severity": alert.severity.value,
        "source": article.source[:_LONGEST],
        "lang": article.lang[:_LONGEST].lower(),
        "entity": first_entity(verdict),
        **{f"labels.{name}": value[:_LONGEST] for name, value in alert.labels.items()},
    }
