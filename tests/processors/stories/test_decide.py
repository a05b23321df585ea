"""Which story an article belongs to: the rules, on our own articles."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from processors.ids import story_id
from processors.model import Article
from processors.stories.decide import Placement, Relation, decide
from processors.stories.fingerprint import fingerprint
from processors.stories.group import DayBuckets, place
from processors.stories.memory import WINDOW, StoryMemory
from processors.stories.rows import AlertState

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
REPORT = """
أعلنت وزارة الطاقة في بيان صدر صباح اليوم أن محطة تحلية جديدة ستبدأ العمل في مدينة العقبة قبل نهاية العام الجاري،
بعد سنوات من التأخير في تمويل المشروع. وقال المتحدث باسم الوزارة إن المحطة ستغطي حاجة ربع مليون شخص من مياه الشرب،
وإنها تعمل بالطاقة الشمسية نهارا وبالشبكة العامة ليلا. وأضاف أن مهندسين من ثلاث دول شاركوا في تصميم المضخات،
وأن تجارب التشغيل ستستمر ستة أسابيع يراقب خلالها خبراء البيئة أثر المياه المالحة على الشعاب المرجانية القريبة.
وكان سكان المدينة قد شكوا في الصيف الماضي من انقطاع المياه أياما متتالية،
فيما وعد المحافظ بخفض التعرفة على الأسر الصغيرة.
"""
OTHER = """
افتتح وزير الثقافة مساء أمس معرض الكتاب في دورته الثلاثين بحضور كتاب وناشرين من عشرين بلدا، وسط إقبال كبير من الطلاب.
ويضم المعرض هذا العام جناحا للمخطوطات النادرة وآخر لكتب الأطفال، إضافة إلى ندوات عن الترجمة والنشر الرقمي تمتد أسبوعين.
وقالت مديرة المعرض إن أسعار المشاركة خفضت إلى النصف لدور النشر الصغيرة، وإن حفلا موسيقيا سيختتم الفعاليات يوم الجمعة.
"""


def an_article(
    name: str, *, title: str = "محطة تحلية جديدة في العقبة قبل نهاية العام", body: str = REPORT, **more: str
) -> Article:
    return msgspec.structs.replace(Article(id=name, title=title, body=body), **more)


class Desk:
    """Places articles as the daemon does, one batch each."""

    def __init__(self) -> None:
        self.store = DayBuckets(min_days=10)

    def place(self, article: Article, at: datetime = NOON) -> Placement:
        return place(article, at, self.store, name="rasid", window=WINDOW)


def test_the_first_article_begins_a_story_named_after_it() -> None:
    placed = Desk().place(an_article("one"))

    assert (placed.relation, placed.story, placed.of) == (Relation.NEW, story_id("rasid", "one"), "")


def test_an_article_processed_twice_changes_nothing() -> None:
    desk = Desk()
    first = desk.place(an_article("one"))

    again = desk.place(an_article("one"))

    assert (again.relation, again.story, again.of, again.writes) == (Relation.SAME_ARTICLE, first.story, "one", ())


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("as it is", an_article("two", source="other")),
        ("another headline", an_article("two", title="العقبة تنتظر مياه البحر المحلاة")),
        ("the headline repeated", an_article("two", body=f"محطة تحلية جديدة في العقبة قبل نهاية العام\n{REPORT}")),
        (
            "a read-also line",
            an_article("two", title="مياه", body=f"{REPORT}\nاقرأ أيضاً: وزير الثقافة يفتتح معرض الكتاب"),
        ),
        (
            "a footer",
            an_article("two", title="مياه", body=f"{REPORT}\nجميع الحقوق محفوظة للصحيفة ولا يجوز النقل دون إذن"),
        ),
        ("a dateline", an_article("two", title="مياه", body=f"عمان (وكالة الأنباء المحلية) - {REPORT.strip()}")),
        ("cut after the first half", an_article("two", title="مياه", body=REPORT[: len(REPORT) // 2])),
        ("vowel marks and tatweel", an_article("two", title="مياه", body=REPORT.replace("المحطة", "المَحطّـــة"))),
        ("hamzas left out", an_article("two", title="مياه", body=REPORT.replace("أ", "ا").replace("إ", "ا"))),
        ("as HTML", an_article("two", title="مياه", body="".join(f"<p>{line}</p>" for line in REPORT.split("\n")))),
        (
            "three words changed",
            an_article(
                "two", title="مياه", body=REPORT.replace("صباح", "مساء").replace("ستة", "سبعة").replace("ليلا", "مساء")
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_copy_joins_the_story(name: str, copy: Article) -> None:
    desk = Desk()
    first = desk.place(an_article("one"))

    placed = desk.place(copy, NOON + timedelta(hours=5))

    assert (placed.relation, placed.story, placed.of) == (Relation.COPY, first.story, "one"), name
    assert placed.because


def test_another_report_begins_another_story() -> None:
    desk = Desk()
    desk.place(an_article("one"))

    assert desk.place(an_article("two", title="معرض الكتاب يفتح أبوابه للطلاب", body=OTHER)).relation is Relation.NEW


def test_an_edited_article_stays_in_its_story_whatever_it_says_now() -> None:
    desk = Desk()
    first = desk.place(an_article("one"))

    edited = desk.place(an_article("one", title="تصحيح", body=OTHER))
    copy_of_the_edit = desk.place(an_article("two", title="معرض", body=OTHER))

    assert (edited.relation, edited.story) == (Relation.SAME_ARTICLE, first.story)
    assert (copy_of_the_edit.relation, copy_of_the_edit.story) == (Relation.COPY, first.story)
    assert edited.row.articles == 1


def test_the_same_address_is_the_same_article() -> None:
    desk = Desk()
    first = desk.place(an_article("one", url="https://www.news.example/a?utm_source=x"))

    placed = desk.place(an_article("two", body=OTHER, url="https://m.news.example/a/amp"))

    assert (placed.relation, placed.story, placed.of) == (Relation.SAME_ARTICLE, first.story, "one")


def test_a_front_page_joins_nothing() -> None:
    desk = Desk()
    desk.place(an_article("one", url="https://news.example/"))

    assert desk.place(an_article("two", title="معرض", body=OTHER, url="https://news.example")).relation is Relation.NEW


def test_a_story_is_joined_within_its_window_and_not_after() -> None:
    desk = Desk()
    first = desk.place(an_article("one"))

    within = desk.place(an_article("two"), NOON + WINDOW)
    prolonged = desk.place(an_article("three"), NOON + 2 * WINDOW)
    after = desk.place(an_article("four"), NOON + 3 * WINDOW + timedelta(minutes=1))

    assert within.story == prolonged.story == first.story
    assert after.relation is Relation.NEW


def test_an_article_that_comes_late_joins_the_story_it_belongs_to() -> None:
    desk = Desk()
    first = desk.place(an_article("one"))

    late = desk.place(msgspec.structs.replace(an_article("two"), published_at=NOON - timedelta(hours=60)))

    assert late.story == first.story
    assert late.row.first_ms < first.row.first_ms


def test_an_article_read_again_for_a_week_stays_in_its_story() -> None:
    desk = Desk()
    first = desk.place(an_article("one"))

    later = [desk.place(an_article("one"), NOON + timedelta(days=day)).story for day in range(1, 9)]

    assert set(later) == {first.story}


def test_the_most_alike_of_two_stories_is_joined() -> None:
    desk = Desk()
    half = REPORT[: len(REPORT) // 2]
    desk.place(an_article("half", title="نصف", body=half + OTHER))
    whole = desk.place(an_article("whole", title="كل", body=REPORT + "\nوختم البيان بشكر العاملين"))

    assert desk.place(an_article("copy", title="نسخة")).story == whole.story


def test_articles_of_one_batch_see_each_other() -> None:
    memory = StoryMemory()

    def decided(article: Article) -> Placement:
        return decide(article, fingerprint(article), NOON, memory, name="rasid", window=WINDOW)

    assert [decided(an_article("one")).story, decided(an_article("two")).story] == [story_id("rasid", "one")] * 2


def test_what_was_told_is_kept_in_the_story() -> None:
    desk = Desk()
    article = an_article("one")
    memory = StoryMemory()
    placed = decide(article, fingerprint(article), NOON, memory, name="rasid", window=WINDOW)
    state = AlertState(alert="alert", notices=1, last_notice="notice", deliveries=("evt_1",))

    desk.store.write([*placed.writes, memory.write_alert(placed.story, "water", state)])

    assert desk.place(an_article("two")).row.alerts == {"water": state}


def test_a_story_of_ten_thousand_articles_stays_small() -> None:
    memory = StoryMemory()
    texts = [REPORT + f"\nنسخة {'أ' * number} من التقرير ينشرها المراسل" for number in range(30)]
    prints = [fingerprint(an_article("x", body=text)) for text in texts]

    def rows() -> Iterable[Placement]:
        for number in range(10_000):
            article = an_article(f"https://outlet-{number}.example/{number}", source=f"outlet {number}", lang="ar")
            yield decide(article, prints[number % 30], NOON, memory, name="rasid", window=WINDOW)

    *_, last = rows()

    assert last.row.articles == 10_000
    assert len(last.writes[-1].row) < 4_000


def test_a_hostile_article_is_placed_too() -> None:
    desk = Desk()

    for text in ("", "\ud800", "<" * 5_000, "ـ" * 5_000, "\u0301" * 5_000, "😀 " * 100):
        placed = desk.place(Article(id=f"\udfff{text}", title=text, body=text, source=text, url=text, lang=text))
        assert placed.relation is Relation.NEW
