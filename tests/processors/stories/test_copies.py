"""Short texts and filled-in forms: joined when they tell the same, and only then."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from processors.model import Article
from processors.stories.decide import Relation
from processors.stories.group import DayBuckets, place
from processors.stories.memory import WINDOW

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SHORT = tomllib.loads((Path(__file__).parents[2] / "cases" / "story_short.toml").read_text(encoding="utf-8"))

FORM = """
بعث رئيس الاتحاد برقية تهنئة إلى رئيس نادي {club} بمناسبة ذكرى تأسيس النادي، عبر فيها باسمه وباسم أعضاء مجلس الاتحاد
عن أصدق التهاني وأطيب التمنيات بدوام التقدم والازدهار لجميع منتسبي النادي وجماهيره في كل مكان.
وأشاد بالعلاقات المتميزة التي تربط الاتحاد بإدارة {club} وبما حققه اللاعبون من بطولات خلال الموسم الماضي.
"""
PRICES = """
سجلت أسعار الخضار في السوق المركزي صباح اليوم {0} قرشا لكيلو الطماطم و{1} قرشا لكيلو الخيار و{2} قرشا للبطاطا
فيما بلغ سعر كيلو البصل {3} قرشا والباذنجان {4} قرشا والكوسا {5} قرشا بحسب النشرة اليومية التي تصدرها إدارة السوق
وتشمل النشرة أسعار الجملة دون أجور النقل وهي قابلة للتغيير حسب العرض والطلب في ساعات النهار.
"""


def relations(*articles: Article) -> list[Relation]:
    store = DayBuckets(min_days=10)
    return [
        place(article, NOON + timedelta(hours=hour), store, name="rasid", window=WINDOW).relation
        for hour, article in enumerate(articles)
    ]


@pytest.mark.parametrize("row", SHORT["pair"], ids=lambda row: row["name"])
@pytest.mark.parametrize("place_of_text", ["title", "body"])
def test_two_short_texts_are_one_story_where_they_tell_of_one_event(row: dict[str, Any], place_of_text: str) -> None:
    first, second = (Article(id=key, **{place_of_text: row[key]}) for key in ("one", "other"))

    assert (relations(first, second)[1] is Relation.COPY) is row["joins"]


def test_a_form_filled_in_for_another_is_another_story() -> None:
    first = Article(id="1", title="رئيس الاتحاد يهنئ نادي الفيروز بذكرى تأسيسه", body=FORM.format(club="الفيروز"))
    second = Article(id="2", title="رئيس الاتحاد يهنئ نادي الصنوبر بذكرى تأسيسه", body=FORM.format(club="الصنوبر"))

    assert relations(first, second)[1] is Relation.NEW


def test_another_outlet_s_copy_of_the_form_joins() -> None:
    first = Article(id="1", title="رئيس الاتحاد يهنئ نادي الفيروز بذكرى تأسيسه", body=FORM.format(club="الفيروز"))
    second = Article(id="2", title="برقية تهنئة لنادي الفيروز", body=FORM.format(club="الفيروز"))

    assert relations(first, second)[1] is Relation.COPY


def test_tomorrow_s_prices_are_another_story() -> None:
    first = Article(id="1", title="أسعار الخضار في السوق المركزي اليوم", body=PRICES.format(40, 55, 38, 30, 62, 47))
    second = Article(id="2", title="أسعار الخضار في السوق المركزي اليوم", body=PRICES.format(41, 57, 36, 33, 60, 49))

    assert relations(first, second)[1] is Relation.NEW


def test_a_headline_alone_joins_the_report_under_it() -> None:
    title = "رئيس الاتحاد يهنئ نادي الفيروز بذكرى تأسيسه"

    found = relations(Article(id="1", title=title, body=FORM.format(club="الفيروز")), Article(id="2", title=title))

    assert found == [Relation.NEW, Relation.COPY]


def test_texts_without_a_word_are_no_copies() -> None:
    assert relations(Article(id="1", title="!!!"), Article(id="2", title="!!!"))[1] is Relation.NEW
