"""The showcase topic on an article at its worst: broken words, other stories in it, lions, force majeure."""

from datetime import UTC, datetime

import pytest

from processors.model import Article, Evidence
from processors.topics.watchlist import Watchlist

TITLE = "لقاء غير معلن بين الأسد والسيسي.. ماذا دار خلف الأبواب المغلقة؟"
READ_ALSO = "اقرأ أيضاً: أردوغان يلوّح بعملية جديدة، وموسكو تردّ ببيان مقتضب من لافروف..!"
BODY = f"""{TITLE}
نشرة المساء – فريق التحرير
كشفت مصادر صحفية أن النظام السوري أوفد مبعوثاً أمنيـ.ـاً إلى “القاهرة” مطلع الأسبوع.
وقالت المصادر إن المبعوث التقى مسؤولين في المخابـ.ـرات المصرية، وناقش معهم عودة سوريا إلى الجامعة العربية.
{READ_ALSO}
وأضافت أن الوفد السـ.ـوري غادر مصـ.ـر في اليوم التالي، وأن “السيسي” وعد “الأسد” بمساعدات طبية.
وفي حديقة الحيوان القريبة كان عرين الأسد مغلقاً للصيانة، وقد ولدت لبؤة ثلاثة أشبال.
وتأخر وصول الوفد ساعات بسبب القوة القاهرة كما سماها أحد المنظمين."""


def evidence_of(mena: Watchlist, published_at: datetime | None) -> tuple[Evidence, ...]:
    article = Article(id="own-1", title=TITLE, body=BODY, lang="ar", published_at=published_at)
    (verdict,) = [each for each in mena.match(article) if each.topic == "syria-egypt-relations"]
    return verdict.evidence


@pytest.mark.parametrize("published_at", [None, datetime(2020, 9, 17, tzinfo=UTC)])
class TestABrokenArticleWithOtherStoriesInIt:
    def test_both_presidents_are_persons_who_speak_for_their_countries(
        self, mena: Watchlist, published_at: datetime | None
    ) -> None:
        persons = {(each.text, each.via) for each in evidence_of(mena, published_at) if each.via.endswith(".leader")}
        assert {("الأسد", "Q858.leader"), ("السيسي", "Q79.leader")} <= persons

    def test_nothing_comes_from_the_read_also_line(self, mena: Watchlist, published_at: datetime | None) -> None:
        start = BODY.index(READ_ALSO)
        silent = range(start, start + len(READ_ALSO))
        assert [each for each in evidence_of(mena, published_at) if each.field == "body" and each.start in silent] == []

    def test_neither_the_lion_nor_force_majeure_is_evidence(
        self, mena: Watchlist, published_at: datetime | None
    ) -> None:
        traps = {BODY.index("عرين الأسد") + len("عرين "), BODY.index("القوة القاهرة") + len("القوة ")}
        assert traps.isdisjoint(each.start for each in evidence_of(mena, published_at) if each.field == "body")

    def test_broken_words_are_evidence_and_say_so(self, mena: Watchlist, published_at: datetime | None) -> None:
        repaired = {each.text for each in evidence_of(mena, published_at) if each.repaired}
        assert "المخابـ.ـرات المصرية" in repaired

    def test_every_piece_of_evidence_is_where_it_says(self, mena: Watchlist, published_at: datetime | None) -> None:
        fields = {"title": TITLE, "body": BODY}
        for each in evidence_of(mena, published_at):
            assert fields[each.field][each.start : each.end] == each.text
