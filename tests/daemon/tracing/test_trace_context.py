"""Trace contexts, as W3C writes them and as OpenTelemetry samples them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased
from opentelemetry.trace import get_current_span
from opentelemetry.trace.propagation import tracecontext

from daemon.tracing.trace_context import TraceContext, is_chosen, read_traceparent, span_id, trace_id

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

contexts = st.builds(
    TraceContext,
    st.integers(1, 2**128 - 1).map("{:032x}".format),
    st.integers(1, 2**64 - 1).map("{:016x}".format),
    st.booleans(),
)


@given(contexts)
def test_what_is_written_is_read_back(context: TraceContext) -> None:
    assert read_traceparent(context.header()) == context


@given(contexts)
def test_opentelemetry_reads_what_is_written(context: TraceContext) -> None:
    read = tracecontext.TraceContextTextMapPropagator().extract({"traceparent": context.header()})
    theirs = get_current_span(read).get_span_context()

    assert (theirs.trace_id, theirs.span_id) == (int(context.trace, 16), int(context.span, 16))
    assert theirs.trace_flags.sampled is context.sampled


@pytest.mark.parametrize(
    ("header", "sampled"),
    [
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-03", True),  # the second bit says that the trace's id is random
        (f"00-{TRACE}-{SPAN}-fe", False),
        (f"cc-{TRACE}-{SPAN}-01", True),  # a version to come
    ],
)
def test_only_the_first_bit_of_the_flags_says_whether_it_is_sampled(header: str, sampled: bool) -> None:
    assert read_traceparent(header) == TraceContext(TRACE, SPAN, sampled)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}",
    ],
)
def test_a_header_that_names_no_trace_is_as_none(header: str) -> None:
    assert read_traceparent(header) is None


@given(contexts, st.floats(0, 1))
def test_the_part_that_is_chosen_is_the_one_that_opentelemetry_chooses(context: TraceContext, ratio: float) -> None:
    theirs = TraceIdRatioBased(ratio).should_sample(None, int(context.trace, 16), "x")

    assert is_chosen(context.trace, ratio) is (theirs.decision is Decision.RECORD_AND_SAMPLE)


def test_of_computed_traces_the_part_asked_for_is_chosen() -> None:
    chosen = sum(is_chosen(trace_id("record", str(number)), 0.25) for number in range(10_000))

    assert 2_250 < chosen < 2_750  # 2,500 are expected; 250 more or less are six standard deviations


def test_ids_are_those_of_what_they_are_about_and_of_nothing_else() -> None:
    assert trace_id("a", "b") == trace_id("a", "b") != trace_id("ab")
    assert (len(trace_id("a")), len(span_id("a"))) == (32, 16)
    assert trace_id("a")[:16] != span_id("a")
