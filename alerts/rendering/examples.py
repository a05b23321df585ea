"""One event of each type, of news that never was: what templates are tried with, and what a test of a receiver sends.

Built by what builds real ones, so that an example has every part that a real one has.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from alerts.model import Alert, Delivery, Severity
from alerts.notices.delta import notice_of_news
from alerts.notices.digest import build_digest
from alerts.notices.digest_line import pending_to
from alerts.notices.facts import OPENING, EntityNames, Moments, NoticeFacts, Outlet, StoryFacts, TopicFacts
from alerts.notices.heartbeat import heartbeat, slot_of
from alerts.notices.payload import build_alert, delivery_to, encode
from alerts.notices.system_event import deliveries_of, receiver_disabled
from alerts.receiver import Receiver
from processors.model import Article, Evidence, Verdict
from processors.stories.news import News
from processors.stories.reasons import Reason
from processors.stories.rows import Change

_STORY = "rasidexample" + "a" * 14
_TOPIC = TopicFacts(
    id="rasid-test",
    severity=Severity.WARNING,
    labels={"desk": "test"},
    titles={"ar": "تجربة راصد", "en": "A test of Rasid", "fr": "Un essai de Rasid", "tr": "Rasid denemesi"},
)
# "A test: the opening of the new port at Tartus is put off to 15 March." "This is a test by Rasid. The port authority
# said yesterday that the opening is put off; Reuters will not report it, for it is no news. Nothing else is known."
_TITLE = "تجربة: تأجيل افتتاح الميناء الجديد في طرطوس إلى 15 مارس"
_BODY = (
    "هذه تجربة من راصد. قالت هيئة الميناء أمس إن الافتتاح تأجل، ولن تنشر Reuters الخبر لأنه ليس خبراً. لا جديد غير ذلك."
)
_WORD = "الميناء"


def example_deliveries(receiver: Receiver, now_ms: int) -> Mapping[str, Delivery]:
    """By type of event, for ``receiver``; another ``now_ms`` makes others, so that none is taken for a repeat."""
    opened = _alert(OPENING, now_ms)
    alerts = (opened, _alert(_notice(opened, Reason.SOURCES), now_ms), _alert(_notice(opened, Reason.DENIAL), now_ms))
    found = {alert.type: delivery_to(receiver.name, alert, encode(alert, now_ms), now_ms) for alert in alerts}
    digest = build_digest([pending_to(receiver.name, opened, now_ms - 90_000_000, now_ms)])
    found[digest.type] = digest
    asking = Receiver(name=receiver.name, url="", secrets=(), events=("*",))
    for delivery in deliveries_of(receiver_disabled("example", "gone", f"evt_{now_ms}"), [asking], now_ms):
        found[delivery.type] = delivery
    every = receiver.heartbeat or timedelta(minutes=5)
    beat = heartbeat("example", receiver, every, slot_of(now_ms, every))
    return {**found, beat.type: beat}


def _alert(notice: NoticeFacts, now_ms: int) -> Alert:
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    article = Article(
        id=f"rasid-test-{now_ms}",
        url="https://news.example/rasid/test?number=1",
        title=_TITLE,
        body=_BODY,
        source="وكالة المثال",  # an agency of that name: Example
        lang="ar",
        published_at=now - timedelta(minutes=3),
    )
    return build_alert(
        name=f"test-{now_ms}",
        article=article,
        verdict=Verdict(topic=_TOPIC.id, score=2.0, evidence=(_evidence("title", _TITLE), _evidence("body", _BODY))),
        topic=_TOPIC,
        story=StoryFacts(
            id=_STORY,
            first_seen_ms=now_ms,
            articles=4,
            sources=3,
            carriers=4,
            outlets=(Outlet("وكالة المثال", article.url), Outlet("News Example", "https://news.example/2")),
        ),
        moments=Moments(admitted_ms=now_ms, matched_ms=now_ms, appended_ms=now_ms - 1000),
        notice=notice,
        entities={"Q38490": EntityNames("طرطوس", "Tartus")},
    )


def _evidence(field: str, text: str) -> Evidence:
    at = text.index(_WORD)
    return Evidence(clause=_WORD, field=field, start=at, end=at + len(_WORD), text=_WORD, level="exact")


def _notice(opened: Alert, reason: Reason) -> NoticeFacts:
    about = "3" if reason is Reason.SOURCES else ""
    news = News(
        reasons=((reason, about),),
        keys=((reason.value, about),),
        sources=(1, 3),
        outlets=(),
        languages=(),
        named=(),
        changes=() if reason is Reason.SOURCES else (Change("denied", (reason.value,), "rasid-test"),),
    )
    return notice_of_news(news, number=2, previous=opened.notice, entities={}, is_country=lambda _: False, arabic=True)
