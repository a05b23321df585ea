"""Where words and sentences begin and end."""

import pytest

from processors.normalize.text import read_text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("زار الرئيس دمشق.", "زار|الرئيس|دمشق"),
        ("قالت أ.ف.ب. إن", "قالت|أ.ف.ب.|إن"),
        ("وفق بي.بي.سي أمس", "وفق|بي.بي.سي|أمس"),
        ("د.هشام", "د|هشام"),
        ("العالم.وتم", "العالم|وتم"),
        ("the U.S. army", "the|U.S.|army"),
        ("بنسبة 3.5 أو 1,200,000", "بنسبة|3.5|أو|1,200,000"),
        ("٣٫٥", "٣٫٥"),
        ("في 2015.وقال", "في|2015|وقال"),
        ("الـ25", "ال25"),
        ("أيلول/سبتمبر", "أيلول|سبتمبر"),
        ("كوالا-لمبور", "كوالا|لمبور"),
        ("#عاصفة_الحزم", "عاصفة|الحزم"),
        ("l’Iran's", "l|Iran|s"),
        ("@desk_one قال", "@desk_one|قال"),
        ("see https://a.example/x?y=1. Then", "see|https://a.example/x?y=1|Then"),
        ("write to a.b@c.example now", "write|to|a.b@c.example|now"),
        ("on alarabiya.net.", "on|alarabiya.net"),
        ("www.a.example", "www.a.example"),
        ("end.The next", "end|The|next"),
        ("العربية.نت", "العربية|نت"),
        ("שָׁלוֹם עולם", "שָׁלוֹם|עולם"),
        ("نِهَايَةُ", "نهاية"),
        ("... ؟ !", ""),
    ],
)
def test_a_word_is_a_run_of_letters_or_what_its_signs_hold_together(raw: str, words: str) -> None:
    text = read_text(raw)

    assert "|".join(text.plain[start:end] for start, end in text.words) == words


@pytest.mark.parametrize(
    ("raw", "sentences"),
    [
        ("قال. وأضاف! لماذا؟ لا", "قال.|وأضاف!|لماذا؟|لا"),
        ("قال؛ وأضاف، ثم: سافر", "قال؛ وأضاف، ثم: سافر"),
        ("سطر\nسطر", "سطر|سطر"),
        ("العالم.وتم", "العالم.|وتم"),
        ("نسبة 3.5 مليون", "نسبة 3.5 مليون"),
        ("قالت أ.ف.ب إن", "قالت أ.ف.ب إن"),
        ("قال د. هشام", "قال د. هشام"),
        ("قال د.هشام", "قال د.هشام"),
        ("على https://a.example/x.html?y=1 اليوم", "على https://a.example/x.html?y=1 اليوم"),
        ("سرية.. ومصادر تكشف..!", "سرية..|ومصادر تكشف..!"),
        ("قال… ثم", "قال...|ثم"),
        ("Mr. Smith said. He left", "Mr. Smith said.|He left"),
        ("<p>واحد</p><p>اثنان</p>", "واحد|اثنان"),
    ],
)
def test_stops_and_line_breaks_end_a_sentence_but_not_inside_a_word(raw: str, sentences: str) -> None:
    text = read_text(raw)

    assert "|".join(text.plain[start:end].strip() for start, end, _ in text.sentences) == sentences


def test_a_line_break_ends_a_paragraph_and_a_stop_does_not() -> None:
    text = read_text("واحد. اثنان\nثلاثة\n\nأربعة")

    assert [sentence.paragraph for sentence in text.sentences] == [0, 0, 1, 2]
    assert text.paragraph_of(text.plain.index("أربعة")) == 2


def test_a_position_between_words_belongs_to_the_word_before() -> None:
    text = read_text("واحد اثنان")

    assert [text.word_at(0), text.word_at(4), text.word_at(5), text.word_at(9)] == [0, 0, 1, 1]
    assert (read_text("").word_at(0), read_text("").sentence_of(0), read_text("").paragraph_of(0)) == (0, 0, 0)
