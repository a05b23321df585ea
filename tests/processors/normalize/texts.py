"""Strings that news, broken feeds and attackers send."""

from hypothesis import strategies as st

PIECES = st.sampled_from(
    [
        "سوريا", "القاهرة", "وللقاهرة", "زيارته", "مِصْر", "حمـ.ـاس", "حــ ـمــ ـاس", "حـMـاس", "لـ\"داعش\"",
        "الـ25", "25ـ30", " ـ ", "أ.ف.ب", "Syria", "SURİYE", "l’Iran", "U.S.", "Cœur", "ﷺ", "ﻻ", "ﷲ",
        "e\u0301", "و\u0654", "ا\u064e\u0654", "\u064b", "\u0651" * 40, "<b>", "</p>", "<br/>", "<", "&",
        "&amp;", "&#1587;", "&#x0;", "&nbsp;", "<!--", "-->", "<script>", "</script>", "\x00", "\ud800",
        "\u200b", "\u200f", "\ufeff", "\u00ad", "½", "²", "™", "…", "٣", "۵", "ک", "ی", "ے", "ڡ", "ں", ".",
        "،", "؟", "!", "\n", "\r\n", "\u2028", " ", "\u00a0", "_", "#", "@", "'", "-", "/", "@desk",
        "https://a.example/x", "3.5", "🙂", "日本", "שלום", "к",
    ]
)  # fmt: skip
WRITTEN = st.lists(PIECES, max_size=14).map("".join)
ANYTHING = st.text(st.characters(codec=None), max_size=60)
TEXTS = st.one_of(WRITTEN, ANYTHING, st.tuples(WRITTEN, ANYTHING, WRITTEN).map("".join))
