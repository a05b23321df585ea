"""Files that people write: every mistake is named with its place."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from processors.errors import InvalidInput
from processors.yaml_document import load_yaml, validate
from processors.yaml_places import read_places
from processors.yaml_plain import Unusual, plain_data


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    match: str = ""
    count: int = 0
    size: Literal["small", "large"] = "small"


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    topics: dict[str, Inner] = {}
    name: str = ""


def refused(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        validate(load_yaml("f.yaml", text), Outer)
    return [str(problem) for problem in error.value.problems]


def test_an_unknown_key_has_its_place_and_the_nearest_name() -> None:
    assert refused("name: x\ntopics:\n  a:\n    macth: b\n") == [
        "f.yaml:4:5: unknown key `macth`, did you mean `match`?"
    ]


def test_every_problem_is_listed() -> None:
    problems = refused("nam: x\ntopics:\n  a: {count: many}\n  b: {count: 1, extra: 2}\n")

    assert len(problems) == 3
    assert any(problem.startswith("f.yaml:3:14: topics.a.count:") for problem in problems)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x 1\nb: *x\n", "f.yaml:1:4: anchors and aliases"),
        ("name: x\nname: y\n", "f.yaml:2:1: `name` stands twice"),
        ("name: !!timestamp x\n", "f.yaml:1:7: the tag tag:yaml.org,2002:timestamp is not read"),
        ("2026-13-45: x\n", "f.yaml:1:1: a key must be a plain word"),
        ("name: 2026-13-45\n", "f.yaml:1:7: cannot be read"),
        ("name: 1" + ":59" * 9_000 + "\n", "put it in quotes"),
        ("a: [" * 40 + "]" * 40, "nested deeper than 32 levels"),
        ("name: x\n---\nname: y\n", "f.yaml:2:1: a second document"),
        ("name: [x\n", "not readable as YAML"),
        ("topics:\n  a:\n    match: title:x: y\n", "Write the query as a block: `match: |`"),
        ("topics:\n  a:\n    match: @syria\n", "Write the query as a block: `match: |`"),
        (
            "name: خبر: سوريا\n",
            "f.yaml:1:10: not readable as YAML: mapping values are not allowed in this context. A va",
        ),
        ("topics:\n\u00a0\u00a0a:\n    match: x\n", "f.yaml:2:1: an indent with a space that is none on the keyboard"),
        ("topics:\n  a:\n  \u2003 match: x: y\n", "f.yaml:3:3: an indent with a space that is none on the keyboard"),
        ("topics:\n  a: {size: big}\n", "f.yaml:2:13: topics.a.size: expected 'small' or 'large'"),
        ("topics:\n  - match: x\n", "f.yaml:2:3: topics: expected lines of `key: value` below it, indented, without a"),
        ("name: " + "x" * 1_048_577, "larger than 1 MiB"),
        ("name: سوريا\ntopics: \0\n", "f.yaml:2:9: the character U+0000 has no place in a text: delete it"),
    ],
)
def test_what_hides_its_meaning_is_refused(text: str, says: str) -> None:
    assert any(says in problem for problem in refused(text))


def test_a_place_inside_a_block_counts_lines_and_columns_of_the_file() -> None:
    text = "topics:\n  a:\n    match: |\n      سوريا\n      OR titel:x\n"
    document = load_yaml("f.yaml", text)
    query = document.data["topics"]["a"]["match"]

    problem = document.problem_in_text(("topics", "a", "match"), query, query.index("titel"), "here")

    assert (problem.line, problem.column) == (5, 10)


def test_a_place_inside_a_plain_value_counts_from_its_first_letter() -> None:
    document = load_yaml("f.yaml", "name: سوريا x\n")

    assert str(document.problem_in_text(("name",), "سوريا x", 6, "here")) == "f.yaml:1:13: here"


def test_a_key_written_on_or_no_stays_a_word() -> None:
    assert load_yaml("f.yaml", "on: 1\nno: 2\n").data == {"on": 1, "no": 2}


SCALARS = """
x|سوريا|1|-1|1.5|.5|2026-11-24|2026-11-24T10:00:00Z|2026-13-45|yes|No|on|~|null|''|'it''s'|"a\\nb"|=|<<|0x1f|012
1:30|1e3|.inf|@x|!x|&a x|*a|a: b|- a|[a, b]|{a: b}|{a}|a #c|#c|%|? a
"""
BLOCKS = ["|\n    two\n    lines", ">\n    two\n    lines"]
SHAPES = ["{key}: {value}", "- {value}", "top:\n  {key}: {value}", "{key}:\n- {value}\n- {key}", "---\n{key}: {value}"]
KEYS = ["a", "b", "on", "1", "yes", "2026-01-01", "~", "[a]", "'a'", "<<", "=", ""]


@given(
    st.lists(
        st.tuples(st.sampled_from(KEYS), st.sampled_from([*SCALARS.replace("\n", "|").split("|"), *BLOCKS])), max_size=5
    ),
    st.sampled_from(SHAPES),
)
def test_read_fast_a_file_says_what_it_says_read_with_care(rows: list[tuple[str, str]], shape: str) -> None:
    text = "\n".join(shape.format(key=key, value=value) for key, value in rows)
    try:
        fast = plain_data(text)
    except Unusual:
        return

    assert repr(read_places("f.yaml", text)[0]) == repr(fast)


@pytest.mark.parametrize(
    "text", ["", "a: b", "a: [1, {b: 2026-01-01}]", "a:\n- x\n- 'y'\nb: |\n  z\n", "on: yes\n1: 2.5\n"]
)
def test_ordinary_files_are_read_fast(text: str) -> None:
    assert plain_data(text) == read_places("f.yaml", text)[0]
