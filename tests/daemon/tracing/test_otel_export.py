"""Spans to a collector: what arrives, and what a collector that fails costs."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alerts.errors import Refused
from daemon import __version__
from daemon.config.load import load_config
from daemon.tracing import otel_export
from daemon.tracing.otel_export import MOST_WAITING, otel_tracing
from daemon.tracing.span import Span, SpanKind
from daemon.tracing.trace_context import TraceContext, span_id, trace_id
from daemon.tracing.tracing import Tracing
from tests.daemon.build import write_config
from tests.daemon.tracing.collector import Collector, collector
from tests.end_to_end.daemon import wait_until

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None of OpenTelemetry's, and a delay that tests need not wait for."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "20")
    yield


def a_span(number: int = 0, **changes: object) -> Span:
    record = TraceContext(trace_id("t"), span_id("record"))
    context = TraceContext(record.trace, span_id("span", str(number)))
    values: dict[str, object] = {
        "name": "deliver", "kind": SpanKind.CLIENT, "context": context, "parent": record, "start_ns": 1_000,
        "end_ns": 3_000, "attributes": {"text": "فيضان", "number": 7, "yes": True, "several": ("a", "b")},
    }  # fmt: skip
    return Span(**(values | changes))  # type: ignore[arg-type]


class Counted:
    """Spans by whether the collector took them."""

    def __init__(self) -> None:
        self.spans: Counter[bool] = Counter()
        self._turn = threading.Lock()

    def __call__(self, spans: int, taken: bool) -> None:
        with self._turn:
            self.spans[taken] += spans


def tracing_of(folder: Path, counted: Callable[[int, bool], None], **section: object) -> Tracing:
    loaded = load_config(write_config(folder, tracing=section))
    return otel_tracing(loaded.config, loaded.trace_headers, "i-1", counted)


def export(folder: Path, held: Collector | str, *spans: Span, **section: object) -> Counted:
    """Add them, close, and what was counted."""
    counted = Counted()
    tracing = tracing_of(folder, counted, endpoint=held if isinstance(held, str) else held.url, **section)
    assert tracing.tell is not None
    for span in spans:
        tracing.tell(span)
    asyncio.run(_close(tracing))
    return counted


async def _close(tracing: Tracing) -> None:
    await tracing.close()


def test_a_span_arrives_whole(tmp_path: Path) -> None:
    with collector() as held:
        counted = export(tmp_path, held, a_span(), a_span(1, parent=None, kind=SpanKind.CONSUMER, failed=True))

    child, root = held.spans
    assert (child.name, child.trace, child.span, child.parent) == (
        "deliver",
        trace_id("t"),
        span_id("span", "0"),
        span_id("record"),
    )
    assert (child.start_ns, child.end_ns, child.failed, child.kind) == (1_000, 3_000, False, 3)
    assert child.attributes == {"text": "فيضان", "number": 7, "yes": True, "several": ["a", "b"]}
    assert (root.parent, root.failed, root.kind) == ("", True, 5)
    assert counted.spans == {True: 2}
    assert [path for path, _ in held.requests] == ["/v1/traces"]


def test_spans_say_which_process_they_are_of(tmp_path: Path) -> None:
    with collector() as held:
        export(tmp_path, held, a_span(), attributes={"deployment.environment.name": "production"})

    (resource,) = held.resources
    assert {key: value for key, value in resource.items() if not key.startswith("telemetry.")} == {
        "service.name": "rasid",
        "service.version": __version__,
        "service.instance.id": "i-1",
        "rasid.name": "test",
        "deployment.environment.name": "production",
    }


def test_the_headers_of_the_file_go_with_each_request(tmp_path: Path) -> None:
    (tmp_path / "headers").write_text("# the collector's\nAuthorization: Bearer s3cret\n\nx-scope: desk\n")
    with collector() as held:
        export(tmp_path, held, a_span(), headers_file="headers")

    ((_, headers),) = held.requests
    assert (headers["authorization"], headers["x-scope"]) == ("Bearer s3cret", "desk")


def test_what_the_configuration_leaves_open_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collector() as held:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", held.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20env")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        monkeypatch.setenv("OTEL_SERVICE_NAME", "newsroom")
        monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "region=cairo,rasid.name=other")
        counted = Counted()
        tracing = tracing_of(tmp_path, counted)
        assert tracing.tell is not None
        tracing.tell(a_span())
        asyncio.run(_close(tracing))

    ((path, headers),) = held.requests
    assert (path, headers["authorization"]) == ("/v1/traces", "Bearer env")
    (resource,) = held.resources
    assert (resource["service.name"], resource["region"], resource["rasid.name"]) == ("newsroom", "cairo", "test")


def test_what_the_configuration_says_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", NOWHERE)
    monkeypatch.setenv("OTEL_SERVICE_NAME", "newsroom")
    with collector() as held:
        export(tmp_path, held, a_span(), service_name="desk")

    assert [each["service.name"] for each in held.resources] == ["desk"]


def test_a_service_that_resource_attributes_name_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=newsroom")
    with collector() as held:
        export(tmp_path, held, a_span())

    assert [each["service.name"] for each in held.resources] == ["newsroom"]


def test_an_sdk_that_is_switched_off_traces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "True")

    assert tracing_of(tmp_path, Counted(), endpoint=NOWHERE).tell is None


def test_a_variable_that_cannot_be_used_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5000")

    with pytest.raises(Refused, match=r"OTEL_.* cannot be used: max_export_batch_size"):
        tracing_of(tmp_path, Counted(), endpoint=NOWHERE)


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_what_a_collector_does_not_take_is_counted_as_dropped(
    tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otel_export, "FLUSH_SECONDS", 0.5)
    with collector() as held:
        held.answer = status
        assert export(tmp_path, held, *map(a_span, range(3))).spans == {False: 3}


def test_a_collector_that_is_away_costs_a_count(tmp_path: Path) -> None:
    assert export(tmp_path, NOWHERE, *map(a_span, range(5))).spans == {False: 5}


def test_behind_a_collector_that_hangs_no_more_wait_than_may_and_the_others_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otel_export, "FLUSH_SECONDS", 0.2)
    counted = Counted()
    with collector() as held:
        held.go_on.clear()
        tracing = tracing_of(tmp_path, counted, endpoint=held.url)
        assert tracing.tell is not None
        tracing.tell(a_span())
        wait_until(lambda: held.requests, "the request that hangs")
        for number in range(1, MOST_WAITING + 100):
            tracing.tell(a_span(number))

        assert counted.spans == {False: 100}  # at once: nobody waited for the collector
        asyncio.run(_close(tracing))

        assert counted.spans == {False: MOST_WAITING + 100}  # while the request still hangs
        held.go_on.set()


@pytest.mark.parametrize("answer", [200, 400, 302])
def test_an_answer_that_does_not_end_is_not_read(tmp_path: Path, answer: int) -> None:
    with collector() as held:
        held.answer, held.megabytes = answer, 200
        counted = export(tmp_path, held, a_span())

        assert counted.spans == {answer == 200: 1}
        wait_until(lambda: held.written, "whoever answers to hear that nobody listens")
        assert held.written[0] < 100, "what the operating system holds back of it at most, in megabytes"


def test_a_collector_that_sends_elsewhere_has_taken_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with collector() as held:
        held.answer = 307
        counted = export(tmp_path, held, a_span())

    assert counted.spans == {False: 1}
    assert [path for path, _ in held.requests] == ["/v1/traces"], "and nobody else is told its key"
    assert "the collector answers 307" in caplog.text


def test_one_connection_serves_many_requests(tmp_path: Path) -> None:
    counted = Counted()
    with collector() as held:
        tracing = tracing_of(tmp_path, counted, endpoint=held.url)
        assert tracing.tell is not None
        for number in range(3):
            tracing.tell(a_span(number))
            wait_until(lambda: sum(counted.spans.values()) == len(held.requests) == number + 1, "it to arrive")  # noqa: B023
        asyncio.run(_close(tracing))

    assert (len(held.requests), len(set(held.callers))) == (3, 1)


def test_a_collector_that_comes_back_gets_what_comes_then(tmp_path: Path) -> None:
    counted = Counted()
    with collector() as held:
        held.answer = 400
        tracing = tracing_of(tmp_path, counted, endpoint=held.url)
        assert tracing.tell is not None
        tracing.tell(a_span(1))
        wait_until(lambda: counted.spans[False], "the first to be dropped")
        held.answer = 200
        tracing.tell(a_span(2))
        wait_until(lambda: counted.spans[True], "the second to arrive")
        asyncio.run(_close(tracing))

    assert [span.span for span in held.spans] == [span_id("span", "2")]
