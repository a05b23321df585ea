"""Which paragraphs a source repeats, and what never counts as repeated."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from processors.model import Article
from processors.topics.repeated import RepeatedParagraphs, Span

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEASER = "زلزال قوي يضرب سواحل اليابان"
FOOTER = "حمل تطبيقنا الآن ليصلك كل جديد"


def report(about: str) -> str:
    return f"عقد مجلس {about} جلسته الأولى اليوم بحضور كل أعضائه\nوبحث المجتمعون في {about} خطة العام المقبل بالتفصيل"


def an_article(number: int, *paragraphs: str, **fields: Any) -> Article:
    body = "\n".join((report(f"المدينة رقم {number}"), *paragraphs))
    made: dict[str, Any] = {
        "id": f"{number}",
        "source": "جريدة",
        "title": f"خبر {number}",
        "url": f"https://a.example/{number}",
    }
    return Article(**{**made, "body": body, **fields})


class Stream:
    def __init__(self, memory: RepeatedParagraphs | None = None) -> None:
        self.memory = RepeatedParagraphs() if memory is None else memory

    def repeated(self, article: Article, after: timedelta = timedelta(), *, again: bool = False) -> list[str]:
        spans = self.memory.repeated_in(article, NOON + after, max_chars=200_000, again=again)
        return [article.body[start:end] for start, end in spans]


def test_a_paragraph_of_another_article_of_the_source_is_repeated() -> None:
    stream = Stream()

    assert stream.repeated(an_article(1, TEASER, FOOTER)) == []
    assert stream.repeated(an_article(2, FOOTER)) == [FOOTER]
    assert stream.repeated(an_article(3, TEASER, "وكلام آخر لم يقل من قبل", FOOTER)) == [TEASER, FOOTER]


def test_a_teaser_is_the_lead_of_the_story_it_points_to() -> None:
    stream = Stream()
    other = an_article(1)

    assert stream.repeated(other) == []
    assert stream.repeated(an_article(2, other.body.split("\n")[0])) == [other.body.split("\n")[0]]


def test_a_lead_is_evidence_although_others_carried_it_as_a_teaser_first() -> None:
    stream = Stream()
    other = an_article(1)
    lead = other.body.split("\n")[0]
    stream.repeated(an_article(2, lead))

    assert stream.repeated(other) == []
    assert stream.repeated(an_article(3, body=f"{TEASER}\n{lead}\n{report('القرية')}", title=TEASER)) == []


def test_another_source_carries_for_itself() -> None:
    stream = Stream()
    stream.repeated(an_article(1, FOOTER))

    assert stream.repeated(an_article(2, FOOTER, source="إذاعة")) == []
    assert stream.repeated(an_article(3, FOOTER, source="")) == []
    assert stream.repeated(an_article(4, FOOTER, source="")) == []


def test_72_hours_of_event_time_later_it_is_not_repeated_any_more() -> None:
    for after in (timedelta(hours=72), -timedelta(hours=72)):
        stream = Stream()
        stream.repeated(an_article(1, FOOTER))
        assert stream.repeated(an_article(2, FOOTER), after) == [FOOTER]
    stream = Stream()
    stream.repeated(an_article(1, FOOTER))
    assert stream.repeated(an_article(2, FOOTER), timedelta(hours=72, seconds=1)) == []
    assert stream.repeated(an_article(3, FOOTER), timedelta(hours=73)) == [FOOTER]


def test_the_same_article_again_repeats_nothing() -> None:
    same = {"title": "خبر 1", "url": "https://a.example/1", "id": "1"}
    for known in same:
        stream = Stream()
        stream.repeated(an_article(1, TEASER, "فقرة ستبقى في الخبر بعد تحريره"))
        edited = an_article(2, "فقرة ستبقى في الخبر بعد تحريره", TEASER, **{known: same[known]})
        assert stream.repeated(edited) == [], known
    stream = Stream()
    stream.repeated(an_article(1, TEASER, url="https://a.example/1?utm_source=x"))
    assert stream.repeated(an_article(2, TEASER, url="https://a.example/1?utm_source=y")) == []
    assert stream.repeated(an_article(3, TEASER, url="https://a.example/1?page=2")) == [TEASER]


def test_articles_without_title_or_address_are_not_one_article() -> None:
    stream = Stream()
    stream.repeated(an_article(1, TEASER, title="", url=""))

    assert stream.repeated(an_article(2, TEASER, title="", url="")) == [TEASER]


def test_a_copy_under_another_title_repeats_nothing() -> None:
    stream = Stream()
    first = an_article(1, TEASER, FOOTER)
    stream.repeated(first)

    assert stream.repeated(an_article(2, body=first.body)) == []
    assert stream.repeated(an_article(3, body=first.body + "\nوأضيف إليه هذا السطر بعد ساعة من الزمن")) == []


def test_half_of_a_text_may_be_furniture_and_more_is_a_copy() -> None:
    own, other = "كلمات أول الخبر التي ليست في غيره من الأخبار", "ا" * 10 + " ب ج د"
    for length, repeated in ((len(own), True), (len(own) + 1, False)):
        stream = Stream()
        furniture = (other + " ").ljust(length, "ه")
        stream.repeated(an_article(1, furniture))
        article = an_article(2, body=f"{own}\n{furniture}")
        assert stream.repeated(article) == [furniture] * repeated


def test_short_paragraphs_are_left_alone() -> None:
    stream = Stream()
    stream.repeated(an_article(1, "أخبار العالم اليوم", "أربع كلمات لا غير"))

    assert stream.repeated(an_article(2, "أخبار العالم اليوم", "أربع كلمات لا غير")) == ["أربع كلمات لا غير"]


def test_paragraphs_of_html_are_between_block_tags() -> None:
    stream = Stream()
    lead = report("الريف").split("\n")[0]
    stream.repeated(an_article(1, body=f"<p>{lead}</p><div class='x'><a href='/1'>{TEASER}</a></div>"))
    article = an_article(2, body=f"<p>{report('البحر')}</p><UL><li><a href='/1?b'><b>{TEASER}</b></a></li></UL>")

    assert stream.repeated(article) == [f"<a href='/1?b'><b>{TEASER}</b></a>"]
    assert stream.repeated(an_article(3, TEASER)) == [TEASER]


def test_a_record_that_is_read_again_is_told_the_same() -> None:
    stream = Stream()
    articles = [
        an_article(number, TEASER, FOOTER if number > 2 else f"سطر لا يعود للخبر {number}") for number in range(6)
    ]
    first = [stream.repeated(article) for article in articles]

    assert first[0] == []
    assert all(first[1:])
    assert [stream.repeated(article, again=True) for article in articles] == first


def test_an_edit_keeps_what_its_article_carried_before_others_did() -> None:
    stream = Stream()
    background = "وكان المجلس قد انتخب قبل عامين"
    stream.repeated(an_article(1, background))
    stream.repeated(an_article(2, background))

    assert stream.repeated(an_article(1, background, TEASER, title="خبر 1 بعد التحرير")) == []
    assert stream.repeated(an_article(2, TEASER, background)) == [TEASER, background]


def test_what_was_forgotten_and_is_read_again_repeats_nothing() -> None:
    stream = Stream()
    stream.repeated(an_article(2, TEASER))

    assert stream.repeated(an_article(1, TEASER), again=True) == []
    assert stream.repeated(an_article(1, TEASER)) == [TEASER]


def test_the_oldest_are_let_go_and_what_keeps_coming_stays() -> None:
    stream = Stream(RepeatedParagraphs(most=60))
    stream.repeated(an_article(0, TEASER))
    for number in range(1, 100):
        assert stream.repeated(an_article(number, FOOTER)) == [FOOTER] * (number > 1)
        assert len(stream.memory) <= 60 + 2 * 3

    assert stream.repeated(an_article(100, TEASER)) == []


def test_one_huge_article_pushes_out_little() -> None:
    stream = Stream(RepeatedParagraphs(most=1_000))
    stream.repeated(an_article(1, FOOTER))
    stream.repeated(an_article(2, *(f"سطر من آلاف السطور {number}" for number in range(20_000))))

    assert stream.repeated(an_article(3, FOOTER)) == [FOOTER]


def test_markup_that_never_ends_costs_no_more_than_text() -> None:
    half = 100_000
    for shape in ("<p ", "<p>", "</div", "<", "<p <a ", "ا ب ج د\n"):
        costs = []
        for length in (half, 2 * half):
            stream, body = Stream(), (shape * length)[:length]
            began = time.process_time()
            for number in range(2):
                stream.repeated(an_article(number, body=body))
            costs.append(time.process_time() - began)
        assert costs[1] < 6 * max(costs[0], 0.02), shape


PARAGRAPHS = st.lists(st.sampled_from([TEASER, FOOTER, "فقرة ثالثة تعود في كل حين", "قصيرة"]), max_size=4)


@given(st.lists(st.tuples(st.integers(0, 5), PARAGRAPHS, st.integers(0, 100)), max_size=12))
def test_what_is_told_of_a_record_never_changes(stream: Sequence[tuple[int, list[str], int]]) -> None:
    records = {(number, *added): (an_article(number, *added), hour) for number, added, hour in stream}.values()
    memory, empty = RepeatedParagraphs(), RepeatedParagraphs()

    def spans(memory: RepeatedParagraphs, *, again: bool) -> list[tuple[Span, ...]]:
        return [
            memory.repeated_in(article, NOON + timedelta(hours=hour), max_chars=10_000, again=again)
            for article, hour in records
        ]

    assert spans(memory, again=False) == spans(memory, again=True)
    assert not any(spans(empty, again=True))
