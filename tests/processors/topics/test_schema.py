"""What an editor checks is what the program reads."""

import copy
from typing import Any

import jsonschema
import pytest
import yaml

from processors.packs.builtin import packs
from processors.topics.schema import schema_of

TOPICS = [file for pack in packs() for file in {each.document.path: each for each in pack.loaded.topics}.values()]
GOOD: dict[str, Any] = {
    "topics": {
        "t": {
            "title": {"ar": "عنوان"},
            "match": "قمح",
            "threshold": 2,
            "tests": [{"text": "قمح", "expect": "match", "published_at": "2026-05-05"}],
            "lint": {"ignore": {"RSD101": "why"}},
        }
    },
    "lists": {"l": {"terms": {"ar": ["قمح"]}, "not": {"ar": ["قمح البحر"]}}},
}


def checker(name: Any) -> jsonschema.protocols.Validator:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_topic_file_is_valid() -> None:
    assert list(checker("topics").iter_errors(GOOD)) == []


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_ready_topics_are_valid(topic: Any) -> None:
    data = topic.document.data

    assert [error.message for error in checker("topics").iter_errors(data)] == []


def test_the_ready_entities_are_valid() -> None:
    check = checker("entities")

    for pack in packs():
        for path, text in pack.entities:
            data = yaml.load(text, Loader=_Plain)
            assert [f"{path}: {error.message}" for error in check.iter_errors(data)] == []


class _Plain(yaml.CSafeLoader):
    """As an editor reads YAML 1.2: a date is text. ``no`` stays what this YAML makes of it."""


_Plain.yaml_implicit_resolvers = {
    key: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for key, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("topics", "t", "titel"), {}),
        (("topics", "t", "threshold"), 0),
        (("topics", "t", "severity"), "high"),
        (("topics", "t", "updates"), {"on": ["source"]}),
        (("topics", "t", "updates"), {"sources": [1]}),
        (("topics", "t", "updates"), {"floor": "soon"}),
        (("topics", "t", "updates"), {"flor": "15m"}),
        (("topics", "Not A Name"), {"match": "x"}),
        (("topics", "t", "lint", "ignore", "RSD1"), "why"),
        (("lists", "l", "entity"), []),
        (("lists", "l", "terms", "arabic"), []),
    ],
)
def test_a_mistake_is_underlined(path: tuple[str, ...], value: object) -> None:
    wrong = copy.deepcopy(GOOD)
    inner = wrong
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    assert list(checker("topics").iter_errors(wrong)) != []


@pytest.mark.parametrize("name", ["topics", "entities"])
def test_every_key_is_explained(name: Any) -> None:
    schema = schema_of(name)

    for definition in (schema, *schema["$defs"].values()):
        for key, value in definition["properties"].items():
            assert len(value["description"]) > 3, key
