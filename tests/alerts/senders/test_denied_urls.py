"""Not one byte goes where it must not, whatever the address is written like and whatever type the receiver has.

Every connection that the process begins is seen by an audit hook, which also ends it: so nothing leaves this machine,
and an address that nobody listens on is watched like our own, on which somebody does.
"""

import asyncio
import contextlib
import re
import socket
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.examples import example_deliveries
from alerts.senders.denied_addresses import check_url
from alerts.senders.http_exchange import HttpExchange
from alerts.senders.senders import Senders
from alerts.senders.smtp_sender import EmailSender
from alerts.target import Alertmanager, Email, Encryption, Slack, Webhook
from tests.alerts.senders.sending import LOOPBACK, Names, serving

CASES = Path(__file__).parents[2] / "cases" / "denied_urls.toml"
VECTORS = [url for group in tomllib.loads(CASES.read_text(encoding="utf-8"))["group"] for url in group["urls"].split()]

DESK = Receiver(name="desk", url="", secrets=())
EXAMPLE = example_deliveries(DESK, 1_795_608_000_000)["alert.opened"]
TARGETS = (Webhook(), Slack(), Alertmanager())

_watching: list[list[Any]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and arguments[0].family in (socket.AF_INET, socket.AF_INET6):
            _watching[-1].append(address)
            raise ConnectionRefusedError("not in a test")


@contextlib.contextmanager
def watched() -> Iterator[list[Any]]:
    """Every address that a connection is begun to; none of them gets further."""
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    _watching.append([])
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


_installed: list[bool] = []


class Treacherous(AbstractResolver):
    """A name server that leads every name to this machine, and reads numbers as the system does."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
            addresses = [str(each[4][0]) for each in found]
        except (OSError, ValueError):
            addresses = ["127.0.0.1"]
        return await Names(addresses).resolve(host, port, family)

    async def close(self) -> None:
        pass


def leased(delivery: Delivery = EXAMPLE) -> Leased:
    return Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)


def test_there_are_enough_vectors_to_mean_something() -> None:
    assert len(VECTORS) == len(set(VECTORS)) >= 200


async def http_attempts(urls: list[str], resolver: AbstractResolver, allow: Any = ()) -> list[Attempt]:
    exchange = HttpExchange(resolver=resolver, deadline_seconds=2.0)
    senders = Senders(user_agent="rasid/test", exchange=exchange)
    receivers = [replace(DESK, url=url, target=target, allow=allow) for url in urls for target in TARGETS]
    attempts = [await senders.send(leased(), receiver) for receiver in receivers]
    await senders.close()
    return attempts


def test_no_webhook_chat_or_alertmanager_is_reached_by_any_of_them() -> None:
    with watched() as connections:
        attempts = asyncio.run(http_attempts(VECTORS, Treacherous()))

    assert len(attempts) == len(VECTORS) * len(TARGETS)
    assert {each.reply for each in attempts} <= {Reply.REFUSED, Reply.FAILED}
    assert {each.error for each in attempts} <= {"denied_address", "dns", "protocol"}
    assert connections == []


def is_plain_name(url: str) -> bool:
    """Whether it leads to a name as an HTTP client reads it: such a one is judged each time that it is resolved."""
    with contextlib.suppress(ValueError):
        host = URL(url).host or ""
        return re.fullmatch(r"(?:[^@%:]*\.)?[^@%:.\d][^@%:.]*\.?", host) is not None
    return False


@pytest.mark.parametrize("url", VECTORS)
def test_what_can_be_told_from_the_address_alone_is_refused_in_the_configuration(url: str) -> None:
    assert check_url(url) is not None or is_plain_name(url)


def mail_hosts() -> list[str]:
    hosts = [url.partition("://")[2].partition("/")[0].rpartition("@")[2] for url in VECTORS if "//" in url]
    names = [host.strip("[]") if host.startswith("[") else host.partition(":")[0] for host in hosts]
    return [host for host in dict.fromkeys(names) if host]


def test_no_mail_server_is_reached_by_any_of_them() -> None:
    hosts = mail_hosts()

    async def scenario() -> list[Attempt]:
        sender = EmailSender(resolver=Treacherous(), deadline_seconds=2.0)
        ways = ((587, Encryption.STARTTLS), (465, Encryption.TLS), (25, Encryption.OFF))
        targets = [Email(host, *way, "a@n.example", ("b@n.example",)) for host in hosts for way in ways]
        return [await sender.send(leased(), replace(DESK, target=target)) for target in targets]

    with watched() as connections:
        attempts = asyncio.run(scenario())

    private = [each for each in attempts if each.error == "denied_address"]
    assert len(hosts) >= 150 and len(private) >= 0.95 * len(attempts)
    assert {each.reply for each in attempts} <= {Reply.REFUSED, Reply.FAILED}
    # The public address among the vectors (on a wrong port for the web) is one that mail may go to.
    assert {address[0] for address in connections} <= {"8.8.8.8"}


@pytest.mark.parametrize(
    "answers",
    [
        [["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8"], ["::1"], ["8.8.8.8"], ["169.254.169.254"]],
        [["127.0.0.1"], ["8.8.8.8"], ["10.0.0.1"], ["8.8.8.8"]],
        [["8.8.8.8", "127.0.0.1"]],
        [["2606:4700::1", "::ffff:127.0.0.1"]],
    ],
)
def test_a_name_that_changes_its_answer_is_reached_only_where_it_may_be(answers: list[list[str]]) -> None:
    with watched() as connections:
        attempts = asyncio.run(http_attempts(["https://rebind.example/"] * 4, Names(*answers)))

    assert {address[0] for address in connections} <= {"8.8.8.8"}
    assert {each.error for each in attempts} <= {"denied_address", "connect"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place", ["http://169.254.169.254/latest/", "https://10.0.0.1/", "//127.0.0.1:6379/", "file:///etc"]
)
def test_no_type_of_receiver_follows_a_redirect(status: int, place: str) -> None:
    asked = 0

    async def redirect(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(status=status, headers={"Location": place})

    async def scenario() -> list[Attempt]:
        async with serving(redirect) as url:
            return await http_attempts([url], Names(["127.0.0.1"]), LOOPBACK)

    attempts = asyncio.run(scenario())

    assert [(each.reply, each.error) for each in attempts] == [(Reply.FAILED, "redirect")] * len(TARGETS)
    assert asked == len(TARGETS)


def test_the_watch_sees_a_connection_that_may_be_made() -> None:
    with watched() as connections:
        asyncio.run(http_attempts(["https://receiver.example/"], Names(["8.8.8.8"])))

    assert {address[0] for address in connections} == {"8.8.8.8"}
