"""What a regular expression matches in text that was read, and which expressions are refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.normalize.text import Text, read_text
from processors.topics.evaluate.find_regex import find_regex
from processors.topics.query.regex.compiled import compile_regex, spans
from processors.topics.query.text import QueryError
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length


def matches(pattern: str, text: str, *, any_case: bool = False) -> list[str]:
    return [text[start:end] for start, end in spans(compile_regex(pattern, any_case), text)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("زيار(ة|ات)", "زيارة ثم والزيارات", ["زيارة", "زيارات"]),
        ("زيار(ة|ات)", "وزيارتهم", []),
        ("زيارة", "زياره", []),
        ("احمد", "أحمد", []),
        ("covid", "COVID covid", ["covid"]),
        (r"\d+", "١٢٣ و456 و۷۸", ["١٢٣", "456", "۷۸"]),
        (r"\w+", "سورية، naïve x_1", ["سورية", "naïve", "x_1"]),
        (r"\W+", "أ، ب", ["، "]),
        (r"\S+", "أ، ب\u00a0ج", ["أ،", "ب", "ج"]),
        (r"[\w.]+@[\w.]+", "راسل desk@example.org الآن", ["desk@example.org"]),
        (r"[^\W\d]+", "سوريا2 مصر", ["سوريا", "مصر"]),
        (r"[\D]+", "12ab34", ["ab"]),
        (r"[\W_]+", "أ_-ب", ["_-"]),
        (r"[[:alpha:]]+", "é5ß", ["é", "ß"]),
        (r"\bمصر\b", "مصر ومصر مصري لمصر مصر.", ["مصر", "مصر"]),
        (r"\b\p{L}{3}\b", "من هنا إلى مصر", ["هنا", "إلى", "مصر"]),
        (r"\Bمصر", "مصر ومصر", ["مصر"]),
        (r"مصر\B", "مصر ومصري", ["مصر"]),
        (r"\b(\bمصر|\bسوريا)\b", "مصر وسوريا سوريا", ["مصر", "سوريا"]),
        (r"من\b.*\bإلى", "من هنا إلى هناك", ["من هنا إلى"]),
        (r"^\w+", "أول\nثان سطر", ["أول", "ثان"]),
        (r"\w+\b$", "أول سطر\nثان", ["سطر", "ثان"]),
        (r"\b[^a]\b", "1.1", ["1", ".", "1"]),
        (r"\b^مصر", "مصر\nلمصر", ["مصر"]),
        (r"مصر$\b", "في مصر\nمصر هنا", ["مصر"]),
        (r"\b(^a|\bb)$", "a\nxb\nb", ["a", "b"]),
        (r"أ.*ب", "أ\nب", []),
        (r"أ[^x]ب", "أ\nب أ\u2028ب أ-ب", ["أ-ب"]),
        (r"أ\sب", "أ\nب أ ب", ["أ ب"]),
        (r"(?i:us)a", "USa", ["USa"]),
        (r"a{2,3}?", "aaaa", ["aa", "aa"]),
        (r"\p{Arabic}+", "abc سوريا", ["سوريا"]),
        (r"\P{L}+", "ab-1ج", ["-1"]),
        (r"\x{633}وريا", "سوريا", ["سوريا"]),
        (r"24\/7", "مفتوح 24/7", ["24/7"]),
        (r"[ء-ي]+ية", "سورية قوية", ["سورية", "قوية"]),
        (r"𐍈", "a𐍈b", ["𐍈"]),
    ],
)
def test_an_expression_matches_letters_of_all_scripts_inside_one_line(
    pattern: str, text: str, found: list[str]
) -> None:
    assert matches(pattern, text) == found


def test_any_case_folds_case_and_nothing_else() -> None:
    assert matches("covid", "COVID Covid", any_case=True) == ["COVID", "Covid"]
    assert matches("احمد", "أحمد", any_case=True) == []


def test_marks_tatweel_and_what_is_invisible_are_not_there_and_places_are_those_of_the_original() -> None:
    body = "<p>قال سُـوريّـا\u200f و&#1605;صر\u064e.</p>"
    text = read_text(body)

    found = list(find_regex("سوريا ومصر", False, {"body": text}))

    assert [body[each.start : each.end] for each in found] == ["سُـوريّـا\u200f و&#1605;صر"]
    assert [(each.first_word, each.last_word) for each in found] == [(1, 2)]


def test_words_that_were_broken_on_purpose_are_matched_mended_too() -> None:
    body = "قالت حمـ.ـاس إن حماس وحمـ.ـاس هنا"
    text = read_text(body)

    found = list(find_regex("حماس", False, {"body": text}))

    assert [(body[each.start : each.end], each.repaired) for each in found] == [
        ("حماس", False),
        ("حمـ.ـاس", True),
        ("حمـ.ـاس", True),
    ]
    assert [each.first_word for each in found] == [3, 1, 4]


def test_nothing_is_found_in_silent_parts() -> None:
    text = read_text("خبر عن الطقس.\nاقرأ أيضاً: زيارة إلى سوريا\nانتهت زيارة.")

    assert len(list(find_regex("زيارة", False, {"body": text}))) == 1
    assert len(list(find_regex("زيارة", False, {"title": text}))) == 2


@pytest.mark.parametrize(
    ("pattern", "at", "says"),
    [
        ("a*", 0, "matches nothing at all"),
        (r"(a|\b)", 0, "matches nothing at all"),
        ("ab(c", 2, "never closed"),
        ("ab)c", 2, "closes nothing"),
        ("ab[c", 2, "never closed"),
        ("a(?=b)", 1, "looks ahead or back: write NEAR"),
        ("a(?<!b)c", 1, "looks ahead or back"),
        (r"(a)\1", 3, "look back"),
        ("*a", 0, "nothing to repeat"),
        ("a**", 2, "two repetitions"),
        (r"\b+a", 0, "only characters can be repeated"),
        ("a{3,2}", 0, "from the smaller number"),
        ("a{2000}", 0, "at most 1,000"),
        (r"(\w{1,100} ){1,90}x", 0, "too large"),
        (r"(\w{50} ?){9}x", 0, "too large"),
        ("سُوريا", 1, "without vowel marks"),
        ("سـوريا", 1, "without vowel marks, tatweel"),
        ("[ًٌ]a", 1, "without vowel marks"),
        ("\ufefb", 0, "is read as `لا`"),
        (r"a\nb", 1, "inside one line"),
        (r"a\Q", 1, "no meaning"),
        (r"a\x{0}", 1, "no character of a text"),
        (r"[z-a]", 1, "no range"),
        (r"[\P{L}]", 1, "write [^"),
        (r"[a\b]", 2, "outside of the brackets"),
        (r"[[:arab:]]", 1, "no class"),
        (r"\p{Klingon}", 0, "RE2 does not read this"),
        ("(" * 40 + "a" + ")" * 40, 30, "inside one another"),
        ("a\ud800", 1, "half a character"),
    ],
)
def test_an_expression_that_cannot_work_is_refused_with_its_place_and_remedy(pattern: str, at: int, says: str) -> None:
    with pytest.raises(QueryError) as refused:
        compile_regex(pattern, False)

    assert says in refused.value.message
    assert refused.value.at == at


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("زيار(ة|ات)", ("زيار",)),
        ("(سوريا|مصر)", ("سوريا", "مصر")),
        ("(سوريا|في)", ()),
        ("(سوريا)?مصر", ("مصر",)),
        ("سور(يا|ية)ون?", ("سور",)),
        (r"\bسوريا\b", ("سوريا",)),
        ("س.وريا", ("وريا",)),
        (r"\w+", ()),
        ("(?i:σος) abc", ("abc",)),
        ("(abc|def)+", ("abc", "def")),
        ("(abc){0,3}def", ("def",)),
    ],
)
def test_what_must_be_in_the_text_is_known(pattern: str, literals: tuple[str, ...]) -> None:
    assert tuple(compile_regex(pattern, False).literals) == literals


LETTERS = st.sampled_from(["a", "b", "س", "و", "1", "-", r"\w", r"\d", r"[\wس]", "[^a]", r"[^\w]", "."])
PLACES = st.sampled_from([r"\b", r"\B", "^", "$"])


def _row(parts: list[str]) -> str:
    return "".join(parts)


def _never_empty(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(st.one_of(children, PLACES, st.builds("(?:{})?".format, children)), max_size=3)
        .map(_row)
        .flatmap(lambda rest: children.map(lambda child: child + rest)),
        st.builds("(?:{}|{})".format, children, children),
        st.builds("(?:{}){}".format, children, st.sampled_from(["+", "{2}", "{1,2}", "+?"])),
        st.builds("{}{}".format, PLACES, children),
    )


PATTERNS = st.recursive(LETTERS, _never_empty, max_leaves=6)


@given(PATTERNS, st.lists(st.text(alphabet="abسوé1_- .", max_size=10), max_size=3))
def test_matches_are_those_of_the_standard_library_line_by_line(pattern: str, lines: list[str]) -> None:
    expected = [found[0] for line in lines for found in re.finditer(pattern, line) if found[0]]

    assert matches(pattern, "\n".join(lines)) == expected


@given(PATTERNS, st.text(alphabet="abسو1_- .", max_size=12))
def test_whatever_matches_holds_one_of_the_literals(pattern: str, text: str) -> None:
    compiled = compile_regex(pattern, False)

    for start, end in spans(compiled, text):
        assert not compiled.literals or any(literal in text[start:end] for literal in compiled.literals)


@given(st.text(alphabet=r"ab()[]{}|*+?\^$.-,1سُـpPwbBx:", max_size=20) | st.text(max_size=12))
def test_any_text_is_an_expression_or_refused_inside_itself(pattern: str) -> None:
    try:
        compiled = compile_regex(pattern, False)
    except QueryError as refused:
        assert 0 <= refused.at <= len(pattern)
    else:
        assert list(spans(compiled, "")) == []


@pytest.mark.parametrize("pattern", [r"(?:\w+ ){3,8}ظظ", "a(?:.*ظ)?", r"\b\w+\b", r"\Ba\B", "(?:a|aa)+ظ"])
@pytest.mark.parametrize("unit", ["a", "ab ", "سوريا ومصر ", "aس"])
def test_the_cost_of_an_expression_grows_with_the_length_of_the_text_alone(pattern: str, unit: str) -> None:
    def find(text: Text) -> None:
        assert len(list(find_regex(pattern, False, {"body": text}))) <= 1_000

    part, whole = (read_text(unit * (length // len(unit))) for length in (160_000 // TIMES_AS_LONG, 160_000))

    assert grows_no_faster_than_its_length(find, part, whole)
