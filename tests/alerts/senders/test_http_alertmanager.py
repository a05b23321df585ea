"""A real Prometheus Alertmanager takes alerts, shows them, holds updates as the same alert, and lets them end."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.alertmanager import alertmanager_body
from alerts.rendering.event import Style, read_event
from alerts.rendering.examples import example_deliveries
from alerts.rendering.message import message_of
from alerts.secret_text import SecretText
from alerts.senders.http_alertmanager import AlertmanagerSender
from alerts.senders.http_exchange import HttpExchange
from alerts.target import Alertmanager
from tests.alerts.senders.alertmanager import alertmanager, shown_by
from tests.alerts.senders.sending import LOOPBACK, serving

ON_CALL = Receiver(name="on-call", url="", secrets=(), allow=LOOPBACK, target=Alertmanager(), style=Style("ar"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server, Debian's."""
    with alertmanager(tmp_path_factory.mktemp("alertmanager")) as address:
        yield address


def leased(delivery: Delivery) -> Leased:
    return Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)


def send(url: str, *deliveries: Delivery, target: Alertmanager | None = None) -> list[Attempt]:
    async def scenario() -> list[Attempt]:
        exchange = HttpExchange()
        sender = AlertmanagerSender(exchange, "rasid/test")
        receiver = replace(ON_CALL, url=url, target=target or Alertmanager())
        attempts = [await sender.send(leased(each), receiver) for each in deliveries]
        await exchange.close()
        return attempts

    return asyncio.run(scenario())


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_a_real_alertmanager_shows_every_type_of_event_and_an_update_as_the_same_alert(address: str) -> None:
    examples = example_deliveries(ON_CALL, now_ms())

    attempts = send(address, *examples.values())

    assert {(each.reply, each.status) for each in attempts} == {(Reply.DELIVERED, 200)}
    found = {each["labels"]["alertname"]: each for each in shown_by(address)}
    assert set(found) == {"rasid-test", "alert.digest", "system.receiver_disabled", "system.heartbeat"}
    alert = found["rasid-test"]
    assert alert["labels"] == {
        "alertname": "rasid-test", "desk": "test", "severity": "warning", "story": "rasidexample" + "a" * 14
    }  # fmt: skip
    assert alert["status"]["state"] == "active"
    assert alert["annotations"]["reason"] == "denial", "the last notice is what it says"
    assert "طرطوس" in alert["annotations"]["summary"]
    assert alert["generatorURL"] == "https://news.example/rasid/test?number=1"
    assert datetime.fromisoformat(alert["endsAt"]) - datetime.fromisoformat(alert["startsAt"]) == timedelta(hours=4)


def test_an_alert_that_comes_days_late_fires_all_the_same(address: str) -> None:
    late = now_ms() - 2 * 86_400_000
    delivery = example_deliveries(replace(ON_CALL, name="late"), late)["alert.digest"]

    send(address, delivery)

    assert delivery.id in [each["labels"].get("delivery") for each in shown_by(address)]


def test_a_link_in_arabic_letters_and_labels_of_any_name_are_no_reason_to_refuse(address: str) -> None:
    delivery = example_deliveries(replace(ON_CALL, name="odd"), now_ms())["alert.opened"]
    read = json.loads(delivery.body)
    read["data"]["article"]["url"] = "https://أخبار.example/خبر?x=ع ل".replace(" ", "")
    read["data"]["alert"]["labels"] = {"قسم": "المشرق", "1st": "x", "severity": "mine", "a-b": "c", "empty": ""}
    read["data"]["alert"]["topics"][0]["id"] = "odd"

    (attempt,) = send(address, _with_body(delivery, json.dumps(read).encode()))

    assert (attempt.reply, attempt.status) == (Reply.DELIVERED, 200), attempt.excerpt
    (alert,) = (each for each in shown_by(address) if each["labels"]["alertname"] == "odd")
    assert alert["labels"]["topic_severity"] == "mine" and alert["labels"]["a_b"] == "c"
    assert alert["generatorURL"].startswith("https://xn--")


def test_what_it_refuses_is_a_failed_attempt_and_what_it_says_is_kept(address: str) -> None:
    (attempt,) = send(f"{address}/nowhere", example_deliveries(ON_CALL, now_ms())["alert.opened"])

    assert (attempt.reply, attempt.status) == (Reply.FAILED, 404)


def test_a_token_goes_in_the_header_and_stands_in_no_preview() -> None:
    seen: list[Mapping[str, str]] = []
    target = Alertmanager(authorization=SecretText("Bearer canary-token"))

    async def take(request: web.Request) -> web.Response:
        seen.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response()

    async def scenario() -> str:
        async with serving(take) as url:
            exchange = HttpExchange()
            sender = AlertmanagerSender(exchange, "rasid/test")
            receiver = replace(ON_CALL, url=url, target=target, concealed=(SecretText("canary-token"),))
            delivery = example_deliveries(receiver, now_ms())["alert.opened"]
            await sender.send(leased(delivery), receiver)
            await exchange.close()
            return sender.preview(leased(delivery), receiver)

    preview = asyncio.run(scenario())

    assert seen[0]["authorization"] == "Bearer canary-token"
    assert "canary" not in preview and "authorization: Bearer ***" in preview


@given(st.integers(0, 10**9), st.timedeltas(timedelta(minutes=1), timedelta(days=7)))
def test_the_end_is_whole_steps_after_the_beginning_and_never_near(late_ms: int, after: timedelta) -> None:
    created, step = 1_795_608_000_000, after // timedelta(milliseconds=1)
    delivery = example(created)
    event = read_event(delivery.body)
    (alert,) = json.loads(alertmanager_body(event, message_of(event, Style()), delivery, after, created + late_ms))

    fires_ms = (datetime.fromisoformat(alert["endsAt"]).timestamp() * 1000) - created
    assert round(fires_ms) % step == 0 and fires_ms - late_ms >= step // 2 - 1
    assert fires_ms - late_ms <= step + step // 2 + 1


def example(created_ms: int) -> Delivery:
    if created_ms not in _EXAMPLES:
        _EXAMPLES[created_ms] = example_deliveries(ON_CALL, created_ms)["alert.opened"]
    return _EXAMPLES[created_ms]


_EXAMPLES: dict[int, Delivery] = {}


def _with_body(delivery: Delivery, body: bytes) -> Delivery:
    fields = {name: getattr(delivery, name) for name in delivery.__struct_fields__}
    return Delivery(**(fields | {"body": body}))
