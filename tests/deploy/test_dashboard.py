"""Every panel of the dashboard shows something of a real run."""

import asyncio
import json
import math
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from daemon.metrics.metrics import every_metric
from tests.daemon.build import a_flood, a_line, quiet
from tests.deploy.prometheus import ROOT, Prometheus, prometheus
from tests.end_to_end.daemon import append, daemon, receiver, wait_until
from tests.end_to_end.kafka import Stream, metric

BOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "rasid.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]


def test_it_has_the_rows_that_are_looked_for_and_no_panel_covers_another() -> None:
    rows = [panel["title"] for panel in BOARD["panels"] if panel["type"] == "row"]
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in BOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert {"Overview", "Topics", "Deliveries", "Kafka", "Redis"} <= set(rows)
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) == 23
    assert {panel["type"] for panel in PANELS} == {"stat", "timeseries"}
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_every_panel_is_chosen_by_name_and_process_and_says_what_it_shows() -> None:
    assert [variable["name"] for variable in BOARD["templating"]["list"]] == ["datasource", "job", "instance"]
    assert [title for title, expr in QUERIES if 'job=~"$job"' not in expr] == []
    assert [panel["title"] for panel in PANELS if not panel["description"].endswith(".")] == []


def test_it_asks_for_metrics_that_exist() -> None:
    known = {name for name, _, _ in every_metric()}
    known |= {f"{name}_bucket" for name in known}
    asked = {name for _, expr in QUERIES for name in re.findall(r"\brasid_\w+", expr)}

    assert len(asked) > 30
    assert asked - known == set()


@pytest.fixture
def watched(kafka: str, kafka_topic: str, runner: asyncio.Runner, tmp_path: Path) -> Iterator[Prometheus]:
    """A daemon that read, told, was refused, failed to reload, and was scraped all the while."""
    stream = Stream(kafka, kafka_topic, runner)
    append(tmp_path, a_flood(9), b"no article")
    with ExitStack() as stack:
        hook, gone = stack.enter_context(receiver()), stack.enter_context(receiver())
        gone.answer = 410
        desks = [
            {"name": name, "url": each.url, "secret_file": "secret", "allow": ["127.0.0.0/8"]}
            for name, each in (("desk", hook), ("gone", gone))
        ]
        routes = [{"receiver": "gone", "continue": True}, {"receiver": "desk"}]
        running = stack.enter_context(
            daemon(
                tmp_path,
                hook,
                name=kafka_topic,
                receivers=desks,
                route={"receiver": "desk", "routes": routes},
                sources=[stream.source(), {"file": {"path": "articles.jsonl", "follow": True}}],
                stories={"outlets": {"watched": ["outlet.example"]}},
            )
        )
        running.event("ready")
        address = running.event("listening")["address"]
        server = stack.enter_context(prometheus(tmp_path, [address]))
        wait_until(lambda: server.number("up"), "a first scrape")
        hook.go_on.clear()  # what is for it waits
        for number in range(2):
            stream.add(a_flood(number), a_flood(number), quiet(number), b"no article")
            append(tmp_path, a_line(id=f"f{number}", title=f"أخبار اليوم {number}", source="outlet.example"))
            wait_until(lambda: server.number("rasid_receiver_ready") or hook.go_on.is_set(), "what waits")
            hook.go_on.set()
            _wait_for_scrapes(server, 2)
        (tmp_path / "rasid.yaml").write_text("name: [")
        running.ask("/-/reload", "POST")
        wait_until(lambda: metric(running, "rasid_receiver_disabled", receiver="gone"), "a 410")
        _wait_for_scrapes(server, 2)
        yield server


def _wait_for_scrapes(server: Prometheus, more: int) -> None:
    begun = server.number("count_over_time(rasid_build_info[1h])")
    wait_until(lambda: server.number("count_over_time(rasid_build_info[1h])") >= begun + more, "more scrapes")


def _shows_nothing(server: Prometheus, begun: float) -> list[tuple[str, str]]:
    """Panels and queries without a number since ``begun``. A query with an error is an assertion."""
    empty = []
    for title, expr in QUERIES:
        query = expr.replace("$__rate_interval", "10s").replace("$job", "rasid").replace("$instance", ".*")
        found = server.ask("query_range", query=query, start=begun, end=time.time(), step=1)["result"]
        if all(math.isnan(float(value)) for series in found for _, value in series["values"]):
            empty.append((title, query))
    return empty


def test_every_query_has_something_to_show_of_a_real_run(watched: Prometheus) -> None:
    begun = time.time() - 30
    wait_until(lambda: not _shows_nothing(watched, begun), f"numbers for {_shows_nothing(watched, begun)}")

    groups = watched.ask("rules")["groups"]
    assert {rule["health"] for group in groups for rule in group["rules"]} == {"ok"}
    assert watched.number('ALERTS{alertname="RasidDeliveriesDead", alertstate="firing"}') == 1
