"""The commonest words of news, and the share of articles that hold each.

Counted as a topic finds them, with particles and pronouns, in every fifteenth of 62,555 Arabic articles of 2015 and
2018; those below 15 % are left out.
"""

from collections.abc import Mapping

from processors.normalize.written import comparable

_ARABIC = """
97 في
94 من
90 أن
88 على
77 إلى
64 عن
63 ما التي
58 مع
54 الذي
49 بعد
46 ذلك
43 خلال قال
42 هذا
41 بين
39 لا عام أنه قد
38 هذه كان
34 يوم وقال
33 لم قبل رئيس
32 هو
31 كما
30 كل لكن
29 حيث أحد
28 له
27 أو
26 كانت أي
25 غير أكثر أول هي منطقة
24 الماضي وفي العام وقت
23 منذ حتى أخرى أنها
22 عدد اليوم بأن
21 عمل
20 بعض وهو
19 المتحدة تم شكل مدينة وكان ومن الرئيس دي عالم
18 وأضاف أمام آخر فيها جميع
17 أيضا العالم حسب سبب فيما خاصة نحو بشكل لها
16 بن أولى وذلك عبر قالت إلا الذين دون أمر جانب نفس بها فريق وأن
15 هناك قدم جديدة يمكن الأول اسم مثل سابق أكد محمد فيه حول هم العمل
"""

_ENGLISH = """
in the of and a on to were said by at that for with from as was an have has been is which it also more its are since
after had
"""

_ENGLISH_SHARE = 0.4
"""At least, in 804 English articles on one war; only words of grammar were taken from them, and «said»."""


def _table() -> Mapping[str, float]:
    table = dict.fromkeys(_ENGLISH.split(), _ENGLISH_SHARE)
    for row in _ARABIC.strip().split("\n"):
        percent, *words = row.split()
        for word in words:
            form = comparable(word)
            table[form] = max(table.get(form, 0.0), int(percent) / 100)
    return table


_SHARES = _table()


def share_of(word: str) -> float:
    """The share of articles that hold the folded ``word``; 0 where it is not among the commonest."""
    return _SHARES.get(word, 0.0)
