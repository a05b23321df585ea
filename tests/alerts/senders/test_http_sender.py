"""One request and what came of it: what a receiver sees, and how its answer is understood."""

import asyncio

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from alerts.model import Attempt, Reply
from alerts.senders.http_sender import HttpSender
from tests.alerts.senders.sending import BODY, KEY, a_lease, a_receiver, attempt_at, serving


def test_a_delivery_arrives_signed_with_its_bytes_and_headers() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(({key.lower(): value for key, value in request.headers.items()}, await request.read()))
        return web.Response(text="تم\x00", status=202)

    async def scenario() -> list[Attempt]:
        async with serving(take) as url:
            sender = HttpSender(user_agent="rasid/test")
            first = await sender.send(a_lease(), a_receiver(url))
            second = await sender.send(a_lease(attempt=2, order_gap=True, replay=True), a_receiver(url))
            await sender.close()
            return [first, second]

    attempts = asyncio.run(scenario())

    assert [(each.reply, each.status, each.excerpt) for each in attempts] == [(Reply.DELIVERED, 202, "تم ")] * 2
    (first, body), (second, again) = seen
    assert body == again == BODY
    assert Webhook(KEY).verify(body, first) == Webhook(KEY).verify(again, second) == {"text": "خبر"}
    names = ("webhook-id", "content-type", "user-agent", "rasid-attempt", "rasid-order-gap", "rasid-replay")
    assert [first.get(name) for name in names] == ["evt_abc", "application/json", "rasid/test", "1", None, None]
    assert [second.get(name) for name in names[3:]] == ["2", "true", "true"]
    assert "accept-encoding" not in first and "cookie" not in first


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, (Reply.DELIVERED, "", None)),
        (204, {}, (Reply.DELIVERED, "", None)),
        (400, {}, (Reply.FAILED, "", None)),
        (404, {}, (Reply.FAILED, "", None)),
        (410, {}, (Reply.GONE, "", None)),
        (429, {"Retry-After": "17"}, (Reply.BUSY, "", 17.0)),
        (503, {"Retry-After": "-1"}, (Reply.BUSY, "", None)),
        (500, {}, (Reply.FAILED, "", None)),
    ],
)
def test_a_status_is_understood(
    status: int, headers: dict[str, str], expected: tuple[Reply, str, float | None]
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    async def scenario() -> Attempt:
        async with serving(answer) as url:
            return await attempt_at(url)

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, attempt.retry_after_s) == expected
    assert attempt.status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_never_followed(status: int) -> None:
    paths: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async def scenario() -> Attempt:
        async with serving(redirect) as url:
            return await attempt_at(url)

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, paths) == (Reply.FAILED, "redirect", ["/hook"])


def test_cookies_and_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    cookies: list[str | None] = []
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def answer(request: web.Request) -> web.Response:
        cookies.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "a=b; Path=/"})

    async def scenario() -> None:
        async with serving(answer) as url:
            sender = HttpSender(user_agent="rasid/test")
            for _ in range(2):
                assert (await sender.send(a_lease(), a_receiver(url))).reply is Reply.DELIVERED
            await sender.close()

    asyncio.run(scenario())

    assert cookies == [None, None]
