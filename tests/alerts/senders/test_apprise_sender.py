"""A delivery by Apprise, to servers of this machine: what arrives, what is refused, what ends in time."""

import asyncio
import json
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web

from alerts.model import Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.event import Style
from alerts.rendering.examples import example_deliveries
from alerts.secret_text import SecretText
from alerts.senders.apprise_sender import AppriseSender, why_unusable
from alerts.target import Apprise
from tests.alerts.senders.sending import LOOPBACK, raw_serving, serving
from tests.hostile import Serve, without_end

NOON_MS = 1_795_608_000_000


def a_receiver(url: str, *, allow: Any = LOOPBACK) -> Receiver:
    return Receiver(
        name="phones", url="", secrets=(), allow=allow, target=Apprise(SecretText(url)), style=Style("en"),
        concealed=(SecretText(url), SecretText(url.partition("://")[2])),
    )  # fmt: skip


def a_lease() -> Leased:
    delivery = example_deliveries(a_receiver("json://x"), NOON_MS)["alert.opened"]
    return Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)


async def attempt_at(url: str, *, allow: Any = LOOPBACK, deadline: float = 15.0) -> Attempt:
    return await AppriseSender(deadline_seconds=deadline).send(a_lease(), a_receiver(url, allow=allow))


def place_of(url: str) -> str:
    return url.removeprefix("http://").partition("/")[0]


def test_a_message_arrives_and_its_answer_is_understood() -> None:
    seen: list[Mapping[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(json.loads(await request.read()))
        return web.Response(status=500 if "fails" in request.path else 200)

    async def scenario() -> list[Attempt]:
        async with serving(take) as url:
            return [await attempt_at(f"json://{place_of(url)}/{path}") for path in ("hook", "fails-canary")]

    taken, failed = asyncio.run(scenario())

    assert (taken.reply, taken.error) == (Reply.DELIVERED, "")
    assert "A test of Rasid" in seen[0]["title"] and "https://news.example" in seen[0]["message"]
    assert (failed.reply, failed.error) == (Reply.FAILED, "apprise")
    assert failed.excerpt and "canary" not in failed.excerpt


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "10.0.0.1",
    ],
)
@pytest.mark.parametrize("scheme", ["json", "xml"])
def test_a_service_inside_is_not_reached(address: str, scheme: str) -> None:
    connections = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1

    async def scenario() -> Attempt:
        async with raw_serving(count) as url:
            port = place_of(url).partition(":")[2]
            return await attempt_at(f"{scheme}://{address}:{port}/", allow=())

    attempt = asyncio.run(scenario())

    assert attempt.reply is Reply.REFUSED or (attempt.reply, attempt.error) == (Reply.FAILED, "apprise")
    assert connections == 0


def test_an_allow_of_another_network_opens_nothing() -> None:
    attempt = asyncio.run(attempt_at("json://127.0.0.1:9/", allow=(ip_network("10.0.0.0/8"),)))

    assert (attempt.reply, attempt.error) == (Reply.REFUSED, "denied_address")


def test_a_redirect_is_not_followed() -> None:
    paths: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async def scenario() -> Attempt:
        async with serving(redirect) as url:
            return await attempt_at(f"json://{place_of(url)}/hook")

    assert asyncio.run(scenario()).reply is Reply.FAILED
    assert paths == ["/hook/"] or paths == ["/hook"]


ENDLESS = {
    "drip": without_end(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", 0.05),
    "flood": without_end(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1_000_000),
}


@pytest.mark.parametrize("serve", ENDLESS.values(), ids=ENDLESS)
def test_a_service_that_never_ends_is_a_failed_attempt_in_time(serve: Serve) -> None:
    async def scenario() -> Attempt:
        async with raw_serving(serve) as url:
            return await attempt_at(f"json://{place_of(url)}/", deadline=8.0)

    attempt = asyncio.run(scenario())

    assert attempt.reply is Reply.FAILED and attempt.error in ("timeout", "apprise", "apprise_died")
    assert attempt.seconds < 10


@pytest.mark.parametrize(("url", "usable"), [("json://n.example/", True), ("nothing://x", False), ("x", False)])
def test_a_url_that_is_none_of_a_service_is_told(url: str, usable: bool) -> None:
    assert (why_unusable(a_receiver(url)) is None) is usable


def test_a_preview_shows_the_message_and_no_token() -> None:
    async def scenario() -> str:
        return AppriseSender().preview(a_lease(), a_receiver("tgram://canary-token/12345"))

    shown = asyncio.run(scenario())

    assert shown.startswith("Apprise tgram://***\n") and "canary" not in shown and "A test of Rasid" in shown
