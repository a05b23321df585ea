"""Run among the judges: lint and render the chart with the values given as JSON, and hold it against the schemas."""

import json
import sys
from pathlib import Path
from typing import Any

import helm_python as helm
import kubernetes_validate
import yaml

CHART = Path(__file__).parent.parent.parent / "deploy" / "helm" / "rasid"

VERSIONS = ("1.27", "1.31", "1.37")
"""Of Kubernetes: the oldest that the chart takes, and later ones."""

OPERATOR = "monitoring.coreos.com/v1"
"""Its kinds are not Kubernetes' own: no schema of them is here."""


def judged(values: dict[str, Any]) -> dict[str, Any]:
    """The objects, what is wrong with them, or why there are none."""
    report = helm.lint(CHART, values, strict=True, kube_version="v1.31.0")
    wrong = [*report["errors"], *(each["error"] for each in report["messages"] if each["severity"] > 1)]
    try:
        with helm.Chart.load(CHART) as chart:
            files = chart.render(values, name="rasid", namespace="news")
    except helm.HelmError as error:
        return {"wrong": [*wrong, str(error)], "objects": []}
    texts = [text for name, text in files.items() if name.endswith(".yaml")]
    objects = [each for text in texts for each in yaml.safe_load_all(text) if each]
    for each in objects:
        for version in VERSIONS if each["apiVersion"] != OPERATOR else ():
            try:
                kubernetes_validate.validate(each, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                wrong.append(f"{each['kind']} for {version}: {error}")
    return {"wrong": wrong, "objects": objects}


print(json.dumps(judged(json.load(sys.stdin))))
