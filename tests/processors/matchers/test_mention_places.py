"""Wherever a mention is told, there it is: whatever reading had to undo on the way."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from processors.matchers.index import compile_patterns
from processors.model import Mention, Pattern
from processors.normalize.text import Text, read_text
from tests.processors.normalize.texts import TEXTS, WRITTEN

PATTERNS = [
    Pattern("سوريا"),
    Pattern("القاهرة", definite=True),
    Pattern("اللاذقية", definite=True),
    Pattern("زيارة", takes_article=True, takes_suffixes=True),
    Pattern("مصر", takes_ka_fa=True),
    Pattern("حماس"),
    Pattern("داعش"),
    Pattern("الله"),
    Pattern("عبد الله"),
    Pattern("آل سوريا"),
    Pattern("سوريا القاهرة", slop=2),
    Pattern("سور", prefix=True),
    Pattern("أ.ف.ب"),
    Pattern("25"),
    Pattern("Syria"),
    Pattern("suriye"),
    Pattern("coeur"),
    Pattern("U.S."),
    Pattern("é"),
    Pattern("2"),
]
INDEX = compile_patterns(PATTERNS)

BROKEN = ("حمـ.ـاس", "حـ.ـمـ.ـاس", "حــ ـمــ ـاس", "حـMـاس", "حMاس", "سـ.ـوريا", "ولسـ..ـوريا", "سو.ـريا", "زيـ،ـارته",
          "ڡلسطٮں", "داعـ*ـش", "داعـ ـش", "حَمـ.ـاسُ", "<b>حمـ</b>.ـاس", "م&#1600;.ـصر")  # fmt: skip

NEUTRAL = ("قال ", "x\n", "… ", "<p>", "<br/>. ", "&nbsp;", "\u200f\u202b ", "ـ. ", "١٢ ")
"""What may stand before any text and changes nothing of it."""


def mentions_in(raw: str) -> list[tuple[Mention, Text]]:
    """Every mention, with the field as it was read."""
    text = read_text(raw)
    return [(mention, text) for mention in INDEX.find(text, "title")]


@given(TEXTS)
@example("ولـِـسوريـــا، للاذقية آلسوريا Suriyeliler")
@example("&#1587;وريا <b>سو</b>ريا سور&shy;يا")
def test_a_mention_is_inside_the_field_and_not_empty(raw: str) -> None:
    for mention, _ in mentions_in(raw):
        assert 0 <= mention.start < mention.end <= len(raw)
        assert 0 <= mention.first_word <= mention.last_word < len(read_text(raw).words)


@given(TEXTS)
@example("½ ² ﷲ ﻻ")
@example("<!-- سوريا --> سوريا <a title='سوريا'>سوريا</a>")
def test_what_is_there_read_again_is_the_form_that_was_matched(raw: str) -> None:
    for mention, text in mentions_in(raw):
        if not mention.repaired:
            form = text.folded[text.position(mention.start) : text.position(mention.end)]
            again = read_text(raw[mention.start : mention.end])

            assert again.folded.strip() == form.strip() != ""


@given(st.lists(st.sampled_from(BROKEN), max_size=6).map(" ".join), WRITTEN)
@example("حـ.ـمـ.ـاس حــ ـمــ ـاس حـMـاس", "")
def test_a_broken_word_is_mended_to_the_same_form_when_it_is_read_again(words: str, after: str) -> None:
    raw = f"{words} {after}"
    for mention, text in mentions_in(raw):
        if mention.repaired:
            written = raw[mention.start : mention.end]
            again = read_text(written)
            found = {(each.pattern, each.start, each.end) for each in INDEX.find(again, "title")}

            assert (mention.pattern, 0, len(written)) in found
            # In ڡسوريا only the particle was undotted.
            assert again.mended.get((0, len(written)), again.plain) == text.mended[mention.start, mention.end]


@given(TEXTS)
def test_a_mention_begins_and_ends_with_what_is_read(raw: str) -> None:
    for mention, text in mentions_in(raw):
        first, last = text.position(mention.start), text.position(mention.end) - 1

        assert text.original(first, first + 1)[0] == mention.start
        assert text.original(last, last + 1)[1] <= mention.end
        assert not re.match(r"[<\s«»\"()ـ\u200b]", raw[mention.start])


@given(st.sampled_from(NEUTRAL), TEXTS)
@example("x\n", "\u0654ا سوريا")
def test_what_stands_before_a_text_only_moves_its_mentions(before: str, raw: str) -> None:
    moved = [(mention, len(before)) for mention, _ in mentions_in(raw)]
    found = {(each.pattern, each.start, each.end, each.level, each.repaired) for each, _ in mentions_in(before + raw)}

    assert {(each.pattern, each.start + by, each.end + by, each.level, each.repaired) for each, by in moved} <= found


@given(WRITTEN, st.integers(0, 200))
def test_a_text_cut_by_its_limit_tells_what_the_shorter_text_tells(raw: str, limit: int) -> None:
    cut = INDEX.find(read_text(raw, max_chars=limit), "title")
    short = INDEX.find(read_text(raw[:limit]), "title")

    # The marks on a last letter are shown with it, also behind the limit.
    assert [(each.pattern, each.start, each.level) for each in cut] == [
        (each.pattern, each.start, each.level) for each in short
    ]
