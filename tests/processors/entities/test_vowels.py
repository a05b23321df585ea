"""Vowel marks as evidence."""

import pytest

from processors.entities.vowels import Agreement, compare, marks_of


@pytest.mark.parametrize(
    ("name", "found", "agreement"),
    [
        ("عُمَان", "عمان", Agreement.SILENT),
        ("عُمَان", "عُمان", Agreement.AGREES),
        ("عُمَان", "عمّان", Agreement.CONTRADICTS),
        ("عُمَان", "عَمان", Agreement.CONTRADICTS),
        ("عَمَّان", "عمّان", Agreement.AGREES),
        ("عَمَّان", "عُمان", Agreement.CONTRADICTS),
        ("مِصر", "مِصر", Agreement.AGREES),
        ("مِصر", "مُصِرّ", Agreement.CONTRADICTS),
        # The last letter's vowel is grammar.
        ("قَطَر", "قطرِ", Agreement.SILENT),
        ("قَطَر", "قُطر", Agreement.CONTRADICTS),
        # A tatweel is no letter.
        ("عُمَان", "عُمـان", Agreement.AGREES),
        # A particle that took a letter along leaves nothing to compare.
        ("اليَمَن", "ليُمن", Agreement.SILENT),
    ],
)
def test_marks_of_a_text_agree_contradict_or_say_nothing(name: str, found: str, agreement: Agreement) -> None:
    assert compare(marks_of(name), marks_of(found)) is agreement
