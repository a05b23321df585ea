"""Topics without a configuration: checked in the same way whether anything will be matched with them or not."""

from pathlib import Path

import pytest

from daemon.compiled import load_checked_topics, load_watchlist
from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.topics.problems import check_loaded
from processors.topics.topic import load_topics

WRONG = """
topics:
  bridges: {match: "@bridgge AND list:rivers AND topic:nobody"}
  never: {match: "جسر", threshold: 9}
lists:
  rivers: {terms: {ar: ["؟"]}, entities: ["@nowhere"]}
"""

ENTITIES = "entities: [{id: Q1, key: bridge, kind: place, names: {ar: [الجسر]}}]"


def test_every_problem_is_told_whether_or_not_topics_are_compiled(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(WRONG, encoding="utf-8")
    (tmp_path / "e.yaml").write_text("entities: [{id: Q1}]", encoding="utf-8")

    def told_by(load: object, *entities: str) -> list[str]:
        assert callable(load)
        with pytest.raises(InvalidInput) as caught:
            load(["t.yaml"], entities, tmp_path)
        return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]

    assert told_by(load_checked_topics) == told_by(load_watchlist)
    assert [problem.partition(": ")[0] for problem in told_by(load_checked_topics)] == [
        "t.yaml:6:25",
        "t.yaml:6:43",
        "t.yaml:3:21",
        "t.yaml:3:50",
        "t.yaml:4:36",
    ]
    assert told_by(load_checked_topics, "e.yaml") == told_by(load_watchlist, "e.yaml")


def test_topics_that_were_checked_are_those_that_match() -> None:
    checked, _ = load_checked_topics(["builtin:football"], [])
    watchlist, _ = load_watchlist(["builtin:football"], [])

    assert {name: topic.file for name, topic in checked.items()} == {
        name: topic.file for name, topic in watchlist.topics.items()
    }


def test_checking_makes_no_pattern_of_any_name() -> None:
    names = load_gazetteer([("e.yaml", ENTITIES)])

    check_loaded(load_topics([("t.yaml", "topics: {a: {match: '@bridge'}}")]), names)

    assert "_forms" not in vars(names)
    assert names.patterns() and "_forms" in vars(names)
