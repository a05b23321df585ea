"""What a silence may say, and which alerts it holds for."""

from typing import Any

import pytest

from alerts.model import Severity
from alerts.routing.conditions import AlertFacts
from alerts.silences.silence import LONGEST_COMMENT, SilenceState, a_silence, silenced_by

FACTS = AlertFacts(
    topic="syria-egypt",
    severity=Severity.WARNING,
    labels={"desk": "levant"},
    lang="ar-EG",
    source="وكالة الأنباء",
    entities=frozenset({"Q858", "syria", "Q79", "egypt"}),
    story="k3fq7m2a" + "a" * 18,
)
DAY = 86_400_000


def silence(**changes: Any) -> Any:
    said: dict[str, Any] = {
        "match": {"topic": ["*"]},
        "author": "منى",
        "comment": "كفى",
        "start_ms": 1_000,
        "end_ms": 2_000,
    }
    return a_silence(**said | changes)


@pytest.mark.parametrize(
    ("match", "holds"),
    [
        ({"topic": ["syria-*"]}, True),
        ({"topic": ["libya-*", "syria-*"]}, True),
        ({"topic": ["syria-*"], "severity": ["critical"]}, False),
        ({"entity": ["Q858"]}, True),
        ({"entity": ["syria"]}, True),
        ({"entity": ["lebanon"]}, False),
        ({"entity": ["!lebanon"]}, True),
        ({"entity": ["!syria"]}, False),
        ({"entity": ["syria", "!egypt"]}, False),
        ({"source": ["وكالة*"]}, True),
        ({"source": ["!وكالة*"]}, False),
        ({"source": ["!سانا", "!تشرين"]}, True),
        ({"lang": ["ar"]}, True),
        ({"lang": ["!ar"]}, False),
        ({"lang": ["!tr"]}, True),
        ({"labels.desk": ["levant"]}, True),
        ({"labels.other": ["?*"]}, False),
        ({"labels.other": ["!?*"]}, True),
        ({"story": ["k3fq7m2a*"]}, True),
        ({"story": ["k3fq7m2b*"]}, False),
    ],
)
def test_it_holds_where_all_its_conditions_do(match: dict[str, list[str]], holds: bool) -> None:
    assert (silenced_by(FACTS, [silence(match=match)], 1_500) is not None) == holds


def test_an_entity_is_none_where_nothing_was_found() -> None:
    nothing = AlertFacts("floods", Severity.INFO)

    assert silenced_by(nothing, [silence(match={"entity": ["?*"]})], 1_500) is None
    assert silenced_by(nothing, [silence(match={"entity": ["!?*"]})], 1_500) is not None


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (999, SilenceState.PENDING),
        (1_000, SilenceState.ACTIVE),
        (1_999, SilenceState.ACTIVE),
        (2_000, SilenceState.EXPIRED),
    ],
)
def test_it_holds_from_its_start_up_to_its_end(at: int, state: SilenceState) -> None:
    assert silence().state(at) is state
    assert (silenced_by(FACTS, [silence()], at) is not None) == (state is SilenceState.ACTIVE)


def test_the_first_that_holds_is_named() -> None:
    silences = [silence(match={"topic": ["x"]}), silence(comment="first"), silence(comment="second")]

    found = silenced_by(FACTS, silences, 1_500)

    assert found is not None
    assert found.comment == "first"


def test_its_id_follows_from_what_it_says() -> None:
    several = {"topic": ["a", "b"], "lang": ["ar"]}
    assert silence(match=several).id == silence(match=dict(reversed(several.items()))).id

    others: list[dict[str, Any]] = [
        {"match": {"topic": ["a"]}},
        {"author": "x"},
        {"comment": "x"},
        {"start_ms": 1_001},
        {"end_ms": 2_001},
    ]
    ids = [silence(**each).id for each in ({}, *others)]
    assert len(set(ids)) == len(ids)
    assert (
        silence(match={"lang": ["a", "topic"], "topic": ["b"]}).id != silence(match={"lang": ["a"], "topic": ["b"]}).id
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"match": {}}, "needs a condition too"),
        ({"match": {"topic": []}}, "each condition needs a glob"),
        ({"match": {"topic": ["x" * 201]}}, "make several"),
        ({"match": {"topic": ["x"] * 101}}, "make several"),
        ({"match": {f"labels.{number}": ["x"] for number in range(21)}}, "make several"),
        ({"author": " "}, "say who silences it"),
        ({"comment": ""}, "and why"),
        ({"comment": "x" * (LONGEST_COMMENT + 1)}, "at most 500 characters"),
        ({"end_ms": 1_000}, "after its start"),
        ({"end_ms": 1_001 + 366 * DAY}, "at most 366 days"),
    ],
)
def test_what_it_may_not_say_is_told(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        silence(**changes)
