"""Which days are read, when an article happened, and what a row survives."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from processors.model import Article
from processors.stories.event_time import event_time
from processors.stories.fingerprint import fingerprint
from processors.stories.memory import WINDOW, StoryMemory, days, fields_of, questions
from processors.stories.rows import VERSION as ROWS_VERSION
from processors.stories.rows import AlertState, ArticleRow, LinkRow, article_row, encode_row, link_row, story_of

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
STORY = "a" * 26


def test_days_reach_a_window_back_and_forward_newest_first() -> None:
    assert days(NOON, timedelta(hours=24)) == ["2026-03-05", "2026-03-04", "2026-03-03"]


def test_no_day_after_arrival_is_read() -> None:
    assert days(NOON, WINDOW, arrival=NOON)[0] == "2026-03-04"
    assert days(NOON - WINDOW, WINDOW, arrival=NOON)[0] == "2026-03-04"


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (NOON - timedelta(hours=5), NOON - timedelta(hours=5)),
        (datetime(2026, 3, 4, 14, tzinfo=timezone(timedelta(hours=3))), NOON - timedelta(hours=1)),
        (NOON + timedelta(minutes=59), NOON + timedelta(minutes=59)),
        (NOON + timedelta(hours=2), NOON),
        (datetime(1970, 1, 1, 3, tzinfo=UTC), NOON),
        (datetime(1, 1, 1, tzinfo=UTC), NOON),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))), NOON),
        (datetime(2015, 8, 1, tzinfo=UTC), datetime(2015, 8, 1, tzinfo=UTC)),
        (None, NOON),
    ],
)
def test_event_time_is_the_article_s_where_it_can_be_believed(published: datetime | None, expected: datetime) -> None:
    assert event_time(Article(id="1", published_at=published), NOON) == expected


def test_an_article_is_looked_for_by_id_address_bands_and_what_it_tells() -> None:
    article = Article(id="1", url="https://news.example/a", title="واحد اثنان ثلاثة أربعة خمسة", body="ستة سبعة ثمانية")
    fields = fields_of(article, fingerprint(article))

    assert {field[:2] for field in fields} == {"a:", "u:", "b:", "k:"}
    assert len(fields) <= 2 + 6 + 17


def test_articles_of_different_days_are_asked_for_apart() -> None:
    item = Article(id="1", title="خبر"), fingerprint(Article(id="1", title="خبر"))

    asked = questions([(*item, NOON), (*item, NOON), (*item, NOON - timedelta(days=300))], WINDOW)

    assert [len(question.days) for question in asked] == [7, 7]


@pytest.mark.parametrize("row", [ArticleRow(ROWS_VERSION, 7, "text"), LinkRow(ROWS_VERSION, 7, "معرّف")])
def test_a_row_reads_back_as_it_was_written(row: ArticleRow | LinkRow) -> None:
    read = article_row if isinstance(row, ArticleRow) else link_row

    assert read(encode_row(STORY, row)) == row
    assert story_of(encode_row(STORY, row)) == STORY


@pytest.mark.parametrize(
    "row", [None, b"", STORY.encode(), STORY.encode() + b"\xff\x00", encode_row(STORY, LinkRow(99, 7))]
)
def test_a_row_of_another_version_or_none_of_ours_is_as_if_absent(row: bytes | None) -> None:
    assert link_row(row) is None


def test_a_story_that_is_not_in_memory_cannot_be_alerted() -> None:
    with pytest.raises(LookupError, match="place its article first"):
        StoryMemory().write_alert(STORY, "topic", AlertState("alert", 1, "notice"))
