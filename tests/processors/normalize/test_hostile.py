"""Cost grows with the length of a text, and with nothing else."""

import pytest

from processors.matchers.index import PatternIndex
from processors.model import Pattern
from processors.normalize.text import read_text
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length

MIB = 1 << 20
HOSTILE = {
    "combining marks": "\u064b" * MIB,
    "composing marks": "e" + "\u0301" * MIB,
    "alternating marks": "و\u0654" * (MIB // 2),
    "blessings": "ﷺ" * MIB,
    "ligatures": "ﷲ" * MIB,
    "null entities": "&#x0;" * (MIB // 5),
    "less-than signs": "<" * MIB,
    "open tags": "<a " * (MIB // 3),
    "open comments": "<!--" * (MIB // 4),
    "open scripts": "<script>" * (MIB // 8),
    "nested tags": "<div>" * (MIB // 10) + "</div>" * (MIB // 10),
    "ampersands": "&" * MIB,
    "tatweels": "ـ" * MIB,
    "letter and tatweel": "سـ" * (MIB // 2),
    "breaks": "سـ.ـ" * (MIB // 4),
    "bare dots beside a break": "سـ.ـا.ا.ا.ا " * (MIB // 12),
    "words without dots": "ڡلسطٮں ٮه " * (MIB // 10),
    "other words without dots": " ".join(
        "ٮحد" + chr(0x621 + number % 26) * (number % 26) for number in range(MIB // 16)
    ),
    "one word without dots": "ٮ" * MIB,
    "asterisks in words": "سـ*ـوـ*ـيا " * (MIB // 12),
    "asterisks in one word": "سـ*ـ" * (MIB // 4),
    "Latin last letters": "سوريM " * (MIB // 6),
    "dotless yehs": "ىا" * (MIB // 2),
    "broken names": "سـ.ـوريا " * (MIB // 9),
    "names and breaks": "سوريا تـ.ـم " * (MIB // 12),
    "initials": "أ." * (MIB // 2),
    "initials that end wrong": "أ." * (MIB // 2) + "بب",
    "pairs of letters": "أب." * (MIB // 3),
    "mail names": "a.b-c+" * (MIB // 6) + "@",
    "at signs": "a@" * (MIB // 2),
    "labels": "a-b." * (MIB // 4),
    "decimals": "1," * (MIB // 2),
    "colons": "://" * (MIB // 3),
    "full stops": "." * MIB,
    "line breaks": "\n" * MIB,
    "short lines": "شاهد\n" * (MIB // 5),
    "one long line": "شاهد " * (MIB // 5),
    "zero-width": "س\u200b" * (MIB // 2),
    "surrogates": "\ud800" * MIB,
    "nulls": "\x00" * MIB,
    "one name": "سوريا " * (MIB // 6),
    "name and stops": "عبد الفتاح. " * (MIB // 12),
    "dashes": "- " * (MIB // 2),
    "brackets": "(" * MIB,
    "letters": "ا" * MIB,
}
WHOLE = MIB // 32


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_the_cost_of_reading_and_searching_anything_grows_with_its_length_alone(raw: str) -> None:
    patterns = [*map(Pattern, ["سوريا", "عبد الفتاح السيسي", "أ.ف.ب", "شاهد"]), Pattern("عبد السيسي", slop=3)]
    groups = [(number,) for number in range(len(patterns))]
    index, of_many = PatternIndex(patterns, groups), PatternIndex(patterns, groups, most_needles=0)

    def read_and_search(body: str) -> None:
        text = read_text(body, max_chars=MIB)
        _ = text.words, text.sentences, text.silent
        index.groups_in(body, MIB)
        of_many.groups_in(body, MIB)
        index.find(text, "body")

    assert grows_no_faster_than_its_length(read_and_search, raw[: WHOLE // TIMES_AS_LONG], raw[:WHOLE])


def test_only_the_first_characters_are_read_and_it_says_so() -> None:
    text = read_text("سوريا " * 10, max_chars=6)

    assert (text.plain, text.truncated) == ("سوريا ", True)
    assert not read_text("سوريا").truncated
