"""What is counted on the letters of a field never says that something is apart which is together in its text."""

from hypothesis import example, given
from hypothesis import strategies as st

from processors.matchers.alphabet import encode_raw, letters_of
from processors.matchers.stretches import first_words, longest_word, sentence_at, sentence_starts, spaced
from processors.normalize.text import read_text

# Signs that end a sentence, that only look so, and what makes words and distances long.
PIECES = st.sampled_from(
    [
        *"سوريا ولسوريا السوري مصر بمصر قوات قال ثم خبر".split(),
        *"أمس. أمس؟ أمس… د. أ.ف.ب. prof. times. 3.5 25. example.com/أخبار. https://x.co/→/أخبار! أمسِ. هـ.".split(),
        *("- - -", "→", "،", "«سوريا»", "سوريا-مصر", "مصر/قوات", "\n", " \n ", "\u2028", "\u200f", ".\u200f", "ﷲ"),
        *("कि", "كلمة" * 12, "خبر " * 20, "خبر " * 97, "خبر. " * 3, "@desk", "a.b@c.org", "سـ.ـوريا", "...", "!"),
    ]
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", " ", "", "\n"])).map("".join), max_size=16).map("".join)


@given(TEXTS)
@example("سوريا\n \n \nمصر هنا. ... . قوات")
def test_sentences_begin_where_words_do(text: str) -> None:
    raw = encode_raw(text, 200_000).raw
    if raw is None:
        return
    letters = spaced(letters_of(raw))

    for start in sentence_starts(raw):
        assert letters[start - 1 : start] == b" "
        assert letters[start : start + 1] != b" "


@given(TEXTS)
@example("سوريا\n \n \nمصر هنا. ... . قوات")
@example("سوريا example.com/أخبار. مصر")
@example("خبر؟ \n د. خبر أمس.مصر")
@example("سوريا किد. سوريا ")
@example("@deskकि ")
def test_words_of_one_sentence_are_in_one_here(text: str) -> None:
    raw = encode_raw(text, 200_000).raw
    if raw is None:
        return
    read, starts = read_text(text), sentence_starts(raw)

    seen: dict[int, int] = {}
    for start, _ in read.words:
        before = encode_raw(text[: read.original(start, start + 1)[0]], 200_000).raw or b""
        inside = letters_of(before)[-1:].strip() != b""  # a word here may begin inside what is one in letters
        there = sentence_at(starts, len(spaced(letters_of(before))) - inside)
        assert seen.setdefault(read.sentence_of(start), there) == there


@given(TEXTS, st.integers(1, 30))
def test_the_first_words_are_all_of_them(text: str, words: int) -> None:
    raw = encode_raw(text, 200_000).raw
    if raw is None:
        return
    read = read_text(text)
    last = read.words[min(words, len(read.words)) - 1] if read.words else (0, 0)
    opening = letters_of(raw[: first_words(raw, words)]).split()

    said = letters_of(encode_raw(text[: read.original(*last)[1]], 200_000).raw or b"").split()
    assert opening[: len(said)] == said


@given(TEXTS)
def test_no_word_has_more_letters_than_the_longest(text: str) -> None:
    raw = encode_raw(text, 200_000).raw
    if raw is not None:
        assert max((len(word) for word in letters_of(raw).split()), default=0) <= longest_word(raw)
