"""Where a span stands in its trace, as W3C Trace Context writes it in the header ``traceparent``. Pure."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from processors.ids import digest

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_FORBIDDEN_VERSION = "ff"
_SAMPLED = 1
"""The one bit of the flags that means something to us; the standard leaves the others to whoever continues a trace."""

_RANDOM_BITS = 64
"""Of a trace's id, the last: what OpenTelemetry's TraceIdRatioBased looks at, so that services with the same ratio
choose the same traces."""


@dataclass(frozen=True, slots=True)
class TraceContext:
    """One span of one trace. Ids are lower-case hexadecimal: 32 digits of the trace, 16 of the span."""

    trace: str
    span: str
    sampled: bool = True

    def header(self) -> str:
        """The value of ``traceparent``, version 00."""
        return f"00-{self.trace}-{self.span}-{'01' if self.sampled else '00'}"


def read_traceparent(text: str) -> TraceContext | None:
    """What ``text`` names; None where the standard says to go on as if there was no header."""
    found = _TRACEPARENT.fullmatch(text)
    if found is None:
        return None
    version, trace, span, flags = found.groups()
    if version == _FORBIDDEN_VERSION or not int(trace, 16) or not int(span, 16):
        return None
    return TraceContext(trace, span, bool(int(flags, 16) & _SAMPLED))


def trace_id(*about: str) -> str:
    """The id of the trace about a thing. Computed like every id here: the same thing, read again, has the same."""
    return _hex(16, *about)


def span_id(*about: str) -> str:
    """The id of a span, of what it is about."""
    return _hex(8, *about)


def is_chosen(trace: str, ratio: float) -> bool:
    """Whether a trace is among the part of all, 0 to 1, that is looked at."""
    last = int(trace, 16) & ((1 << _RANDOM_BITS) - 1)
    return last < round(ratio * (1 << _RANDOM_BITS))


def _hex(size: int, *about: str) -> str:
    return blake2b(digest(*about).encode(), digest_size=size).hexdigest()
