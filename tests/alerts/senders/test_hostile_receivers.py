"""Receivers of every type that misbehave, a hundred at once: attempts end in time, and memory stays where it was."""

import asyncio
import gzip
import resource
import time
from dataclasses import replace

import pytest

from alerts.model import Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.examples import example_deliveries
from alerts.senders.http_exchange import HttpExchange
from alerts.senders.senders import Senders
from alerts.target import Alertmanager, Slack, Webhook
from tests.alerts.senders.sending import LOOPBACK, Names, raw_serving
from tests.hostile import never, reset, saying, without_end

DEADLINE = 3.0
IN_TIME = 30.0
"""On a busy machine; those that never end would take for ever."""

AT_ONCE = 40
"""Of each type, at each hostile receiver."""

DESK = Receiver(name="desk", url="", secrets=(), allow=LOOPBACK)
EXAMPLE = example_deliveries(DESK, 1_795_608_000_000)["alert.opened"]
BOMB = gzip.compress(b"\0" * 100_000_000)
BOMB_HEAD = f"HTTP/1.1 500 Oops\r\ncontent-encoding: gzip\r\ncontent-length: {len(BOMB)}\r\n\r\n".encode()
HOSTILE = {
    "never": never,
    "drip": without_end(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", b"x", 0.05),
    "endless": without_end(b"HTTP/1.1 500 Oops\r\n\r\n", b"x" * 65_536),
    "bomb": saying(BOMB_HEAD + BOMB),
    "informational": without_end(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 100),
    "huge_headers": without_end(b"HTTP/1.1 200 OK\r\n", b"x: " + b"y" * 60_000 + b"\r\n"),
    "reset": reset,
}


@pytest.mark.parametrize("scheme", ["http", "https"])  # over https none of them speaks TLS, or does it too slowly
@pytest.mark.parametrize("sort", HOSTILE)
def test_each_attempt_ends_in_time_and_memory_does_not_grow(sort: str, scheme: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def scenario() -> tuple[list[Attempt], float]:
        async with raw_serving(HOSTILE[sort]) as url:
            exchange = HttpExchange(resolver=Names(["127.0.0.1"]), deadline_seconds=DEADLINE)
            senders = Senders(user_agent="rasid/test", exchange=exchange)
            place = url.replace("http", scheme)
            receivers = [replace(DESK, url=place, target=target) for target in (Webhook(), Slack(), Alertmanager())]
            leased = Leased(delivery=EXAMPLE, attempt=1, order_gap=False, replay=False)
            started = time.monotonic()
            attempts = await asyncio.gather(*(senders.send(leased, each) for each in receivers for _ in range(AT_ONCE)))
            took = time.monotonic() - started
            await senders.close()
            return attempts, took

    attempts, took = asyncio.run(scenario())

    said_yes = scheme == "http" and sort == "drip"  # who says 200 has taken it, however its reply drips
    replies = {(each.reply, each.error if said_yes else "") for each in attempts}
    assert replies == {(Reply.DELIVERED if said_yes else Reply.FAILED, "")}
    assert max(each.seconds for each in attempts) < IN_TIME and took < IN_TIME
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024, "kilobytes"
