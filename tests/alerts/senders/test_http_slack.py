"""A delivery as a message in Slack, Mattermost, Rocket.Chat, and how their answers are understood."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.chat import escaped
from alerts.rendering.event import Style
from alerts.rendering.examples import example_deliveries
from alerts.rendering.message import Message
from alerts.rendering.slack import slack_body
from alerts.secret_text import secrets_of_url
from alerts.senders.http_exchange import HttpExchange
from alerts.senders.http_slack import SlackSender
from alerts.target import Slack
from tests.alerts.senders.sending import LOOPBACK, serving

CHAT = Receiver(name="chat", url="", secrets=(), allow=LOOPBACK, target=Slack(), style=Style("ar"))
EXAMPLES = example_deliveries(CHAT, 1_795_608_000_000)


def a_lease(delivery: Delivery = EXAMPLES["alert.opened"], **changes: Any) -> Leased:
    values: dict[str, Any] = {"delivery": delivery, "attempt": 1, "order_gap": False, "replay": False}
    return Leased(**(values | changes))


async def posted(answer: web.Response | None = None, *leases: Leased) -> tuple[list[Attempt], list[bytes]]:
    bodies: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return answer or web.Response(text="ok")

    async with serving(take) as url:
        receiver = replace(CHAT, url=f"{url}/canary-token", concealed=secrets_of_url(f"{url}/canary-token"))
        exchange = HttpExchange()
        sender = SlackSender(exchange, "rasid/test")
        attempts = [await sender.send(leased, receiver) for leased in leases or (a_lease(),)]
        await exchange.close()
    return attempts, bodies


def test_every_type_of_event_arrives_as_a_message() -> None:
    attempts, bodies = asyncio.run(posted(None, *map(a_lease, EXAMPLES.values())))

    assert {(each.reply, each.status, each.excerpt) for each in attempts} == {(Reply.DELIVERED, 200, "ok")}
    assert all(json.loads(body)["text"] for body in bodies)
    opened = json.loads(bodies[0])
    assert "تأجيل افتتاح الميناء" in opened["text"]
    assert opened["attachments"][0]["text"].endswith("\nhttps://news.example/rasid/test?number=1")


def test_the_same_delivery_is_the_same_bytes_at_every_attempt() -> None:
    _, bodies = asyncio.run(posted(None, a_lease(), a_lease(attempt=7, order_gap=True, replay=True)))

    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (200, "ok", (Reply.DELIVERED, "")),
        (403, "invalid_token", (Reply.FAILED, "invalid_token")),
        (404, "no_service", (Reply.FAILED, "no_service")),
        (410, "channel_is_archived", (Reply.GONE, "channel_is_archived")),
        (429, "", (Reply.BUSY, "")),
        (500, "rollup_error", (Reply.FAILED, "")),
        (400, "anything else", (Reply.FAILED, "")),
    ],
)
def test_an_answer_is_understood(status: int, said: str, expected: tuple[Reply, str]) -> None:
    answer = web.Response(status=status, text=said, headers={"Retry-After": "30"} if status == 429 else None)
    (attempt,), _ = asyncio.run(posted(answer))

    assert (attempt.reply, attempt.error) == expected
    assert attempt.retry_after_s == (30.0 if status == 429 else None)


def test_an_answer_that_repeats_the_token_is_kept_without_it() -> None:
    (attempt,), _ = asyncio.run(posted(web.Response(status=403, text="no hook at /hook/canary-token here")))

    assert "canary" not in attempt.excerpt and attempt.excerpt.startswith("no hook at ***")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@\u2060U1&gt;"),
        ("@channel @all a@b.c", "@\u2060channel @\u2060all a@\u2060b.c"),
        ("[bank](https://evil.example)", "[bank]\u2060(https://evil.example)"),
        ("![x][y] 5 @ 3", "![x]\u2060[y] 5 @ 3"),
        ("عاجل: @مراسل", "عاجل: @\u2060مراسل"),
    ],
)
def test_a_headline_rings_nobody_and_hides_no_link(written: str, read: str) -> None:
    assert escaped(written) == read


def test_a_long_text_is_cut_before_it_is_escaped() -> None:
    body = json.loads(slack_body(Message("<" * 20_000, ("&" * 20_000,), "", "critical"), 0))

    assert len(body["text"]) <= 3_001 and body["text"].endswith("&lt;…")
    assert body["attachments"][0]["color"]
