"""What forms of a word have in common, figures in one piece, names alike in three scripts, a text's language."""

import pytest

from processors.stories.guessed_language import language_of, one_script
from processors.stories.name_codes import code_of
from processors.stories.telling_words import is_number, key_of, with_figures
from processors.stories.word_forms import FORMS
from processors.stories.words import words_of


@pytest.mark.parametrize(
    "forms",
    [
        "المتظاهرون المتظاهرين ومتظاهرين للمتظاهرين",
        "الغارة غارات والغارات بغارة",
        "المصري مصرية",
        "elections election",
        "negotiators negotiation negotiated",
        "hükümetten hükümetin",
    ],
)
def test_forms_of_a_word_have_one_key(forms: str) -> None:
    assert len({key_of(word) for word in words_of(forms)}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("مصر", "مصرع"), ("وزير", "زيارة"), ("سوريا", "سور"), ("Iran", "Iraq"), ("2024", "2025")]
)
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert key_of(words_of(one)[0]) != key_of(words_of(other)[0])


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("8,124.5 points", "8124d5"),
        ("8124,5", "8124d5"),
        ("٨٬١٢٤٫٥ نقطة", "8124d5"),
        ("12\u202f000 €", "12000"),
        ("1.250.000", "1250000"),
        ("3,4 milliards", "3d4"),
    ],
)
def test_a_figure_is_one_word_however_it_is_written(written: str, figure: str) -> None:
    first = words_of(with_figures(written))[0]

    assert first == figure
    assert is_number(first)
    assert key_of(first) == f"#{figure}"


@pytest.mark.parametrize(
    ("arabic", "latin", "cyrillic"),
    [
        ("سكريبال", "Skripal", "Скрипаль"),
        ("بوتين", "Poutine", "Путин"),
        ("ميركل", "Merkel", "Меркель"),
        ("لافروف", "Lavrov", "Лавров"),
        ("ماكرون", "Macron", "Макрон"),
        ("بحرين", "Bahrain", "Баррейн"),
    ],
)
def test_a_name_has_one_code_in_three_scripts(arabic: str, latin: str, cyrillic: str) -> None:
    codes = {code_of(words_of(name)[0]) for name in (arabic, latin, cyrillic)}

    assert len(codes) == 1
    assert codes != {""}


def test_a_short_name_has_no_code() -> None:
    assert code_of("كيم") == code_of("kim") == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("وصل الوفد إلى دمشق صباح اليوم", "ar"),
        ("The delegation is in Damascus for talks that will go on", "en"),
        ("La délégation est à Damas pour des discussions avec les ministres", "fr"),
        ("Heyet Şam'a geldi ve bir gün daha kalacak, ne olacak", "tr"),
        ("Die Delegation ist in Damaskus und wird nicht mit der Presse sprechen", "de"),
        ("Делегация прибыла в Дамаск", "ru"),
        ("Kaboul", ""),
        ("", ""),
    ],
)
def test_a_text_s_language_is_told_by_its_letters_or_function_words(text: str, language: str) -> None:
    assert language_of(words_of(text)) == language


def test_names_look_alike_in_languages_of_one_script() -> None:
    assert one_script("en", "tr")
    assert one_script("ar", "ar")
    assert not one_script("en", "ar")
    assert not one_script("ru", "ar")


def test_common_words_and_single_letters_tell_nothing() -> None:
    words = words_of("وقال الرئيس إن the A 7 Lyon في 12 يوم")

    assert [word for word in words if FORMS[word] is not None] == ["الرءيس", "lyon", "12"]
