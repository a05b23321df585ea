"""What is written of a query is read back as the same query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.topics.imports.write import write_query
from processors.topics.query.parse import parse_query
from processors.topics.query.text import QueryError
from tests.processors.topics.query.test_parse import shape

UNITS = st.sampled_from(
    [
        *'سوريا egypt pre* =US =سورية "and" "NEAR/3" "w/5" "x:y" أ.ف.ب @syria.leader'.split(),
        *"topic:football list:diplomacy lang:ar".split(),
        *('"a b"', '="A b"', '"a b"~3', r"/a\/b[^x]\d/i", "words:[200 TO *]"),
        "published:[2026-01-01 TO now-2d]",
        "published:[* TO 2026-01-31T18:00]",
    ]
)


def joined(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(children, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda each: f"({' OR '.join(each)})"),
        several.map(lambda each: f"({' AND '.join(each)})"),
        several.map(lambda each: f"({' SENTENCE '.join(each)})"),
        several.map(lambda each: f"ATLEAST/2({'، '.join(each)})"),
        st.builds("({} NEAR/3 {})".format, children, children),
        st.builds("({} ONEAR/0 {} NOTNEAR/5 {})".format, children, children, children),
        st.builds("NOT {}".format, children),
        st.builds("COUNT/2({})".format, children),
        st.builds("({})^2.5".format, children),
    )


@given(st.recursive(UNITS, joined, max_leaves=8))
def test_it_is_read_back_as_it_was(query: str) -> None:
    try:
        tree = parse_query(query).query
    except QueryError:  # two weights on one clause: nothing that could be written
        return

    assert shape(parse_query(write_query(tree)).query) == shape(tree)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("a OR (b AND c)", "a OR (b AND c)"),
        ("(a OR b) AND NOT (c OR d)", "(a OR b) AND NOT (c OR d)"),
        ("a NEAR/1 b NEAR/2 c", "a NEAR/1 b NEAR/2 c"),
        ("a NEAR/1 (b NEAR/2 c)", "a NEAR/1 (b NEAR/2 c)"),
        ("title:(a OR b)^2 OR title:c", "title:(a OR b)^2 OR title:c"),
        ("(a SENTENCE b)^2", "(a SENTENCE b)^2"),
    ],
)
def test_parentheses_stand_where_a_reader_needs_them(query: str, written: str) -> None:
    assert write_query(parse_query(query).query) == written


def test_a_long_query_is_written_on_lines() -> None:
    words = [f"word{number}" for number in range(30)]

    assert write_query(parse_query(" OR ".join(words)).query).split("\nOR ") == words
