"""A span that has ended: what is exported. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from daemon.tracing.trace_context import TraceContext

Attribute = str | bool | int | float | tuple[str, ...]


class SpanKind(StrEnum):
    """What a span is to the ones beside it, in OpenTelemetry's words."""

    CONSUMER = "consumer"  # took what another put somewhere
    CLIENT = "client"  # asked another and waited for the answer
    INTERNAL = "internal"  # neither


@dataclass(frozen=True, slots=True)
class Span:
    """Times are nanoseconds since 1970. ``parent`` is the span above it, made by whichever process."""

    name: str
    kind: SpanKind
    context: TraceContext
    parent: TraceContext | None
    start_ns: int
    end_ns: int
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    failed: bool = False
