"""Every alert can fire, does so when it should, and leads to a section that says what to do."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from daemon.metrics.metrics import every_metric
from tests.debian import promtool

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "deploy" / "prometheus" / "rasid.rules.yaml"
CASES = Path(__file__).parent / "rules"
RUNBOOK = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")

GROUPS: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
ALERTS = {rule["alert"]: rule for group in GROUPS for rule in group["rules"] if "alert" in rule}
RECORDED = {rule["record"] for group in GROUPS for rule in group["rules"] if "record" in rule}


def expected(name: str) -> list[dict[str, Any]]:
    """What its test says of an alert, moment by moment."""
    case = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    moments = [moment for test in case["tests"] for moment in test["alert_rule_test"]]
    return [moment for moment in moments if moment["alertname"] == name]


def test_prometheus_takes_the_rules() -> None:
    done = subprocess.run([promtool(), "check", "rules", RULES], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_when_it_should_and_not_before() -> None:
    cases = sorted(CASES.glob("*.yaml"))
    done = subprocess.run([promtool(), "test", "rules", *cases], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_a_test_of_each_alert_and_of_nothing_else() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_a_test_sees_an_alert_both_keep_quiet_and_fire(name: str) -> None:
    assert {bool(moment["exp_alerts"]) for moment in expected(name)} == {True, False}


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_what_it_is_and_where_it_is_explained(name: str) -> None:
    rule = ALERTS[name]

    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"] == f"{{{{ $externalLabels.runbooks }}}}docs/operate.md#{name.lower()}"


@pytest.mark.parametrize("name", ALERTS)
def test_the_runbook_says_what_an_alert_means_what_to_look_at_how_to_mend_it_and_how_to_see_that(name: str) -> None:
    section = RUNBOOK.split(f"\n### {name}\n")[1].split("\n### ")[0].split("\n## ")[0]

    assert re.match(r"\n[A-Z0-9]", section), "what it means comes first"
    assert re.findall(r"^- \*\*(.*?)\*\*", section, re.MULTILINE) == ["Look at", "Mend", "Mended when"]


def test_the_runbook_explains_no_alert_that_does_not_exist() -> None:
    assert set(re.findall(r"^### (Rasid\w+)$", RUNBOOK, re.MULTILINE)) == set(ALERTS)


def test_rules_ask_for_metrics_and_labels_that_exist() -> None:
    known = {name: set(labels) for name, _, labels in every_metric()}
    known |= {
        f"{name}_{part}": {*labels, "le"} for name, labels in known.items() for part in ("bucket", "count", "sum")
    }
    expressions = [rule["expr"] for group in GROUPS for rule in group["rules"]]
    asked = [found for text in expressions for found in re.findall(r"(?<![\w:])(rasid_\w+)(?:\{(.*?)\})?", text)]

    assert len(asked) > len(ALERTS)
    assert {name for name, _ in asked} - set(known) == set()
    assert [
        (n, label) for n, chosen in asked for label in re.findall(r"(\w+)[=!]", chosen) if label not in known[n]
    ] == []
    assert {name for text in expressions for name in re.findall(r"\bjob\w*:[\w:]+", text)} <= RECORDED
