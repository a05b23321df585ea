"""Articles out of order, read again, in other batches: the stories are the same."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.model import Article
from processors.stories.decide import Relation
from processors.stories.memory import REMEMBERED
from tests.processors.stories.reading import Reader

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

Stream = list[tuple[Article, datetime]]


def text(story: int, version: int) -> str:
    """A hundred words, of which the versions differ in two; different stories have none in common."""
    return " ".join(f"كلمة{story}ع{step + (version + 1) * 1_000 * (step in (20, 70))}" for step in range(100))


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """Up to fourteen articles of up to four stories, each within three days; each comes up to two days late."""
    drawn = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 71), st.integers(0, 48)), max_size=14))
    articles = []
    for number, (story, published, late) in enumerate(drawn):
        moment = START + published * HOUR
        article = Article(
            id=f"{number}", title=f"عنوان {number}", body=text(story, number), source=f"{number}", published_at=moment
        )
        articles.append((article, moment + late * HOUR))
    return articles


def in_order_of_arrival(stream: Stream) -> Stream:
    return sorted(stream, key=lambda each: (each[1], each[0].id))


def grouped(stream: Stream) -> set[tuple[frozenset[str], int, int, int]]:
    """Each story: its articles, how many its row counts, and from when to when."""
    reader, members, rows = Reader(), defaultdict[str, set[str]](set), {}
    for article, arrival in stream:
        placed = reader.read(article, arrival)
        members[placed.story].add(article.id)
        rows[placed.story] = placed.row
    return {(frozenset(members[story]), row.articles, row.first_ms, row.last_ms) for story, row in rows.items()}


@settings(deadline=None)  # many share the machine
@given(streams())
def test_articles_that_come_late_make_the_stories_that_they_would_have_made_in_time(stream: Stream) -> None:
    in_time = sorted(((article, article.published_at or START) for article, _ in stream), key=lambda each: each[1])

    assert grouped(in_order_of_arrival(stream)) == grouped(in_time)


@settings(deadline=None)  # many share the machine
@given(streams(), st.permutations(range(14)), st.integers(0, 24))
def test_a_stream_read_again_in_any_order_begins_no_story(stream: Stream, order: list[int], hours: int) -> None:
    reader = Reader()
    first = {article.id: reader.read(article, arrival) for article, arrival in in_order_of_arrival(stream)}
    later = max((arrival for _, arrival in stream), default=START) + hours * HOUR

    again = [reader.read(stream[place][0], later) for place in order if place < len(stream)]

    assert {placed.relation for placed in again} <= {Relation.SAME_ARTICLE}
    assert {placed.story for placed in again} == {placed.story for placed in first.values()}


@settings(deadline=None)  # many share the machine
@given(streams(), st.integers(1, 7))
def test_batches_of_any_size_make_the_same_stories(stream: Stream, size: int) -> None:
    ordered = in_order_of_arrival(stream)
    one, batched = Reader(), Reader()

    alone = [one.read(article, arrival).story for article, arrival in ordered]
    together = [
        placed.story for a in range(0, len(ordered), size) for placed in batched.read_batch(ordered[a : a + size])
    ]

    assert together == alone


@settings(deadline=None)  # many share the machine
@given(streams(), st.lists(st.sampled_from([None, -400, -30, -4, 0, 400]), min_size=14, max_size=14))
def test_whatever_date_an_article_comes_back_under_it_tells_no_new_story(
    stream: Stream, days: list[int | None]
) -> None:
    reader = Reader()
    first = {article.id: reader.read(article, arrival).story for article, arrival in in_order_of_arrival(stream)}
    later = START + timedelta(days=3) + REMEMBERED / 2

    for (article, _), day in zip(stream, days, strict=False):
        published = None if day is None else later + timedelta(days=day)
        back = Article(id=article.id, title=article.title, body=article.body, published_at=published)
        assert reader.read(back, later).story == first[article.id]
