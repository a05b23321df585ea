"""What a reader sees: markup resolved, marks dropped, letters folded one for one."""

import pytest

from processors.normalize.text import read_text


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("مِصْرُ", "مصر"),
        ("مصـــر", "مصر"),
        ("الرياض ـ واس", "الرياض - واس"),
        ("25ـ30", "25-30"),
        ('لـ"داعش"', 'ل"داعش"'),
        ("سو\u200bريا\u00ad", "سوريا"),
        ("\u202bسوريا\u202c\ufeff", "سوريا"),
        ("ﺳﻮﺭﻳﺎ ﻻ", "سوريا لا"),
        ("ا\u0654ب", "أب"),
        ("و\u064e\u0654", "ؤ"),
        ("Cafe\u0301", "Café"),
        ("ＣＮＮ １２", "CNN 12"),
        ("قال… نعم", "قال... نعم"),
        ("a\u00a0b", "a b"),
        ("ﷺ", " "),
        ("Brand™", "Brand "),
        ("س\x00و\x07ريا", "سوريا"),
        ("<p>a</p><p>b</p>", "\na\n\nb\n"),
        ("a<br/>b", "a\nb"),
        ("سو<b>ريا</b>", "سوريا"),
        ("<td>a</td><td>b</td>", " a  b "),
        ("a<!-- b <p> -->c", "ac"),
        ("a<script>b < c</script>d", "a\nd"),
        ("a<STYLE>p { }</STYLE >d", "a\nd"),
        ("3 < 4 & 5 > 2", "3 < 4 & 5 > 2"),
        ("a<!-- open", "a open"),
        ("AT&T &amp; R&D", "AT&T & R&D"),
        ("&#1587;&#x648;ريا&nbsp;&hellip;", "سوريا ..."),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("&#x0;", "\ufffd"),
        ("&#1600;", "-"),
    ],
)
def test_a_text_is_read_as_a_person_sees_it(raw: str, plain: str) -> None:
    assert read_text(raw).plain == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أإآٱا", "ااااا"),
        ("مسؤول", "مسئول"),
        ("سورية", "سوريه"),
        ("مستشفى", "مستشفي"),
        ("کیف", "كيف"),
        ("ہھەة", "هههه"),
        ("ێۆڕڵ", "يورل"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("ÉGYPTE", "egypte"),
        ("İSTANBUL", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("Şırnak", "sirnak"),
        ("ĞÜÇÖ", "guco"),
        ("l’Iran", "l'iran"),
        ("МОСКВА", "москва"),
    ],
)
def test_letters_that_fold_together(one: str, other: str) -> None:
    assert read_text(one).folded == read_text(other).folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("تؤنس", "تونس"), ("مسئول", "مسيول"), ("پاریس", "باريس"), ("گاز", "كاز"), ("سوريا", "سورية"), ("قلب", "كلب")],
)
def test_letters_that_stay_apart(one: str, other: str) -> None:
    assert read_text(one).folded != read_text(other).folded


def test_folding_is_the_same_inside_and_outside_the_code_page() -> None:
    inside, outside = "أسئلة القاهرة Égypte «»؟،", "ی"

    assert read_text(inside).folded == read_text(inside + outside).folded[:-1]


def test_markup_is_text_where_no_markup_is_expected() -> None:
    assert read_text("<b>&amp;</b>", html=False).plain == "<b>&amp;</b>"
