"""What an entity file may say, and how a mistake in it is told."""

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput

A = "  - {id: Q1, key: a, kind: country, names: {ar: [اسم]}}\n"


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        (
            "entities:\n  - {id: Q1, key: a, kind: country, names: {ar: [x]}, nam: 1}\n",
            "f.yaml:2:55: unknown key `nam`, did you mean `names`?",
        ),
        ("entities:\n  - {id: X1, key: a, kind: country, names: {}}\n", "entities.0.id"),
        ("entities:\n" + A + "  - {id: Q1, key: b, kind: city, names: {}}\n", "f.yaml:3:10: id `Q1` is also in f.yaml"),
        ("entities:\n" + A + "  - {id: Q2, key: a, kind: city, names: {}}\n", "f.yaml:3:19: key `a` is also in f.yaml"),
        (
            "entities:\n" + A + "  - {id: Q2, key: b, kind: city, names: {}, relations: [{role: capital, of: aa}]}\n",
            "f.yaml:3:77: unknown entity `aa`, did you mean `a`?",
        ),
        ("entities:\n" + A + "  - {id: Q2, key: b, kind: city, names: {}, part_of: [z]}\n", "unknown entity `z`"),
        (
            'entities:\n  - {id: Q1, key: a, kind: city, names: {ar: [{name: x, strong: no, needs: ["@q"]}]}}\n',
            "f.yaml:2:77: unknown entity `q`",
        ),
        (
            (
                "entities:\n  - id: Q1\n    key: a\n    kind: country\n    names: {}\n    demonyms:\n      ar:\n"
                '        masculine: [{name: x, strong: no, needs: ["@q"]}]\n'
            ),
            "f.yaml:8:51: unknown entity `q`",
        ),
        (
            (
                "entities:\n  - id: Q1\n    key: a\n    kind: person\n    names: {}\n"
                "    relations: [{role: president, of: a, from: 2020-01-02, to: 2020-01-01}]\n"
            ),
            "before it begins",
        ),
        (
            (
                "entities:\n  - id: Q1\n    key: a\n    kind: person\n    names: {}\n"
                "    relations: [{role: president, of: a, from: 2020-02-30}]\n"
            ),
            "f.yaml:6:",
        ),
        (
            "entities:\n  - {id: Q1, key: a, kind: city, names: {ar: [{name: x, needs: [y]}]}}\n",
            "add `strong: no`, or remove `needs`",
        ),
        ("entities:\n  - {id: Q1, key: a, kind: city, names: {ar: ['؟']}}\n", "f.yaml:2:"),
        ("shields:\n  - {of: [everything]}\n", "f.yaml:2:"),
    ],
)
def test_a_mistake_in_an_entity_file_is_named_with_its_place(yaml: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_gazetteer([("f.yaml", yaml)])

    assert says in str(refused.value)


B = "entities:\n  - {id: Q1, key: a, kind: person, names: {ar: [سالم]}, "


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        (
            "entities:\n  - {id: Q1, key: a, kind: person, names: {ar: [{name: سالم, not: [5]}]}}\n",
            ["f.yaml:2:68: entities.0.names.ar.0.not.0: expected text: put it into quotes"],
        ),
        (
            "entities:\n  - {id: Q1, key: a, kind: person, names: {ar: [{name: سالم, strong: no, needs: قال}]}}\n",
            ["f.yaml:2:81: entities.0.names.ar.0.needs: expected a list: `[a, b]`, or a line `- a` for each"],
        ),
        (
            "entities:\n  - {id: Q1, key: a, kind: person, names: {ar: [5]}}\n",
            [
                "f.yaml:2:49: entities.0.names.ar.0: expected text: put it into quotes",
                "f.yaml:2:49: entities.0.names.ar.0: expected lines of `key: value`",
            ],
        ),
        (
            B + "demonyms: {ar: {masculine: 5}}}\n",
            ["f.yaml:2:84: entities.0.demonyms.ar.masculine: expected a list: `[a, b]`, or a line `- a` for each"],
        ),
        (
            B + "relations: [{role: official, of: a, from: 2011}]}\n",
            ["f.yaml:2:99: entities.0.relations.0.from: expected a date: 2026-01-31"],
        ),
    ],
)
def test_of_the_ways_to_write_a_name_the_one_that_was_meant_is_told(yaml: str, says: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_gazetteer([("f.yaml", yaml)])

    assert [str(problem) for problem in refused.value.problems] == says


@pytest.mark.parametrize("name", ["سال*", "/سال(م|مة)/", "=سالم"])
def test_the_signs_of_a_query_are_refused_in_a_name(name: str) -> None:
    for form in (f"'{name}'", f"{{name: '{name}'}}"):
        with pytest.raises(InvalidInput) as refused:
            load_gazetteer(
                [("f.yaml", f"entities:\n  - {{id: Q1, key: a, kind: person, names: {{ar: [سالم, {form}]}}}}\n")]
            )

        (problem,) = map(str, refused.value.problems)
        assert problem.startswith(f"f.yaml:2:55: `{name}` is looked for letter by letter")


def test_every_mistake_of_every_file_is_listed() -> None:
    with pytest.raises(InvalidInput) as refused:
        load_gazetteer([("one.yaml", "entities:\n  - {id: Q1}\n"), ("two.yaml", "entitys: []\n")])

    assert {problem.path for problem in refused.value.problems} == {"one.yaml", "two.yaml"}


def test_entities_of_one_file_may_name_those_of_another() -> None:
    other = "entities:\n  - {id: Q2, key: b, kind: city, names: {}, relations: [{role: capital, of: a}]}\n"

    assert load_gazetteer([("b.yaml", other), ("a.yaml", "entities:\n" + A)]).find("b") is not None
