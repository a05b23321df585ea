"""Metrics have bounded labels and readable names."""

import re
from pathlib import Path

import msgspec
from prometheus_client import Counter, Gauge, Histogram

import daemon
from alerts.dispatch.observer import Ending
from alerts.dispatch.standing import Standing, State
from alerts.failing_row import FailingRow
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.outbox.outbox import Depth
from daemon.metrics.metric_labels import Names
from daemon.metrics.metrics import Metrics, every_metric
from tests.daemon.build import value_of


def a_lease(receiver: str) -> Leased:
    delivery = Delivery(id="d", receiver=receiver, lane="l", type="t", notice="n", created_ms=0, body=b"")
    return Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)


def test_the_first_hundred_names_have_series_of_their_own_and_keep_them() -> None:
    names = Names()
    names.add(f"topic-{number}" for number in range(150))
    names.add(["late"])

    assert names.label("topic-99") == "topic-99"
    assert names.label("topic-100") == names.label("late") == names.label("never seen") == "other"


def test_there_are_fewer_than_two_thousand_series_whatever_comes() -> None:
    metrics = Metrics("1")
    many = [f"name-{number}" for number in range(5_000)]
    metrics.topics.add(many)
    metrics.receivers.add(many)

    for name in many:
        metrics.matches.labels(metrics.topics.label(name)).inc()
        metrics.alerts.labels(metrics.topics.label(name)).inc()
        for reply in Reply:
            metrics.attempted(a_lease(name), Attempt(reply))
        for ending in Ending:
            metrics.settled(a_lease(name), ending, "exhausted", 0)
    metrics.stand({name: Standing(State.WORKING) for name in many}, 0)
    metrics.depth(Depth(ready=1, oldest_ms=0, dead=0, by_receiver=dict.fromkeys(many, 1)), 0)
    metrics.watch_sources(many)
    metrics.watch_outlets(many)
    metrics.lag(metrics, dict.fromkeys(many, (1, 1.0)))
    for name in many:
        metrics.looked(name, 1, 0)

    assert sum(1 for line in metrics.text().splitlines() if not line.startswith(b"#")) < 2_000


def test_how_receivers_stand_is_shown_and_those_that_share_a_label_show_the_worst() -> None:
    metrics = Metrics("1")
    metrics.receivers.add(["desk", *(f"r{number}" for number in range(99))])
    row = FailingRow(1_000, 5_000, 3)
    many = {f"x{number}": Standing(State.WORKING) for number in range(50)}
    standings = {"desk": Standing(State.FAILING, "", row), **many, "late": Standing(State.WAITING, "", row, 9_000)}
    metrics.stand({**standings, "gone": Standing(State.DISABLED, "gone")}, 61_000)

    def shown(name: str, receiver: str) -> float | None:
        return metrics.registry.get_sample_value(f"rasid_receiver_{name}", {"receiver": receiver})

    assert [shown("failing_seconds", each) for each in ("desk", "other")] == [60, 60]
    assert [shown("held_back", each) for each in ("desk", "other")] == [0, 1]
    assert [shown("disabled", each) for each in ("desk", "other")] == [0, 1]

    metrics.stand({"desk": Standing(State.WORKING)}, 62_000)
    assert (shown("failing_seconds", "desk"), shown("disabled", "other")) == (0, None)


def test_a_delivery_shows_how_long_its_alert_took_from_admission_to_2xx() -> None:
    metrics = Metrics("1")

    metrics.settled(a_lease("desk"), Ending.LATER, "", 1_000)
    metrics.settled(a_lease("desk"), Ending.DELIVERED, "", 2_500)
    metrics.settled(msgspec.structs.replace(a_lease("desk"), replay=True), Ending.DELIVERED, "", 9_000_000)

    assert value_of(metrics, "rasid_delivery_seconds_sum") == 2.5
    assert value_of(metrics, "rasid_delivery_seconds_count") == 1


def test_deliveries_that_end_with_their_receiver_are_counted_as_dead() -> None:
    metrics = Metrics("1")

    metrics.removed(3)

    assert value_of(metrics, "rasid_dead_deliveries_total", {"reason": "receiver_removed"}) == 3


def test_every_metric_is_set_somewhere() -> None:
    held = {name for name, value in vars(Metrics("1")).items() if isinstance(value, Counter | Gauge | Histogram)}
    code = "".join(path.read_text(encoding="utf-8") for path in Path(daemon.__file__).parent.rglob("*.py"))
    change = r"(?:metrics|self)\.(\w+)(?:\.labels\((?:[^()]|\([^()]*\))*\))?\.(?:inc|set|observe)\("

    assert held - set(re.findall(change, code)) == set()


def test_the_wait_of_a_receiver_that_is_gone_is_not_shown_for_ever() -> None:
    metrics = Metrics("1")
    metrics.receivers.add(["desk"])

    metrics.depth(Depth(ready=1, oldest_ms=1_000, dead=0, by_receiver={"desk": 1}), 3_500)
    assert b'rasid_receiver_ready{receiver="desk"} 1.0' in metrics.text()
    assert b"rasid_outbox_oldest_seconds 2.5" in metrics.text()

    metrics.depth(Depth(ready=0, oldest_ms=0, dead=0, by_receiver={}), 3_500)
    assert b"rasid_receiver_ready{" not in metrics.text()


def test_names_and_help_follow_the_conventions() -> None:
    for name, text, labels in every_metric():
        assert re.fullmatch(r"rasid_[a-z_]+", name)
        assert text.endswith((".", "version."))
        assert set(labels) <= {
            "outcome",
            "reason",
            "topic",
            "answer",
            "route",
            "scope",
            "status",
            "receiver",
            "reply",
            "ending",
            "partition",
            "result",
            "version",
            "source",
            "outlet",
        }
