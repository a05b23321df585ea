"""Every seeded defect is found at its place, and what is right is let be: the ready packs above all."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.lint_fix import fixed
from daemon.cli.lint_selection import lint_selection
from processors.entities.gazetteer import load_gazetteer
from processors.entities.lint_rules import RULES as ENTITY_RULES
from processors.packs.builtin import packs
from processors.topics.lint.finding import Desk, Finding
from processors.topics.lint.name_uses import NameUses
from processors.topics.lint.rules import CODES, RULES, lint
from processors.topics.topic import load_topics

CASES = tomllib.loads((Path(__file__).parents[3] / "cases" / "lint.toml").read_text(encoding="utf-8"))
SEEDED, CLEAN = CASES["seeded"], CASES["clean"]

TESTS_CODES = {"RSD501", "RSD502", "RSD503", "RSD504"}
"""What is said of the tests of a topic: those of a row that gives only a query are not its subject."""


def file_of(case: dict[str, Any]) -> str:
    """The row as a topic file; a query stands alone in its block, so that places are easy to see."""
    if "file" in case:
        return str(case["file"])
    query = "".join(f"      {line}\n" for line in case["query"].split("\n"))
    text = f"topics:\n  t:\n    match: |\n{query}"
    if "exclude" in case:
        text += f"    exclude: {case['exclude']}\n"
    if "threshold" in case:
        text += f"    threshold: {case['threshold']}\n"
    return text


@cache
def known_names() -> NameUses:
    return NameUses(load_gazetteer([file for pack in packs() for file in pack.entities]).entities.values())


def findings_in(text: str) -> Sequence[Finding]:
    loaded = load_topics([("t.yaml", text)])
    lists = {held.name: held for pack in packs() for held in pack.loaded.lists}
    lists |= {held.name: held for held in loaded.lists}
    topics = {topic.name: topic for topic in loaded.topics}
    desk = Desk(topics, lists, known_names(), list(topics))
    return lint(desk, lists=[held.name for held in loaded.lists])


def at(text: str, finding: Finding) -> str:
    """What stands where the finding points."""
    return text.split("\n")[finding.problem.line - 1][finding.problem.column - 1 :]


@pytest.mark.parametrize("case", SEEDED, ids=[f"{case['code']} {case.get('query', '')}" for case in SEEDED])
def test_a_seeded_defect_is_found_at_its_place(case: dict[str, Any]) -> None:
    text = file_of(case)

    found = [each for each in findings_in(text) if each.code == case["code"]]

    assert [at(text, each) for each in found if at(text, each).startswith(case["at"])], [str(each) for each in found]
    assert any(case["says"] in each.problem.message for each in found), [str(each) for each in found]


@pytest.mark.parametrize("case", CLEAN, ids=[case["name"] for case in CLEAN])
def test_what_is_right_is_let_be(case: dict[str, Any]) -> None:
    about_tests = set() if "file" in case else TESTS_CODES

    found = findings_in(file_of(case))

    assert [str(each) for each in found if each.code not in about_tests] == []


def test_no_operator_is_put_beside_a_word_that_was_meant_as_one() -> None:
    found = findings_in(file_of({"query": "wheat and barley"}))

    assert {each.code for each in found} & {"RSD401", "RSD402"} == {"RSD402"}


@pytest.mark.parametrize("case", [case for case in SEEDED if "fixed" in case], ids=lambda case: case["query"])
def test_a_fix_mends_the_query_and_leaves_the_rest(case: dict[str, Any]) -> None:
    text = "# ملاحظة: تبقى كما هي\n" + file_of(case)
    found = findings_in(text)

    after = fixed(text, [each.fix for each in found if each.fix is not None])

    assert after == text.replace(case["query"], case["fixed"])
    assert case["code"] not in {each.code for each in findings_in(after)}


def test_every_rule_has_a_seeded_defect() -> None:
    assert {case["code"] for case in SEEDED} == set(CODES)


def test_a_code_stands_for_one_rule_in_topics_and_in_entities() -> None:
    codes = [*CODES, *(rule.code for rule in ENTITY_RULES)]

    assert sorted(codes) == sorted(set(codes))


def test_every_rule_says_why() -> None:
    assert [rule.code for rule in RULES if len(rule.why) < 40 or len(rule.title) < 5] == []


def test_no_rule_speaks_of_the_ready_packs() -> None:
    desk, lists = lint_selection(["builtin:mena"], ())

    assert [str(finding) for finding in lint(desk, lists=lists)] == []
    assert len(desk.looked_at) > 6
    assert len(lists) > 10
