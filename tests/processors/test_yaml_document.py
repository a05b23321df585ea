"""Files that people write: every mistake is named with its place."""

import pytest
from pydantic import BaseModel, ConfigDict

from processors.errors import InvalidInput
from processors.yaml_document import load_yaml, validate


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    match: str = ""
    count: int = 0


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
        ("name: " + "x" * 1_048_577, "larger than 1 MiB"),
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
