"""News of our own making for benchmarks: 1,600 characters of Arabic each, names as often as in real news."""

import gzip
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.bench_screen import LEADERS, NAMES, TERMS
from benchmarks.invented import OWN_WORDS
from tests.faults.articles import WORDS

WHO = """المدير المسؤول الخبير الطبيب المهندس المزارع التاجر السائق المعلم الباحث المحامي الكاتب العامل الصياد الحرفي
الطالب الموظف الزائر المتطوع المستثمر الرسام الملحن الطباخ البحار النجار الحداد الخياط البناء الفلكي الجغرافي""".split()
DID = """شرح وصف افتتح رتب جمع كتب قرأ أصلح زرع باع اشترى رسم صنع نقل راقب قاس حسب درس علم حفظ طور جرب عرض قدم نشر
سجل بنى نظف حصد خزن وزع ترجم صور لون قص غزل نسج""".split()
WHAT = """الكتاب المعرض السوق الحديقة المدرسة المكتبة الجسر الطريق المحصول القارب اللوحة الخريطة الدفتر الدواء النهر
البئر المصنع الورشة المختبر المتحف الملعب المسرح الفيلم القصيدة الرواية الأغنية الدرس الامتحان الجائزة المشروع التقرير
الحساب الميزان الساعة المفتاح النافذة السقف الجدار الباب الحقل البستان المطبخ المخبز""".split()
HOW = """الجديد القديم الكبير الصغير الجميل البعيد القريب الطويل القصير السريع البطيء الهادئ المشمس البارد الدافئ النادر
الشائع المفيد المهم المعروف المجهول الواسع الضيق العالي""".split()
WHEN = (
    """أمس اليوم صباحا مساء غدا سابقا لاحقا أحيانا دائما قريبا مبكرا متأخرا سنويا شهريا أسبوعيا فجأة تدريجيا""".split()
)
JOINING = "و في من على إلى عن مع بعد قبل حول خلال أن التي الذي بين حتى كما لكن ثم عند كل بعض أكثر هذا هذه".split()
NAMES_EACH = 6  # of countries, leaders and common news words in an article: as many as real ones have
MATCHING = 33  # every 33rd: 3 %


def sentence(chance: random.Random) -> str:
    parts = [f"{chance.choice(DID)} {chance.choice(WHO)} {chance.choice(WHAT)} {chance.choice(HOW)}"]
    parts += (
        f"{chance.choice(JOINING)} {chance.choice(WHAT)} {chance.choice(HOW)} {chance.choice(JOINING)}"
        for _ in range(chance.randint(1, 3))
    )
    return " ".join((*parts, chance.choice(WHEN))) + chance.choice((".", ".", "،", ".\n"))


def composed(number: int) -> bytes:
    """An article of our own; the same number is always the same article, and a story of its own."""
    chance = random.Random(number)
    sentences = [sentence(chance) for _ in range(21)]
    for _ in range(NAMES_EACH):
        place = chance.randrange(3, len(sentences))
        sentences[place] = f"{chance.choice((*NAMES, *LEADERS, *TERMS, *TERMS))} {sentences[place]}"
    title = f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)} {chance.choice(HOW)}"
    if number % MATCHING == 0:
        own = chance.choices(WORDS["ar"], k=OWN_WORDS)  # reports that begin with the same words tell one story
        title = f"{' '.join(own[:6])} في مصر وسوريا"
        sentences[0] = f"{' '.join(own)} {sentences[0]}"
        sentences[1] = f"بحث وزير الخارجية المصري في دمشق مع نظيره السوري العلاقات {sentences[1]}"
    article = {
        "id": f"composed-{number}",
        "url": f"https://news.example/{number}",
        "title": title,
        "body": " ".join(sentences),
        "source": f"outlet{number % 40}.example",
        "published_at": "2026-11-24T12:00:00Z",
        "lang": "ar",
    }
    return msgspec.json.encode(article)


def lines_of(archives: Sequence[str], most: int) -> list[bytes]:
    """``most`` articles, from all archives alike."""
    if not archives:
        return [composed(number) for number in range(most)]
    lines: list[bytes] = []
    for path in archives:
        opener = gzip.open if path.endswith(".gz") else open
        with opener(Path(path), "rb") as file:
            every = [line for line in file if line.strip()]
        step = max(1, len(every) * len(archives) // most)
        lines += every[::step]
    return lines[:most]
