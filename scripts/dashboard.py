"""The dashboard ``deploy/grafana/rasid.json``, which ``make docs`` writes.

What is shown is a table in ``dashboard_rows.py``: Grafana's JSON is long, and nobody reads a change of it.
"""

import json
from collections.abc import Iterator
from typing import Any

from scripts.dashboard_rows import ROWS, Panel

SCHEMA_VERSION = 36
"""Of Grafana 9; later ones read it and bring it up to date."""

SELECTED = 'job=~"$job", instance=~"$instance"'

SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def dashboard() -> str:
    """The file."""
    written = {
        "uid": "rasid-overview",
        "title": "Rasid",
        "description": "Made from scripts/dashboard_rows.py by `make docs`. Change it there.",
        "tags": ["rasid"],
        "style": "dark",
        "timezone": "browser",
        "editable": True,
        "graphTooltip": 1,
        "time": {"from": "now-6h", "to": "now"},
        "fiscalYearStartMonth": 0,
        "refresh": "30s",
        "schemaVersion": SCHEMA_VERSION,
        "panels": list(_panels()),
        "templating": {"list": _variables()},
        "annotations": {"list": [_reloads()]},
    }
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def _panels() -> Iterator[dict[str, Any]]:
    number, top = 0, 0
    for title, panels in ROWS.items():
        number += 1
        place = {"x": 0, "y": top, "w": 24, "h": 1}
        yield {"type": "row", "id": number, "title": title, "collapsed": False, "gridPos": place, "panels": []}
        top, left, tallest = top + 1, 0, 0
        for panel in panels:
            height = 4 if panel.kind == "stat" else 8
            if left + panel.width > 24:
                top, left, tallest = top + tallest, 0, 0
            number += 1
            yield _panel(panel, number, {"x": left, "y": top, "w": panel.width, "h": height})
            left, tallest = left + panel.width, max(tallest, height)
        top += tallest


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"value": None, "color": "green"}]
    if panel.limits is not None:
        steps += [
            {"value": limit, "color": color} for limit, color in zip(panel.limits, ("orange", "red"), strict=True)
        ]
    return {
        "type": panel.kind,
        "id": number,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [
            {
                "refId": chr(ord("A") + place_),
                "datasource": SOURCE,
                "expr": query.replace("@", SELECTED),
                "legendFormat": legend or "__auto",
                "range": True,
            }
            for place_, (query, legend) in enumerate(panel.queries)
        ],
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "options": {"reduceOptions": {"calcs": ["lastNotNull"], "values": False}} if panel.kind == "stat" else {},
    }


def _variables() -> list[dict[str, Any]]:
    return [
        {"type": "datasource", "name": "datasource", "label": "Prometheus", "query": "prometheus"},
        _variable("job", "Name", "label_values(rasid_build_info, job)"),
        _variable("instance", "Process", 'label_values(rasid_build_info{job=~"$job"}, instance)'),
    ]


def _variable(name: str, label: str, query: str) -> dict[str, Any]:
    return {
        "type": "query",
        "name": name,
        "label": label,
        "datasource": SOURCE,
        "query": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def _reloads() -> dict[str, Any]:
    changed = f"changes(rasid_config_loaded_timestamp_seconds{{{SELECTED}}}[2m]) > 0"
    return {
        "name": "Reloads",
        "datasource": SOURCE,
        "enable": True,
        "hide": False,
        "iconColor": "blue",
        "expr": changed,
    }
