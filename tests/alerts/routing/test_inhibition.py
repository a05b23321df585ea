"""What inhibits an alert, of those that a receiver was told of the same story."""

import pytest

from alerts.model import Severity
from alerts.routing.conditions import AlertFacts, Match
from alerts.routing.inhibition import Inhibition, inhibited_by, is_target

CRITICAL: Match = {"severity": ("critical",)}
INFO: Match = {"severity": ("info",)}
ANY: Match = {"topic": ("*",)}


def an_alert(topic: str, severity: str = "info", **labels: str) -> AlertFacts:
    return AlertFacts(topic, Severity(severity), labels)


WAR, FOOTBALL = an_alert("war", "critical", desk="levant"), an_alert("football", desk="levant")


@pytest.mark.parametrize(
    ("name", "rules", "alert", "told", "by"),
    [
        ("a lesser one", [Inhibition(CRITICAL, INFO)], FOOTBALL, [WAR], "war"),
        ("nothing was told", [Inhibition(CRITICAL, INFO)], FOOTBALL, [], ""),
        ("another was told", [Inhibition(CRITICAL, INFO)], FOOTBALL, [an_alert("rain", "warning")], ""),
        ("not a target", [Inhibition(CRITICAL, INFO)], an_alert("rain", "warning"), [WAR], ""),
        ("the source itself", [Inhibition(CRITICAL, INFO)], WAR, [FOOTBALL], ""),
        ("the second rule", [Inhibition(INFO, CRITICAL), Inhibition(CRITICAL, INFO)], FOOTBALL, [WAR], "war"),
        ("the second told", [Inhibition(CRITICAL, INFO)], FOOTBALL, [an_alert("rain"), WAR], "war"),
        ("a label alike", [Inhibition(CRITICAL, INFO, ("desk",))], FOOTBALL, [WAR], "war"),
        ("a label that differs", [Inhibition(CRITICAL, INFO, ("desk",))], an_alert("x", desk="gulf"), [WAR], ""),
        ("a label that one has", [Inhibition(CRITICAL, INFO, ("desk",))], an_alert("x"), [WAR], ""),
        ("a label that none has", [Inhibition(CRITICAL, INFO, ("region",))], FOOTBALL, [WAR], "war"),
        ("both are on both sides", [Inhibition(ANY, ANY)], FOOTBALL, [WAR], ""),
        ("only this is on both sides", [Inhibition(ANY, INFO)], FOOTBALL, [WAR], "war"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rule_inhibits_what_it_says(
    name: str, rules: list[Inhibition], alert: AlertFacts, told: list[AlertFacts], by: str
) -> None:
    assert inhibited_by(alert, rules, told) == by


def test_what_a_rule_could_inhibit_is_known_before_anything_is_told() -> None:
    assert is_target(FOOTBALL, [Inhibition(CRITICAL, INFO)])
    assert not is_target(WAR, [Inhibition(CRITICAL, INFO)])
    assert not is_target(FOOTBALL, [])
