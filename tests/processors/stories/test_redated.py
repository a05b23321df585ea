"""Old news under a new date, late news, and dates that cannot be: what stays in its story, and what begins one."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerts.store.keys import MEMORY_KEEP
from processors.model import Article
from processors.stories.decide import Relation
from processors.stories.memory import REMEMBERED
from tests.processors.stories.reading import Reader

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TITLE = "جسر جديد يربط ضفتي النهر بعد عامين من العمل المتواصل"
TEXT = " ".join(f"كلمة{number} وصف{number} مكان{number}" for number in range(60))
OTHER_TEXT = " ".join(f"جملة{number} حديث{number} شارع{number}" for number in range(60))
FORM = "أسعار الخضار اليوم " + " ".join(f"صنف{number} سعر {number * 7 + 3}" for number in range(60))


def an_article(published: datetime | None = NOON, **more: str) -> Article:
    article = Article(id="first", title=TITLE, body=TEXT, source="وكالة", url="https://n.example/bridge")
    return msgspec.structs.replace(article, published_at=published, **more)


NEW_ID = {"id": "second"}
NEW_PAGE = {"id": "second", "url": "https://other.example/bridge"}
EDITED = {"body": TEXT.replace("كلمة7 ", "كلام7 ").replace("وصف9 ", "شرح9 ")}
ANOTHER = {"body": OTHER_TEXT, "title": "افتتاح معرض الكتاب في دورته الثلاثين بحضور ناشرين"}


@pytest.mark.parametrize(
    ("what", "later", "published", "more", "relation"),
    [
        # The first was published and read at NOON; the second is read ``later``.
        ("the same id, dated today", 5 * DAY, NOON + 5 * DAY, {}, Relation.SAME_ARTICLE),
        ("the same id, dated today, edited", 5 * DAY, NOON + 5 * DAY, EDITED, Relation.SAME_ARTICLE),
        ("the same id, without a date", 5 * DAY, None, {}, Relation.SAME_ARTICLE),
        ("the same id, dated back a year", 2 * DAY, NOON - 365 * DAY, {}, Relation.SAME_ARTICLE),
        (
            "the same id, dated to the clock's zero",
            2 * DAY,
            datetime(1970, 1, 1, tzinfo=UTC),
            {},
            Relation.SAME_ARTICLE,
        ),
        ("the same id, dated to next year", 5 * DAY, NOON + 365 * DAY, {}, Relation.SAME_ARTICLE),
        ("the same address, dated today", 5 * DAY, NOON + 5 * DAY, NEW_ID, Relation.SAME_ARTICLE),
        ("the same address, dated today, edited", 5 * DAY, NOON + 5 * DAY, NEW_ID | EDITED, Relation.SAME_ARTICLE),
        ("the same text elsewhere, dated today", 5 * DAY, NOON + 5 * DAY, NEW_PAGE, Relation.COPY),
        ("the same text elsewhere, without a date", 5 * DAY, None, NEW_PAGE, Relation.COPY),
        ("an address that carries another text by now", 5 * DAY, NOON + 5 * DAY, NEW_ID | ANOTHER, Relation.NEW),
        (
            "an address that carries another text within the window",
            DAY,
            NOON + DAY,
            NEW_ID | ANOTHER,
            Relation.SAME_ARTICLE,
        ),
        (
            "a copy that was edited, after the window",
            5 * DAY,
            NOON + 5 * DAY,
            NEW_PAGE | {"body": TEXT[:800] + OTHER_TEXT},
            Relation.NEW,
        ),
        ("another text", 5 * DAY, NOON + 5 * DAY, NEW_PAGE | ANOTHER, Relation.NEW),
        ("a late copy", 2 * DAY, NOON - 2 * DAY, NEW_PAGE, Relation.COPY),
    ],
)
def test_what_is_known_stays_in_its_story(
    what: str, later: timedelta, published: datetime | None, more: dict[str, str], relation: Relation
) -> None:
    reader = Reader()
    first = reader.read(an_article(), NOON)

    second = reader.read(an_article(published, **more), NOON + later)

    assert second.relation is relation, what
    assert (second.story == first.story) is (relation is not Relation.NEW)


def test_a_form_filled_in_anew_days_later_begins_a_story() -> None:
    reader = Reader()
    reader.read(an_article(body=FORM, title="أسعار"), NOON)

    filled = FORM.replace("سعر 3 ", "سعر 4 ").replace("سعر 10 ", "سعر 11 ")
    again = reader.read(an_article(NOON + 5 * DAY, id="2", url="", body=filled, title="أسعار"), NOON + 5 * DAY)

    assert again.relation is Relation.NEW


def test_a_headline_alone_comes_again_for_another_event() -> None:
    reader = Reader()
    reader.read(an_article(body=""), NOON)

    again = reader.read(an_article(NOON + 5 * DAY, id="2", url="", body=""), NOON + 5 * DAY)

    assert again.relation is Relation.NEW


def test_a_new_date_makes_no_story_longer() -> None:
    reader = Reader()
    first = reader.read(an_article(), NOON)
    reader.read(an_article(NOON + 5 * DAY, **EDITED), NOON + 5 * DAY)

    third = reader.read(an_article(NOON + 5 * DAY, **NEW_PAGE), NOON + 5 * DAY)

    assert third.story == first.story
    assert (third.row.first_ms, third.row.last_ms) == (first.row.first_ms, first.row.last_ms)


def test_an_article_that_is_dated_anew_each_day_stays_known() -> None:
    reader = Reader()
    first = reader.read(an_article(), NOON)

    days = [reader.read(an_article(NOON + day * DAY), NOON + day * DAY) for day in range(1, 30)]

    assert {placed.story for placed in days} == {first.story}
    assert {placed.relation for placed in days} == {Relation.SAME_ARTICLE}


def test_an_article_of_a_story_that_is_out_of_reach_begins_none() -> None:
    reader = Reader()
    old = reader.read(an_article(NOON - 365 * DAY), NOON)

    again = reader.read(an_article(NOON + DAY), NOON + DAY)

    assert (again.relation, again.story, again.lost) == (Relation.SAME_ARTICLE, old.story, True)
    assert [write.field[:2] for write in again.writes] == ["a:"]


def test_old_articles_join_among_themselves_and_nothing_of_today() -> None:
    reader = Reader()
    today = reader.read(an_article(), NOON)

    then = NOON - 365 * DAY
    pages = [
        an_article(then + number * HOUR, **ANOTHER, id=f"old-{number}", url=f"https://o.example/{number}")
        for number in range(5)
    ]
    old = [reader.read(page, NOON) for page in pages]

    assert {placed.story for placed in old} == {old[0].story}
    assert old[0].story != today.story
    assert [placed.relation for placed in old] == [Relation.NEW] + [Relation.COPY] * 4


def test_what_is_known_again_is_kept_for_as_long() -> None:
    assert REMEMBERED < MEMORY_KEEP
