"""What is noted of articles that topics were near, and of records that hold none."""

import asyncio
from pathlib import Path

import pytest

from daemon.history.miss_line import LINES_A_SECOND, MOST_CHARS, Budget, invalid_line, near_line, read_miss
from daemon.sources.source import Record
from processors.errors import InvalidArticle
from processors.model import Article
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_line, a_watch, quiet, value_of

TOPICS = """\
topics:
  floods:
    match: فيضان SENTENCE مدينة
"""
APART = a_line(id="apart", title="خبر", body="وقع فيضان كبير. وصل الوزير إلى مدينة أخرى.", source="وكالة")


def test_a_line_gives_the_article_back_as_it_was_read() -> None:
    article = Article(id="1", title="فيضان", body="نص " * 500, url="https://n.example/1", tags=("a",), lang="ar")

    read = read_miss(near_line(Record(7, b"", origin="articles/0/7"), article, ["floods"], [(0, 3)], 5))

    assert read is not None
    miss, kept = read
    assert kept == article
    assert (miss.article, miss.origin, miss.topics, miss.repeated, miss.at) == (
        "1",
        "articles/0/7",
        ("floods",),
        ((0, 3),),
        5,
    )


def test_a_text_too_long_to_explain_is_not_kept() -> None:
    line = near_line(Record(0, b""), Article(id="1", body="س" * (MOST_CHARS + 1)), ["floods"] * 1_000, [], 5)

    assert len(line) < 1_000
    read = read_miss(line)
    assert read is not None and read[1] is None


@pytest.mark.parametrize(
    ("value", "names", "article"),
    [
        (b'{"id": "7\\u0661", "body": 3}', ("id", "url"), "7١"),
        ('{"url": "https://n.example/خبر", "body": 3}'.encode(), ("id", "url"), "https://n.example/خبر"),
        (b'{"meta": {"guid": "a-7"}, "body": 3}', ("guid", "link"), "a-7"),
        (b'{"id": "cut', ("id", "url"), ""),
        (b'{"id": "\xff"}', ("id", "url"), ""),
        (b"not JSON", ("id", "url"), ""),
    ],
)
def test_a_record_without_an_article_is_called_what_can_be_told_of_it(
    value: bytes, names: tuple[str, str], article: str
) -> None:
    line = invalid_line(Record(7, value), InvalidArticle("wrong_type", "a text is expected"), names, 5)

    read = read_miss(line)
    assert read is not None
    miss, _ = read
    assert (miss.article, miss.invalid, miss.detail) == (article, "wrong_type", "a text is expected")


@pytest.mark.parametrize("line", [b"", b"\xff", b'{"at": 1}', b'{"at": 1, "article": "a"}\0\xff\xff'])
def test_a_line_of_another_version_is_passed_over(line: bytes) -> None:
    assert read_miss(line) is None


def test_no_more_lines_than_the_budget_has_are_written_in_a_second() -> None:
    budget = Budget()

    assert sum(budget.take(1_000 + each) for each in range(500)) == LINES_A_SECOND
    assert budget.take(2_000)


def test_each_article_leaves_a_mark_and_near_ones_a_line(tmp_path: Path, runner: asyncio.Runner) -> None:
    asked = AskedDaemon(a_watch(tmp_path, topics=TOPICS))
    together = a_line(id="together", title="فيضان في مدينة")

    runner.run(asked.read(APART, quiet(1), together, b"broken", None, a_flood(1)))

    misses = [read_miss(line) for line in asked.state.misses]
    assert [(each[0].article, each[0].topics, each[0].invalid) for each in misses if each is not None] == [
        ("apart", ("floods",), ""),
        ("", (), "not_json"),
    ]
    assert len(asked.state.seen) == 4 * 12
    assert value_of(asked.process.metrics, "rasid_near_misses_total", {"outcome": "kept"}) == 2
    assert value_of(asked.process.metrics, "rasid_near_misses_total", {"outcome": "left_out"}) == 0


def test_near_misses_that_are_left_out_are_counted_and_marked(tmp_path: Path, runner: asyncio.Runner) -> None:
    asked = AskedDaemon(a_watch(tmp_path, topics=TOPICS))

    runner.run(asked.read(*[APART] * (LINES_A_SECOND + 3)))

    assert len(asked.state.misses) == LINES_A_SECOND
    assert value_of(asked.process.metrics, "rasid_near_misses_total", {"outcome": "left_out"}) == 3
