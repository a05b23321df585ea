"""What the query language accepts, how it binds, and how it refuses."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.topics.query.parse import parse_query
from processors.topics.query.text import QueryError
from processors.topics.query.tree import (
    And,
    AtLeast,
    Count,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    Weighted,
    Within,
)

CASES = Path(__file__).parents[3] / "cases"
ERRORS = tomllib.loads((CASES / "query_errors.toml").read_text(encoding="utf-8"))["case"]


def shape(query: Query) -> str:
    """The query with every binding made visible."""
    match query:
        case And():
            return "(" + " & ".join(map(shape, query.children)) + ")"
        case Or():
            return "(" + " | ".join(map(shape, query.children)) + ")"
        case Not():
            return "!" + shape(query.child)
        case Near():
            return f"[{shape(query.left)} {query.kind}/{query.distance} {shape(query.right)}]"
        case Within():
            return "[" + f" {query.kind} ".join(map(shape, query.children)) + "]"
        case Weighted():
            return f"{shape(query.child)}^{query.weight:g}"
        case InField():
            return f"{query.field}:{shape(query.child)}"
        case AtLeast():
            return f"{query.count} of " + shape(Or(0, "", query.children))
        case Count():
            return f"{query.count} times {shape(query.child)}"
        case Term():
            return ("=" if query.exact else "") + query.word + ("*" if query.prefix else "")
        case Phrase():
            return ("=" if query.exact else "") + f"«{query.text}»" + (f"~{query.slop}" if query.slop else "")
        case _:
            return query.source


@pytest.mark.parametrize(
    ("query", "binds"),
    [
        ("a OR b AND c", "(a | (b & c))"),
        ("a AND NOT b OR c", "((a & !b) | c)"),
        ("NOT a NEAR/3 b", "![a NEAR/3 b]"),
        ("a | b -c", "(a | (b & !c))"),
        ("a NEAR/3 b ONEAR/2 c", "[[a NEAR/3 b] ONEAR/2 c]"),
        ("a SENTENCE b SENTENCE c", "[a SENTENCE b SENTENCE c]"),
        ("a SENTENCE b PARAGRAPH c", "[[a SENTENCE b] PARAGRAPH c]"),
        ("title:(@syria AND @egypt)^3 OR x", "(title:(@syria & @egypt)^3 | x)"),
        ("title:سوريا^2", "title:سوريا^2"),
        ("ATLEAST/2(سفير، سفارة, «وزير الخارجية»)", "2 of (سفير | سفارة | «وزير الخارجية»)"),
        ('"العلاقات السورية"~3 AND “وفد”', "(«العلاقات السورية»~3 & «وفد»)"),
        ('=سورية OR ="جمال عبد الناصر"', "(=سورية | =«جمال عبد الناصر»)"),
        ("دبلوماس*", "دبلوماس*"),
        ("NOT NOT a", "a"),
        ("topic:football AND list:diplomacy", "(topic:football & list:diplomacy)"),
        ("and OR ANDROID OR ORlando", "(and | ANDROID | ORlando)"),
        ("أ.ف.ب AND 3.5", "(أ.ف.ب & 3.5)"),
        ("domain:news.example.org", "domain:news.example.org"),
        ("\u202bسوريا\u202c", "سوريا"),
        ("سوريا NEAR/١٠ مصر", "[سوريا NEAR/10 مصر]"),
        ("COUNT/۲(سوريا)^٢٫٥ OR مصر", "(2 times سوريا^2.5 | مصر)"),
        ("«وفد سوري»~٣", "«وفد سوري»~3"),
        ("=سورية OR =US", "(=سورية | =US)"),
        ("AT&T OR R&D&&x", "(AT&T | (R&D & x))"),
        ("desk@example.org OR https://example.org/a?b=1", "(desk@example.org | https://example.org/a?b=1)"),
        ("a\u200b AN\u00adD b", "(a & b)"),
        ("cafe\u0301 OR b", "(café | b)"),
        ("(a)OR(b)AND-c", "(a | (b & !c))"),
        ("and/or OR km/h OR w/o OR s/he", "(and/or | km/h | w/o | s/he)"),
        ('"NEAR" OR "W/5" OR =ADJ', "(«NEAR» | «W/5» | =ADJ)"),
        ("near OR sentence OR count", "(near | sentence | count)"),
    ],
)
def test_operators_bind_as_the_table_says(query: str, binds: str) -> None:
    assert shape(parse_query(query).query) == binds


@pytest.mark.parametrize("case", ERRORS, ids=[case["name"] for case in ERRORS])
def test_a_mistake_is_named_with_its_place(case: dict[str, str]) -> None:
    with pytest.raises(QueryError) as refused:
        parse_query(case["query"])

    assert case["says"] in refused.value.message
    if case["at"]:
        assert case["query"][refused.value.at :].startswith(case["at"])


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("سوريا مصر", "side by side mean AND"),
        ("سوريا or مصر", "`or` is searched for as a word: write OR"),
        ("سوريا و مصر", "`و` is searched for as a word: write AND"),
        ("سوريا أو مصر", "`أو` is searched for as a word: write OR"),
        ("\u2067سوريا\u2069", "direction marks"),
        ("سوريا\u200b", "invisible characters"),
        (r"/\w+ة/", "every article is read"),
        ("a AND NOT -b", "two negations in a row cancel out"),
    ],
)
def test_what_is_probably_not_meant_is_warned_of(query: str, warning: str) -> None:
    assert any(warning in each.message for each in parse_query(query).warnings)


@pytest.mark.parametrize("query", ["سوريا and مصر", "سوريا أو مصر", "سوريا or"])
def test_an_operator_in_small_letters_is_told_once(query: str) -> None:
    assert len(parse_query(query).warnings) == 1


def test_a_query_that_ends_too_early_does_so_where_its_author_stopped() -> None:
    with pytest.raises(QueryError) as refused:
        parse_query("سوريا AND\n\n")
    assert refused.value.at == len("سوريا AND")


def test_a_flat_or_of_thousands_and_a_hundred_parentheses_are_read() -> None:
    flat = parse_query(" OR ".join(f"كلمة{number}" for number in range(5000))).query
    nested = parse_query("(" * 100 + "a" + ")" * 100).query

    assert isinstance(flat, Or)
    assert len(flat.children) == 5000
    assert shape(nested) == "a"
    with pytest.raises(QueryError, match="more than 100 parentheses"):
        parse_query("(" * 5000 + "a" + ")" * 5000)


@pytest.mark.parametrize("opening", ["COUNT/2(", "ATLEAST/1(", "(", "a AND ("])
def test_whatever_opens_again_and_again_is_refused(opening: str) -> None:
    with pytest.raises(QueryError, match="inside one another"):
        parse_query(opening * 3_000 + "a")


def test_a_long_chain_of_near_is_refused() -> None:
    with pytest.raises(QueryError, match="in a row"):
        parse_query(" NEAR/5 ".join("ab" for _ in range(3_000)))


@given(st.text(alphabet='ab سو()"«»:^~*@/[]=-|,،.\u202b\n1', max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_inside_it(query: str) -> None:
    try:
        parse_query(query)
    except QueryError as refused:
        assert 0 <= refused.at <= len(query)
