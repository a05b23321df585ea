"""What becomes new about a story, and to whom it is news."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.model import Article
from processors.packs.builtin import entity_files
from processors.stories.developments import MAX_CHANGES, MAX_MENTIONED, MAX_NAMED, developed, said_now
from processors.stories.fingerprint import fingerprint
from processors.stories.named import Facets, Named
from processors.stories.news import due, news_to, told_all, told_more
from processors.stories.reasons import Reason, Updates
from processors.stories.rows import NOTHING_SAID, Said, StoryRow, encode_row
from processors.stories.story import founded, joined
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
AT_ONCE = Updates(sources=(3, 10, 30))
SYRIA, EGYPT, JORDAN, SISI, HAMAS = "Q858", "Q79", "Q810", "Q307871", "Q38799"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(entity_files())


@pytest.fixture(scope="module")
def named(gazetteer: Gazetteer) -> Named:
    return Named(gazetteer)


def an_article(title: str, body: str = "", **more: Any) -> Article:
    return Article(id=more.pop("id", "a"), title=title, body=body, **more)


def begun(article: Article, facets: Facets) -> StoryRow:
    print_ = fingerprint(article)
    return developed(founded(article, print_, NOON), article, print_, facets)


def with_another(row: StoryRow, article: Article, facets: Facets, **how: Any) -> StoryRow:
    print_ = fingerprint(article)
    return developed(joined(row, article, print_, NOON, likest=0.0), article, print_, facets, **how)


def reasons_of(row: StoryRow, before: StoryRow, updates: Updates = AT_ONCE) -> list[tuple[str, str]]:
    """What is news to whoever was told the story as it stood ``before``."""
    news = news_to(row, told_all(before, 1, "n", 0), updates, lambda entity: entity in (SYRIA, EGYPT, JORDAN))
    return [(reason.value, about) for reason, about in news.reasons]


@pytest.mark.parametrize(
    ("name", "article", "headline", "opening"),
    [
        ("a country", an_article("وفد من سوريا"), (SYRIA,), ()),
        ("a demonym", an_article("الوفد السوري يغادر"), (SYRIA,), ()),
        ("a capital stands for its country", an_article("لقاء في دمشق"), (SYRIA,), ()),
        ("so does a city", an_article("Blast in Aleppo", lang="en"), (SYRIA,), ()),
        ("an office-holder brings the country along", an_article("السيسي يفتتح الجسر"), (SISI,), (EGYPT,)),
        ("another of that name", an_article("انتصار السيسي تفتتح الجسر"), (), ()),
        ("behind another first name", an_article("محمد السيسي وأحمد السيسي في الملعب"), (), ()),
        ("a movement", an_article("Hamas delegation arrives", lang="en"), (HAMAS,), ()),
        ("an agency is who tells", an_article("رويترز: حريق في المرفأ"), (), ()),
        ("the opening", an_article("لقاء ثنائي", "وصل وفد من سوريا إلى الأردن"), (), (SYRIA, JORDAN)),
        ("of both the headline", an_article("سوريا والأردن", "لقاء سوريا والأردن ومصر"), (SYRIA, JORDAN), (EGYPT,)),
        ("without a headline the first line", an_article("", "زيارة إلى مصر\nوصل من سوريا"), (EGYPT,), (SYRIA,)),
        ("far down is background", an_article("لقاء", "كلمة " * 200 + "سوريا"), (), ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_article_names_countries_and_those_who_act(
    named: Named, name: str, article: Article, headline: tuple[str, ...], opening: tuple[str, ...]
) -> None:
    facets = named.facets(article)

    assert (facets.headline, facets.opening) == (headline, opening)


def test_only_what_a_headline_names_first_is_news() -> None:
    row = begun(an_article("سوريا"), Facets(headline=(SYRIA,), opening=(JORDAN,)))
    again = with_another(row, an_article("وفد", id="b"), Facets(headline=(JORDAN, SYRIA), opening=(HAMAS,)))
    late = with_another(again, an_article("حماس", id="c"), Facets(headline=(HAMAS, EGYPT, SISI)))

    assert reasons_of(again, row) == []
    assert reasons_of(late, again) == [("country", EGYPT), ("entity", SISI)]
    assert reasons_of(late, late) == []


def test_a_copy_under_another_headline_names_nothing_new() -> None:
    row = begun(an_article("سوريا"), Facets(headline=(SYRIA,)))
    copy = with_another(row, an_article("مصر", id="b"), Facets(headline=(EGYPT,)), copied=True)
    other = with_another(copy, an_article("وفد مصر", id="c"), Facets(headline=(EGYPT,)))

    assert reasons_of(copy, row) == reasons_of(other, copy) == []


def test_where_no_name_was_known_the_first_ones_are_not_news() -> None:
    row = begun(an_article("Шторм", lang="ru"), Facets())
    named_first = with_another(row, an_article("Storm in Syria", id="b", lang="ru"), Facets(headline=(SYRIA,)))

    assert reasons_of(named_first, row) == []


@pytest.mark.parametrize(
    ("languages", "news"),
    [
        (["ar", "ar-EG", "AR", "ara"], []),
        (["ar", "tr", "fr-FR"], [("language", "tr"), ("language", "fr")]),
        (["", "ar"], []),
        (["", "ar", "tr"], [("language", "tr")]),
        (["ar", "und", "zxx", "", "123", "english"], []),
    ],
)
def test_a_language_is_news_where_one_was_known(languages: list[str], news: list[tuple[str, str]]) -> None:
    first, *others = languages
    row = before = begun(an_article("خبر", lang=first), Facets())
    for number, language in enumerate(others):
        row = with_another(row, an_article("خبر", id=str(number), lang=language), Facets())

    assert reasons_of(row, before) == news


def test_of_several_counts_that_were_passed_the_highest_is_told() -> None:
    row = before = begun(an_article("خبر", source="0"), Facets())
    told = []
    for number in range(1, 40):
        row = with_another(row, an_article(f"خبر {number}", id=str(number), source=f"outlet {number}"), Facets())
        told.append(reasons_of(row, before))

    assert told[0] == [] and told[1] == [("sources", "3")]
    assert told[7] == [("sources", "3")] and told[8] == [("sources", "10")]
    assert told[-1] == [("sources", "30")]
    assert reasons_of(row, before, Updates(sources=())) == []
    assert reasons_of(row, before, Updates(on=frozenset({Reason.LANGUAGE}))) == []


def test_what_is_told_is_not_news_again_and_the_floor_lies_between_updates() -> None:
    updates = Updates(floor=timedelta(minutes=10))
    row = begun(an_article("خبر", lang="ar"), Facets())
    reader = told_all(row, 1, "opening", 0)
    for number, language in enumerate(["tr", "fr", "en"]):
        row = with_another(row, an_article("خبر", id=str(number), lang=language), Facets())
        news = news_to(row, reader, updates, lambda _: False)
        if number == 0:
            assert due(news, reader, updates, 1_000_000), "the opening holds nothing back"
            reader = told_more(row, reader, "first", 1_000_000)
    minutes = [due(news, reader, updates, 1_000_000 + 60_000 * minute) for minute in (-60, 0, 9, 10, 11)]

    assert news.languages == ("fr", "en")
    assert minutes == [False, False, False, True, True]


def test_the_latest_changes_are_kept_and_the_count_goes_on() -> None:
    article = an_article("مقتل 1")
    row = before = begun(article, Facets())
    said = said_now(fingerprint(article), NOTHING_SAID)
    for number in range(2, 40):
        article = an_article(f"مقتل {number}")
        print_ = fingerprint(article)
        row = developed(row, article, print_, Facets(), before=said, edited=True)
        said = said_now(print_, said)
    news = news_to(row, told_all(before, 1, "n", 0), AT_ONCE, lambda _: False)

    assert (row.changed, len(row.changes), len(news.changes)) == (38, MAX_CHANGES, MAX_CHANGES)
    assert news.changes[-1].now == ("39",)


def test_what_was_said_of_an_article_that_is_not_known_is_no_news() -> None:
    row = begun(an_article("خبر"), Facets())
    article = an_article("وزارة الري تنفي خبر 5")

    assert developed(row, article, fingerprint(article), Facets(), before=None, edited=True) is row


def names(prefix: str, count: int) -> Iterable[str]:
    return (f"Q{prefix}{number}" for number in range(count))


def test_a_story_of_ten_thousand_names_and_edits_stays_small() -> None:
    row = begun(an_article("خبر"), Facets(headline=("Q0",)))
    for number in range(300):
        facets = Facets(tuple(names(f"1{number}0", 40)), tuple(names(f"2{number}0", 200)))
        row = with_another(row, an_article(f"{'عنوان ' * 20}{number}", id="x" * 300, lang="ar"), facets)
        article = an_article(f"مقتل {number} شخصا و{number}00 آخرين وإصابة {number}000", id="y" * 300)
        row = developed(row, article, fingerprint(article), Facets(), before=Said(("1",)), edited=True)

    assert (len(row.named), len(row.mentioned), len(row.changes)) == (MAX_NAMED, MAX_MENTIONED, MAX_CHANGES)
    parts = msgspec.msgpack.encode((row.named, row.mentioned, row.changes))
    assert len(parts) < 6_000 and len(encode_row("s" * 26, row)) < 12_000


@pytest.mark.parametrize("text", ["سوريا ", "وللقاهرة ", "عبد الفتاح السيسي ", "Syria ", "ا", "<b>مصر</b>", "\ud800"])
def test_a_text_of_one_name_repeated_costs_little(named: Named, text: str) -> None:
    def article(length: int) -> Article:
        return an_article(text * (length // len(text)), text * (length // len(text)))

    part, whole = article(200_000), article(200_000 * TIMES_AS_LONG)

    assert grows_no_faster_than_its_length(named.facets, part, whole)


@given(st.lists(st.lists(st.sampled_from([SYRIA, EGYPT, JORDAN, SISI, HAMAS]), max_size=3), min_size=1, max_size=8))
def test_each_name_is_news_once_whenever_it_is_told(headlines: list[list[str]]) -> None:
    row = begun(an_article("خبر"), Facets(headline=("Q1",)))
    reader, told = told_all(row, 1, "n", 0), list[str]()
    for number, headline in enumerate(headlines):
        row = with_another(row, an_article("خبر", id=str(number)), Facets(headline=tuple(headline)))
        if number % 2:
            news = news_to(row, reader, AT_ONCE, lambda _: True)
            told += [about for _, about in news.reasons]
            reader = told_more(row, reader, "n", 0)
    told += [about for _, about in news_to(row, reader, AT_ONCE, lambda _: True).reasons]

    assert sorted(told) == sorted({name for headline in headlines for name in headline})
