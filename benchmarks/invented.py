"""Invented articles in Arabic: as long as real ones, and as many of them concern a topic as a benchmark asks for.

No word of it comes from a newspaper. Articles that match are stories of their own; the others name the watched
countries only now and then, as real ones do.
"""

import json
import random
from collections.abc import Iterator

from tests.faults.articles import WORDS

PLAIN = """
في من على إلى عن مع بعد قبل خلال منذ حتى بين أمام تحت فوق حول كما حيث لكن بينما قال أكد أوضح أضاف ذكر أعلن أشار
السوق الأسعار المدينة القرية الشارع المصنع الشركة المدرسة الجامعة المستشفى المطار الميناء الطريق الجسر النهر البحر
الجبل الوادي المزرعة المحصول القمح الزيت السكر الخضار الفاكهة الماء الكهرباء الوقود السيارة القطار الحافلة الدراجة
الطفل الطالب المعلم الطبيب المهندس العامل الفلاح التاجر الكاتب الشاعر اللاعب المدرب الفريق المباراة البطولة الملعب
الصيف الشتاء الربيع الخريف الحرارة المطر الثلج الرياح الغبار الصباح المساء الليل النهار الأسبوع الشهر العام الموسم
جديد قديم كبير صغير طويل قصير سريع بطيء قوي ضعيف كثير قليل مهم عام خاص محلي شعبي سنوي يومي أول ثان ثالث أخير
ارتفاع انخفاض زيادة تراجع تحسن توسع افتتاح إغلاق تطوير تدريب تعليم علاج بناء ترميم زراعة حصاد بيع شراء نقل تخزين
نحو مئة ألف مليون عشرة عشرين ثلاثين نسبة متوسط إجمالي معظم بعض جميع كل أي هذا هذه ذلك تلك الذي التي الذين
""".split()

FIRST = "نادر سليم كمال رفيق جميل وسيم هاني فريد أنور مازن شادي زاهر طلال عماد راغب".split()
LAST = "الحداد النجار الخياط العطار الصباغ البناء السقا الحلاق الدباغ الفران الطحان الجمال السراج الكيال".split()
NAMES = [f"{first} {last}" for first in FIRST for last in LAST]
WATCHED, UNWATCHED = NAMES[:200], NAMES[200:]

OWN_WORDS = 70
"""Of an article that matches, in headline and beginning: reports that begin with the same words tell
one story, and would be one alert."""

CHARACTERS = 1_545
"""Of a body: the mean of an archive of 62,555 news articles."""


def articles(number: int, share: float, seed: int) -> Iterator[tuple[bytes, bool]]:
    """``number`` articles as JSON, and whether each names somebody of ``WATCHED``."""
    chance = random.Random(seed)
    for n in range(number):
        matching = chance.random() < share
        words = []
        length = 0
        while length < CHARACTERS:
            words.append(chance.choice(PLAIN) if chance.random() > 0.02 else chance.choice(UNWATCHED))
            if len(words) % 14 == 0:
                words[-1] += "." if len(words) % 70 else ".\n"
            length += len(words[-1]) + 1
        title = chance.choices(PLAIN, k=8)
        if matching:
            own = chance.choices(WORDS["ar"], k=OWN_WORDS)
            title[1:7], words[:OWN_WORDS] = own[:6], own
            words[chance.randrange(len(words) // 2)] = f"و{chance.choice(WATCHED)}"
        article = {
            "id": f"{seed}-{n}",
            "url": f"https://outlet{n % 40}.example/{seed}/{n}",
            "title": " ".join(title),
            "body": " ".join(words),
            "source": f"outlet{n % 40}.example",
            "lang": "ar",
        }
        yield json.dumps(article, ensure_ascii=False).encode(), matching


def topics() -> dict[str, object]:
    """Twenty topics of ten names each."""
    groups = [WATCHED[first : first + 10] for first in range(0, len(WATCHED), 10)]
    return {
        "topics": {
            f"people-{number}": {"match": " OR ".join(f'"{name}"' for name in group)}
            for number, group in enumerate(groups)
        }
    }
