"""The chart makes objects that Kubernetes takes, and of a configuration one that Rasid takes."""

import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.judges import ROOT, run_judge

Values = dict[str, Any]

LEAST: Values = {"config": {"name": "rasid", "sources": [{"stdin": {}}]}}

FULL: Values = {
    "replicas": 3,
    "config": {
        "name": "news",
        "sources": [{"kafka": {"servers": ["kafka:9092"], "subscribe": ["articles"]}}],
        "redis": {"url": "redis://redis:6379"},
        "receivers": [{"name": "desk", "url": "https://desk.example/hook", "secret_file": "/etc/rasid-secrets/desk"}],
    },
    "topics": {"floods.yaml": 'topics: {floods: {match: "فيضان"}}\n'},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "prometheusRule": {"enabled": True},
    "podAnnotations": {"note": "a"},
    "podLabels": {"team": "desk"},
    "nodeSelector": {"disk": "fast"},
    "tolerations": [{"key": "news", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
    "imagePullSecrets": [{"name": "registry"}],
    "persistence": {"storageClassName": "fast"},
}


@cache
def rendered(which: str) -> Values:
    report: Values = run_judge("render_chart.py", {"least": LEAST, "full": FULL}[which])
    return report


def objects(which: str, kind: str) -> list[Values]:
    return [each for each in rendered(which)["objects"] if each["kind"] == kind]


@pytest.mark.parametrize("which", ["least", "full"])
def test_helm_and_the_schemas_of_kubernetes_find_nothing_wrong(which: str) -> None:
    assert rendered(which)["wrong"] == []


def test_there_is_what_was_asked_for_and_no_more() -> None:
    least = ["ConfigMap", "NetworkPolicy", "Service", "StatefulSet"]
    more = ["ConfigMap", "PodDisruptionBudget", "PrometheusRule", "ServiceMonitor"]

    assert sorted(each["kind"] for each in rendered("least")["objects"]) == least
    assert sorted(each["kind"] for each in rendered("full")["objects"]) == sorted(least + more)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"replicas": 2}, "config.redis.url is needed with more than one replica"),
        ({"replicas": 0}, "/replicas"),
        ({"config": {"name": "rasid", "sources": []}}, "/config/sources"),
        ({"config": {"name": "rasid", "sources": [{"stdin": {}}], "state_dir": "/x"}}, "/config"),
        ({"topics": {"floods": "…"}}, "invalid propertyName 'floods'"),
        ({"replica": 2}, "replica"),
    ],
)
def test_values_that_cannot_work_are_refused(change: Values, told: str) -> None:
    report = run_judge("render_chart.py", {**LEAST, **change})

    assert told in "\n".join(report["wrong"])


def test_rasid_takes_the_configuration_that_the_chart_writes(tmp_path: Path) -> None:
    written, topics = objects("full", "ConfigMap")
    places = {"/var/lib/rasid": "state", "/etc/rasid-secrets": "secrets", "/etc/rasid/topics": "topics"}
    text = written["data"]["rasid.yaml"]
    for there, here in places.items():
        assert there in text
        (tmp_path / here).mkdir()
        text = text.replace(there, str(tmp_path / here))
    (tmp_path / "rasid.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "secrets" / "token").write_text("t" * 40)
    (tmp_path / "secrets" / "desk").write_text("whsec_" + "A" * 43 + "=\n")
    for name, content in topics["data"].items():
        (tmp_path / "topics" / name).write_text(content, encoding="utf-8")

    command = [sys.executable, "-m", "daemon", "check", "-c", str(tmp_path / "rasid.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("which", ["least", "full"])
def test_a_pod_has_no_rights_and_writes_to_its_volumes_only(which: str) -> None:
    pod = objects(which, "StatefulSet")[0]["spec"]["template"]["spec"]
    container = pod["containers"][0]

    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 10001
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")] == [
        "/var/lib/rasid",
        "/tmp",
    ]
    assert {mount["name"] for mount in container["volumeMounts"]} == {
        *(volume["name"] for volume in pod["volumes"]),
        "state",
    }


def test_probes_ask_what_rasid_answers_and_a_pod_has_time_to_drain() -> None:
    pod = objects("least", "StatefulSet")[0]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    asked = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    config = yaml.safe_load(objects("least", "ConfigMap")[0]["data"]["rasid.yaml"])

    assert asked == {"startupProbe": "/-/healthy", "livenessProbe": "/-/healthy", "readinessProbe": "/-/ready"}
    assert config["http"]["listen"].endswith(f":{container['ports'][0]['containerPort']}")
    assert pod["terminationGracePeriodSeconds"] > 25  # the default of drain_timeout


def test_everything_is_chosen_by_the_labels_that_pods_have() -> None:
    pod = objects("full", "StatefulSet")[0]["spec"]["template"]["metadata"]["labels"]
    chosen = [
        objects("full", "Service")[0]["spec"]["selector"],
        *(
            objects("full", kind)[0]["spec"]["selector"]["matchLabels"]
            for kind in ("StatefulSet", "PodDisruptionBudget")
        ),
        objects("full", "NetworkPolicy")[0]["spec"]["podSelector"]["matchLabels"],
    ]
    service = objects("full", "Service")[0]["metadata"]["labels"]
    watched = objects("full", "ServiceMonitor")[0]["spec"]["selector"]["matchLabels"]

    assert all(selector and selector.items() <= pod.items() for selector in chosen)
    assert watched.items() <= service.items()


def test_the_cloud_s_metadata_is_out_of_reach_and_the_rules_are_those_of_prometheus() -> None:
    egress = objects("full", "NetworkPolicy")[0]["spec"]["egress"]
    everywhere = [peer["ipBlock"] for rule in egress for peer in rule["to"] if "ipBlock" in peer]
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rasid.rules.yaml").read_text(encoding="utf-8"))

    assert ["169.254.0.0/16"] in [block["except"] for block in everywhere]
    assert objects("full", "PrometheusRule")[0]["spec"] == rules


def test_the_judges_see_what_is_wrong() -> None:
    wrong = deepcopy(FULL) | {"tolerations": [{"keey": "news"}]}

    assert "keey" in "\n".join(run_judge("render_chart.py", wrong)["wrong"])
