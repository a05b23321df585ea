"""Frequent words that only begin like the name of a country or a city: what a star after the name also finds.

Read off the word counts of 62,555 news articles.
"""

from collections.abc import Mapping, Sequence

from processors.topics.lint.known_names import folded

_ROWS = """
مصر مصرف مصرع مصروفات مصران
قطر قطرة قطرات قطرها
حلب حلبة حلبات
صور صورة صورها
الرياض الرياضة الرياضي الرياضيين
اليمن اليمنى
عدن عدنان
مالي مالية ماليزيا
دبي دبيب دبيبة
حماة حماتها
تركي تركيز تركيب
عمان عمانوئيل
صيدا صيدلية
درعا درعان
الباب البابا
"""

_NEIGHBOURS: Mapping[str, Sequence[str]] = {
    folded(row.split()[0]): tuple(row.split()[1:]) for row in _ROWS.strip().split("\n")
}


def neighbours_of(stem: str) -> Sequence[str]:
    """Words that begin with the folded ``stem`` and are no form of the name."""
    return _NEIGHBOURS.get(stem, ())
