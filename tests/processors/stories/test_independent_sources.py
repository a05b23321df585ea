"""How many reports a story rests on: agencies and lineage count, not outlets."""

from processors.model import Article
from processors.stories.credits import outlet_key
from processors.stories.decide import Placement, Relation
from processors.stories.rows import StoryRow
from processors.stories.story import carries
from tests.processors.stories.test_decide import OTHER, REPORT, Desk, an_article


def told(*articles: Article) -> list[Placement]:
    desk = Desk()
    return [desk.place(article) for article in articles]


def last_row(*articles: Article) -> StoryRow:
    return told(*articles)[-1].row


def test_forty_outlets_that_carry_one_text_are_one_report() -> None:
    row = last_row(*(an_article(f"a{n}", source=f"outlet {n}") for n in range(40)))

    assert (row.articles, row.source_count, row.independent_sources) == (40, 40, 1)
    assert row.origins == ("outlet 0",)


def test_a_copy_is_the_report_it_copies_whatever_it_says_of_itself() -> None:
    credited = an_article("b", source="المرفأ", body=f"عمان (رويترز) - {REPORT.strip()}")

    row = last_row(an_article("a", source="الساحل"), credited)

    assert row.origins == (outlet_key("الساحل"),)


def test_one_agencys_report_in_two_outlets_is_one_source_from_the_first() -> None:
    agency = f"عمان (رويترز) - {REPORT.strip()}"
    row = last_row(an_article("a", source="الساحل", body=agency), an_article("b", source="المرفأ", body=agency))

    assert row.origins == ("reuters",)
    assert [outlet.origin for outlet in row.outlets] == ["reuters", "reuters"]


def test_an_outlet_credited_to_nobody_counts_only_until_somebody_is_named() -> None:
    first, second = told(an_article("a", source=""), an_article("b", source="المرفأ"))

    assert (first.row.independent_sources, first.relation) == (1, Relation.NEW)
    assert second.row.independent_sources == 1


def test_an_edit_by_the_same_outlet_is_no_second_report() -> None:
    row = last_row(an_article("a", source="المرفأ"), an_article("a", source="المرفأ", body=REPORT + OTHER))

    assert (row.articles, row.independent_sources) == (1, 1)


def test_an_outlet_carries_a_story_under_any_spelling_of_its_name() -> None:
    row = last_row(an_article("a", source="صحيفة الأهرام"))

    assert carries(row, "الاهرام")
    assert not carries(row, "الأخبار")
