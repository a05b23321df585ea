"""Which headlines say of themselves that they are urgent."""

import time

import pytest

from alerts.pacing.urgent import says_urgent


@pytest.mark.parametrize(
    ("title", "urgent"),
    [
        ("عاجل: انهيار جسر في البلدة", True),
        ("عاجل | انهيار جسر في البلدة", True),
        ("#عاجل انهيار جسر", True),
        ("🔴 عاجـــل.. انهيار جسر", True),
        ("عَاجِل: انهيار جسر", True),
        ("\u200f«عاجل» انهيار جسر", True),
        ("خبر عاجل: انهيار جسر", True),
        ("عاجل وهام: انهيار جسر", True),
        ("عاجل", True),
        ("عاجلا أم آجلا سيسقط الجسر", False),
        ("عاجلة: انهيار جسر", False),
        ("الجسر ينهار، والوزير: علاج عاجل", False),
        ("لعاجل الشفاء", False),
        ("BREAKING: bridge collapses", True),
        ("Breaking news: bridge collapses", True),
        ("[URGENT] Un pont s'effondre", True),
        ("SON DAKİKA: köprü çöktü", True),
        ("son dakika köprü çöktü", True),
        ("Breakingviews: a bridge too far", False),
        ("Urgently needed: a bridge", False),
        ("Record-breaking bridge", False),
        ("", False),
    ],
)
def test_the_word_comes_first_and_is_a_word(title: str, urgent: bool) -> None:
    assert says_urgent(title, "") is urgent


@pytest.mark.parametrize(
    ("section", "urgent"),
    [
        ("عاجل", True),
        ("أخبار عاجلة", True),
        ("الأخبار العاجلة", True),
        ("Breaking News", True),
        ("محليات", False),
        ("", False),
    ],
)
def test_a_section_of_that_name_says_it_too(section: str, urgent: bool) -> None:
    assert says_urgent("انهيار جسر", section) is urgent


@pytest.mark.parametrize("title", ["#" * 200_000, "ـ" * 200_000, "عاجل " * 40_000, "\u064e" * 200_000, " " * 200_000])
def test_a_hostile_headline_costs_no_more_than_its_beginning(title: str) -> None:
    begun = time.process_time()
    for _ in range(1_000):
        says_urgent(title, title)
    assert time.process_time() - begun < 10
