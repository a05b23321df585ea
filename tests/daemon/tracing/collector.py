"""A collector on a free port: what is posted, read with OpenTelemetry's own messages, which nobody here wrote."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.served import served

HANG_SECONDS = 30.0


@dataclass(frozen=True)
class Exported:
    """One span as it arrived; ids in hexadecimal."""

    name: str
    kind: int
    trace: str
    span: str
    parent: str
    start_ns: int
    end_ns: int
    failed: bool
    attributes: dict[str, Any]


@dataclass
class Collector:
    """What arrived; answers what it is told to."""

    spans: list[Exported] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # path and headers
    answer: int = 200
    megabytes: int = 0  # of an answer without a length, instead of the right one
    written: list[int] = field(default_factory=list)  # of each of these, until the other side went away
    callers: list[int] = field(default_factory=list)  # the port of each request's other side
    url: str = ""
    go_on: threading.Event = field(default_factory=threading.Event)  # unset: requests hang

    def named(self, name: str) -> list[Exported]:
        return [span for span in self.spans if span.name == name]


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(each) for each in value.array_value.values]
    return getattr(value, kind)


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _keep(held: Collector, body: bytes) -> None:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        held.resources.append(_attributes(resource.resource.attributes))
        for span in (each for scope in resource.scope_spans for each in scope.spans):
            ids = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
            times = span.start_time_unix_nano, span.end_time_unix_nano
            failed = span.status.code == span.status.STATUS_CODE_ERROR
            held.spans.append(Exported(span.name, span.kind, *ids, *times, failed, _attributes(span.attributes)))


@contextmanager
def collector() -> Iterator[Collector]:
    """It listens while the block runs."""
    held = Collector()
    held.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            held.requests.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            held.callers.append(self.client_address[1])
            held.go_on.wait(HANG_SECONDS)
            if held.megabytes:
                self._endless()
                return
            if held.answer == 200:
                _keep(held, body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(held.answer)
            if 300 <= held.answer < 400:
                self.send_header("location", f"{held.url}/elsewhere")
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _endless(self) -> None:
            self.close_connection = True
            self.send_response(held.answer)
            self.send_header("location", "/elsewhere")
            self.end_headers()
            written = 0
            try:
                while written < held.megabytes:
                    self.wfile.write(bytes(1_000_000))
                    written += 1
            except OSError:
                held.written.append(written)

        def log_message(self, *values: Any) -> None:
            return

    with served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        held.url = f"http://127.0.0.1:{port}"
        try:
            yield held
        finally:
            held.go_on.set()
