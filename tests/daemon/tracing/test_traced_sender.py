"""The span of an attempt, made by the real sender to a real server."""

import asyncio
import json
from collections.abc import Sequence
from itertools import count

import pytest
from aiohttp import web
from msgspec.structs import replace

from alerts.model import Leased
from alerts.senders.http_sender import HttpSender
from daemon.tracing.span import Span, SpanKind
from daemon.tracing.trace_context import TraceContext, read_traceparent
from daemon.tracing.traced_sender import TracedSender
from tests.alerts.senders.sending import a_lease, a_receiver, serving

RECORD = TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


def a_traced_lease(trace: str = RECORD.header(), **changes: object) -> Leased:
    leased = a_lease(**changes)
    body = json.dumps({"data": {"alert": {"id": "al"}, "story": {"id": "st"}}}).encode()
    return replace(leased, delivery=replace(leased.delivery, trace=trace, body=body))


def send(*leased: Leased, status: int = 204) -> tuple[Sequence[Span], Sequence[str | None]]:
    """The spans, and the ``traceparent`` of each request. The URL has a secret in it."""
    told: list[Span] = []
    headers: list[str | None] = []
    ticks = count(1)

    async def answer(request: web.Request) -> web.Response:
        headers.append(request.headers.get("traceparent"))
        return web.Response(status=status, text="what the receiver says")

    async def scenario() -> None:
        async with serving(answer) as url:
            sender = HttpSender(user_agent="rasid/test")
            traced = TracedSender(sender, now_ns=lambda: next(ticks), tell=told.append)
            for each in leased:
                await traced.send(each, a_receiver(f"{url}?token=s3cret"))
            await sender.close()

    asyncio.run(scenario())
    return told, headers


def test_an_attempt_is_a_client_span_below_what_the_delivery_keeps() -> None:
    (span,), headers = send(a_traced_lease())

    assert (span.name, span.kind, span.parent, span.failed) == ("deliver", SpanKind.CLIENT, RECORD, False)
    assert span.context.trace == RECORD.trace
    assert span.start_ns < span.end_ns
    assert [read_traceparent(each or "") for each in headers] == [span.context]
    assert span.attributes == {
        "rasid.delivery.id": "evt_abc",
        "rasid.delivery.type": "alert.opened",
        "rasid.receiver": "desk",
        "rasid.receiver.type": "webhook",
        "rasid.attempt": 1,
        "rasid.replay": False,
        "rasid.reply": "delivered",
        "rasid.alert.id": "al",
        "rasid.story.id": "st",
        "http.response.status_code": 204,
    }


def test_each_attempt_has_a_span_of_its_own_also_those_of_a_replay() -> None:
    spans, headers = send(a_traced_lease(), a_traced_lease(attempt=2), a_traced_lease(replay=True))

    assert len({span.context.span for span in spans}) == len(set(headers)) == 3
    assert {span.parent for span in spans} == {RECORD}
    assert [span.attributes["rasid.replay"] for span in spans] == [False, False, True]


@pytest.mark.parametrize(("status", "reply"), [(500, "failed"), (429, "busy"), (410, "gone")])
def test_an_attempt_that_fails_says_so(status: int, reply: str) -> None:
    (span,), _ = send(a_traced_lease(), status=status)

    assert span.failed
    assert (span.attributes["rasid.reply"], span.attributes["error.type"]) == (reply, str(status))


def test_an_address_that_must_not_be_reached_is_told_by_a_word_of_ours() -> None:
    told: list[Span] = []

    async def scenario() -> None:
        sender = HttpSender(user_agent="rasid/test")
        traced = TracedSender(sender, now_ns=lambda: 1, tell=told.append)
        await traced.send(a_traced_lease(), a_receiver("http://127.0.0.1:9/?token=s3cret", allowed=False))
        await sender.close()

    asyncio.run(scenario())

    assert [span.attributes["error.type"] for span in told] == ["denied_address"]
    assert "http.response.status_code" not in told[0].attributes


@pytest.mark.parametrize("status", [204, 500])
def test_no_address_no_body_and_no_answer_is_in_a_span(status: int) -> None:
    (span,), _ = send(a_traced_lease(), status=status)

    shown = repr(span)
    assert [word for word in ("s3cret", "token", "127.0.0.1", "/hook", "what the receiver says") if word in shown] == []


@pytest.mark.parametrize("header", ["", f"00-{RECORD.trace}-{RECORD.span}-00", "no trace"])
def test_a_delivery_that_is_not_traced_goes_out_as_it_is(header: str) -> None:
    spans, headers = send(a_traced_lease(header))

    assert (spans, headers) == ([], [header or None])
