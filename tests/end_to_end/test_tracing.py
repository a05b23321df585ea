"""A record and its delivery in one trace: real Kafka, a real daemon, and a collector that reads what it posts."""

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.build import a_flood, quiet
from tests.daemon.tracing.collector import Exported, collector
from tests.end_to_end.daemon import Daemon, receiver, wait_until
from tests.end_to_end.kafka import Stream, metric

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED, NOT_SAMPLED = ([("traceparent", f"00-{TRACE}-{SPAN}-{flags}".encode())] for flags in ("01", "00"))

RETRIED: dict[str, Any] = {"retry": ["0s", *["1s"] * 10]}


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector hears at once, and one that is away is given up after a second."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")


@pytest.fixture
def stream(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> Stream:
    return Stream(kafka, kafka_topic, runner)


def below(spans: Sequence[Exported], parent: str) -> set[str]:
    """Names of the spans right below one."""
    return {span.name for span in spans if span.parent == parent}


def exported(running: Daemon) -> float:
    return metric(running, "rasid_spans_total", outcome="exported")


def test_record_and_delivery_are_one_trace_that_goes_on_at_the_receiver(stream: Stream, tmp_path: Path) -> None:
    stream.add(quiet(1))
    stream.add(a_flood(1), headers=SAMPLED)
    with collector() as held, receiver() as hook:
        with stream.daemon(tmp_path, hook, tracing={"endpoint": held.url}) as running:
            wait_until(lambda: hook.posts, "the alert")
            assert [running.event(line)["trace"] for line in ("told", "delivery_attempt")] == [TRACE, TRACE]
            assert running.stop() == 0

        (record,) = held.named(f"process {stream.topic}")
        assert (record.trace, record.parent) == (TRACE, SPAN)
        assert below(held.spans, record.span) == {"match", "story", "admit", "deliver"}
        assert {span.trace for span in held.spans} == {TRACE}
        (delivery,) = held.named("deliver")
        assert hook.headers[0]["traceparent"] == f"00-{TRACE}-{delivery.span}-01"
        assert delivery.attributes["rasid.delivery.id"] == hook.posts[0][0]
        assert record.attributes["rasid.deliveries"] == [hook.posts[0][0]]
        assert record.attributes["messaging.kafka.offset"] == 1
        assert len(held.spans) == 5  # none of the article that concerns no topic


def test_attempts_before_and_after_a_restart_are_in_the_trace_of_their_record(stream: Stream, tmp_path: Path) -> None:
    """Killed after a failed attempt: the next process knows of the record only what is kept with the delivery."""
    stream.add(a_flood(1))
    with collector() as held, receiver() as hook:
        desk = {"name": "desk", "url": hook.url, "secret_file": "secret", "allow": ["127.0.0.0/8"]} | RETRIED
        sections: dict[str, Any] = {"tracing": {"endpoint": held.url}, "receivers": [desk]}
        hook.answer = 500
        with stream.daemon(tmp_path, hook, **sections) as first:
            wait_until(lambda: held.named("deliver"), "the failed attempt")
            assert first.stop(signal.SIGKILL) != 0
        hook.answer = 204
        with stream.daemon(tmp_path, hook, **sections) as second:
            wait_until(lambda: metric(second, "rasid_settled_total", ending="delivered"), "the delivery")
            assert second.stop() == 0

        attempts = held.named("deliver")
        (record,) = {(span.trace, span.span) for span in held.named(f"process {stream.topic}")}
        assert {(span.trace, span.parent) for span in attempts} == {record}
        assert [attempts[0].failed, attempts[-1].failed] == [True, False]
        assert attempts[0].attributes["http.response.status_code"] == 500
        assert len({span.span for span in attempts}) == len(attempts)


def test_what_is_not_sampled_costs_no_request_and_the_producers_header_goes_on(stream: Stream, tmp_path: Path) -> None:
    stream.add(a_flood(1))
    stream.add(a_flood(2), headers=NOT_SAMPLED)
    with collector() as held, receiver() as hook:
        with stream.daemon(tmp_path, hook, tracing={"endpoint": held.url, "sample": 0}) as running:
            wait_until(lambda: len(hook.posts) == 2, "both alerts")
            assert running.stop() == 0

        assert held.requests == []
        headers = [each.get("traceparent") for each in hook.headers]
        assert sorted(headers, key=str) == [NOT_SAMPLED[0][1].decode(), None]


def test_a_collector_that_is_away_holds_up_no_alert_and_is_counted(stream: Stream, tmp_path: Path) -> None:
    stream.add(a_flood(1), a_flood(2))
    with receiver() as hook, stream.daemon(tmp_path, hook, tracing={"endpoint": _nobody()}) as running:
        wait_until(lambda: len(hook.posts) == 2, "both alerts")
        wait_until(lambda: metric(running, "rasid_spans_total", outcome="dropped") >= 8, "the dropped spans")
        stream.add(a_flood(3))
        wait_until(lambda: len(hook.posts) == 3, "the next alert")
        assert exported(running) == 0
        assert running.stop() == 0


def _nobody() -> str:
    """Where nobody listens any more."""
    with collector() as held:
        return held.url
