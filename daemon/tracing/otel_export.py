"""Spans to a collector, by OpenTelemetry's own SDK. The only file that imports it, and only where ``tracing`` is set.

The SDK's queue and thread do the sending. What this adds: no more spans wait than ``MOST_WAITING``, what is not taken
is counted, and the end of the process waits ``FLUSH_SECONDS`` and no longer.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from alerts.errors import Refused
from daemon import __version__
from daemon.config.config import Config
from daemon.tracing import span as ours
from daemon.tracing.http_collector import collector_session
from daemon.tracing.trace_context import TraceContext
from daemon.tracing.tracing import Tracing

MOST_WAITING = 2_048
"""Spans, those of the request under way among them: the specification's size of a queue, 3.4 MB where all are of
records. There are four of a record and one of an attempt, so that it holds a burst of four hundred alerts."""

FLUSH_SECONDS = 3.0
"""At the end. A collector on this machine takes the whole queue in a fraction of it, a dead one costs no more."""

_KINDS = {
    ours.SpanKind.CONSUMER: SpanKind.CONSUMER,
    ours.SpanKind.CLIENT: SpanKind.CLIENT,
    ours.SpanKind.INTERNAL: SpanKind.INTERNAL,
}

_SCOPE = InstrumentationScope("rasid", __version__)


class OtelExport:
    """Takes spans that ended. Made once; ``close`` sends what waits."""

    def __init__(self, exporter: SpanExporter, resource: Resource, counted: Callable[[int, bool], None]) -> None:
        """``counted`` is told how many spans came to an end and whether the collector took them; from any thread."""
        self._exporter = _Counted(exporter, self._done)
        self._batches = BatchSpanProcessor(self._exporter, max_queue_size=MOST_WAITING)
        self._resource = resource
        self._counted = counted
        self._waiting = 0
        self._turn = threading.Lock()

    def add(self, span: ours.Span) -> None:
        """Never waits: with a full queue the span is dropped and counted."""
        with self._turn:
            taken = self._waiting < MOST_WAITING
            self._waiting += taken
        if taken:
            self._batches.on_end(_readable(span, self._resource))
        else:
            self._counted(1, False)

    async def close(self) -> None:
        """Send what waits, for ``FLUSH_SECONDS`` at most; what is left then is counted as dropped."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def flush() -> None:
            self._batches.shutdown()  # type: ignore[no-untyped-call]
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(done.set)

        # A thread of its own that holds up no exit: the loop's would be waited for, however long a request hangs.
        threading.Thread(target=flush, name="flush spans", daemon=True).start()
        try:
            await asyncio.wait_for(done.wait(), FLUSH_SECONDS)
        except TimeoutError:
            self._exporter.stop()  # what is tried again is given up
            with self._turn:
                left, self._waiting = self._waiting, 0
            self._counted(left, False)

    def _done(self, spans: int, taken: bool) -> None:
        with self._turn:
            known = min(spans, self._waiting)  # others were counted when time was up
            self._waiting -= known
        self._counted(known, taken)


class _Counted(SpanExporter):
    """An exporter that says what became of each batch."""

    def __init__(self, exporter: SpanExporter, done: Callable[[int, bool], None]) -> None:
        self._exporter = exporter
        self._done = done
        self._stopped = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = SpanExportResult.FAILURE
        try:
            result = self._exporter.export(spans)
        finally:
            self._done(len(spans), result is SpanExportResult.SUCCESS)
        return result

    def stop(self) -> None:
        """End what is under way, once."""
        if self._stopped.acquire(blocking=False):
            self._exporter.shutdown()

    def shutdown(self) -> None:
        self.stop()


def otel_tracing(
    config: Config, headers: Mapping[str, str], instance: str, counted: Callable[[int, bool], None]
) -> Tracing:
    """Tracing as the section says. Raises ``Refused`` where a variable of OpenTelemetry cannot be used."""
    section = config.tracing
    if section is None or os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return Tracing()
    try:
        # Without headers of ours the exporter takes those of OTEL_EXPORTER_OTLP_HEADERS.
        exporter = OTLPSpanExporter(
            endpoint=section.endpoint, headers=dict(headers) or None, session=collector_session()
        )
        resource = _resource(section.service_name, section.attributes, config.name, instance)
        export = OtelExport(exporter, resource, counted)
    except (ValueError, OSError) as error:
        raise Refused(f"tracing: a variable OTEL_… of the environment cannot be used: {error}") from error
    return Tracing(name=config.name, sample=section.sample, now_ns=time.time_ns, tell=export.add, close=export.close)


def _resource(service: str | None, attributes: Mapping[str, str], name: str, instance: str) -> Resource:
    """Who sends: ours, then what the configuration adds, over what the environment says."""
    named = {"service.version": __version__, "service.instance.id": instance, "rasid.name": name, **attributes}
    if service is None and not os.environ.get("OTEL_SERVICE_NAME") and "service.name" not in _from_environment():
        service = "rasid"
    return Resource.create(named if service is None else named | {"service.name": service})


def _from_environment() -> str:
    return os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")


def _readable(span: ours.Span, resource: Resource) -> ReadableSpan:
    far = span.kind is not ours.SpanKind.INTERNAL  # another process may have made the one above it
    return ReadableSpan(
        name=span.name,
        context=_context(span.context, is_remote=False),
        parent=None if span.parent is None else _context(span.parent, is_remote=far),
        resource=resource,
        attributes=dict(span.attributes),
        kind=_KINDS[span.kind],
        status=Status(StatusCode.ERROR if span.failed else StatusCode.UNSET),
        start_time=span.start_ns,
        end_time=span.end_ns,
        instrumentation_scope=_SCOPE,
    )


def _context(context: TraceContext, *, is_remote: bool) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if context.sampled else TraceFlags.DEFAULT)
    return SpanContext(int(context.trace, 16), int(context.span, 16), is_remote, flags)
