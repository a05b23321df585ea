"""Linters that the files' own makers or readers wrote find nothing wrong in ``deploy/``."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.debian import program
from tests.deploy.judges import ROOT, judge, run_judge

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def checked(*command: str | Path) -> str:
    """What a linter says; it must not fail."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    assert checked(judge("hadolint"), "--no-color", DEPLOY / "Dockerfile") == ""


def test_the_image_runs_as_nobody_and_says_how_it_does() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    final = text.rpartition("\nFROM ")[2]

    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n  CMD \[.*/-/healthy", final, re.MULTILINE)
    assert "--require-hashes" in final and "apt-get" not in final


def test_grafana_s_own_types_know_all_of_the_dashboard() -> None:
    board = json.loads((DEPLOY / "grafana" / "rasid.json").read_text(encoding="utf-8"))

    assert run_judge("read_dashboard.py", board) == []
    board["panels"][1]["titel"] = board["panels"][1].pop("title")
    assert run_judge("read_dashboard.py", board) == ["/panels/1/titel"]


def test_what_grafana_is_told_of_is_there() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    source = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())["datasources"][0]
    boards = yaml.safe_load((provisioning / "dashboards" / "rasid.yaml").read_text())["providers"][0]["options"]["path"]
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]

    assert f"./deploy/grafana/rasid.json:{boards}/rasid.json:ro" in services["grafana"]["volumes"]
    assert source["url"] == "http://prometheus:9090" and "127.0.0.1:9090:9090" in services["prometheus"]["ports"]


def test_compose_knows_every_key_of_the_stack() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")

    assert run_judge("read_compose.py", text) == []
    for known, unknown in (("cap_drop:", "cap_dropp:"), ("service_healthy", "service_healty")):
        assert run_judge("read_compose.py", text.replace(known, unknown)) != []


def test_prometheus_and_alertmanager_take_their_configurations() -> None:
    checked(program("promtool", "prometheus"), "check", "config", DEPLOY / "prometheus" / "prometheus.yaml")
    checked(program("amtool", "prometheus-alertmanager"), "check-config", DEPLOY / "prometheus" / "alertmanager.yaml")


def test_prometheus_scrapes_and_alerts_services_that_are_there() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text(encoding="utf-8"))
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    targets = [
        *config["scrape_configs"][0]["static_configs"],
        *config["alerting"]["alertmanagers"][0]["static_configs"],
    ]

    assert {address.split(":")[0] for each in targets for address in each["targets"]} <= set(services)
    assert config["scrape_configs"][0]["job_name"].startswith("rasid")  # the rules look for that


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_knows_every_key_of_a_unit(unit: Path, tmp_path: Path) -> None:
    there = tmp_path / unit.name
    there.write_text(unit.read_text(encoding="utf-8").replace("/opt/rasid/bin/rasid", "/bin/true"), encoding="utf-8")
    verify = program("systemd-analyze", "systemd"), "verify", "--man=no", "--recursive-errors=no"

    assert checked(*verify, there) == ""

    there.write_text(there.read_text(encoding="utf-8").replace("UMask=", "Umask="), encoding="utf-8")
    said = subprocess.run([*verify, there], capture_output=True, text=True, check=False).stderr
    assert "Umask" in said, "it would have said nothing of an unknown key"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_is_as_closed_as_systemd_asks(unit: Path) -> None:
    analyze = program("systemd-analyze", "systemd"), "security", "--offline=true", "--no-pager", "--threshold=20"

    checked(*analyze, unit)  # 20 is an exposure of 2.0 of 10: the network is what is left


def test_several_processes_have_what_one_has() -> None:
    one, several = (path.read_text(encoding="utf-8") for path in UNITS)

    def closing(text: str) -> str:
        return text[text.index("NoNewPrivileges") : text.index("[Install]")]

    assert closing(one) == closing(several)
    assert "-c /etc/rasid/%i.yaml" in several and "StateDirectory=rasid/%i" in several
