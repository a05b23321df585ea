"""While Redis or Kafka is down the page says so in words, and is right again when it is back."""

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SAFE, redis_program, start_redis
from tests.daemon.build import a_flood
from tests.end_to_end.daemon import append, daemon, receiver
from tests.end_to_end.kafka import Stream
from tests.kafka.broker import Broker
from tests.page.chromium import Seen, empty_tab, live_page


class Store:
    """A Redis that can be killed, stopped, and started again with what it held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.process: subprocess.Popen[bytes]
        self.url = ""
        self.start()

    def start(self) -> None:
        self.process, self.url = start_redis(redis_program(), self._folder, *SAFE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        (self._folder / "s").unlink(missing_ok=True)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    running = Store(tmp_path_factory.mktemp("store"))
    yield running
    running.process.send_signal(signal.SIGCONT)
    running.kill()


async def says(seen: Seen, state: str, text: str) -> None:
    """Wait until the strip does."""
    await seen.page.wait_for_selector(f"#health li.{state}:has-text('{text}')")


def test_a_redis_that_dies_is_said_to_be_down_and_what_comes_after_is_shown(
    tmp_path: Path, runner: asyncio.Runner, browser: str, store: Store
) -> None:
    async def scenario(address: str) -> None:
        async with live_page(browser, address) as seen:
            await says(seen, "ok", "Redis works")
            append(tmp_path, a_flood(1))
            await seen.page.wait_for_selector(".story")
            store.kill()
            await says(seen, "bad", "Redis does not answer")
            assert await seen.page.locator("#health li", has_text="delivered").count() == 0  # nobody knows now
            assert await seen.headlines() == ["فيضان في بلدة 1"]
            append(tmp_path, a_flood(2))
            async with empty_tab(browser) as late:  # who opens it now is told the same
                await late.page.goto(f"http://{address}/")
                await says(late, "bad", "Redis does not answer")
            store.start()
            await says(seen, "ok", "Redis works")
            await seen.until("document.querySelectorAll('.story').length === 2")
            await says(seen, "ok", "All delivered")
            assert await seen.page.locator("#health li.bad, #health li.warn").count() == 0
            assert await seen.reports() == []

    with receiver() as hook, daemon(tmp_path, hook, redis={"url": store.url}) as running:
        running.event("ready")
        runner.run(scenario(running.event("listening")["address"]))


def test_a_redis_that_hangs_is_said_to_be_down(
    tmp_path: Path, runner: asyncio.Runner, browser: str, store: Store
) -> None:
    async def scenario(address: str) -> None:
        async with live_page(browser, address, "ar-EG") as seen:
            await says(seen, "ok", "Redis يعمل")
            store.process.send_signal(signal.SIGSTOP)
            await says(seen, "bad", "Redis لا يجيب")
            store.process.send_signal(signal.SIGCONT)
            await says(seen, "ok", "Redis يعمل")

    with receiver() as hook, daemon(tmp_path, hook, redis={"url": store.url}) as running:
        running.event("ready")
        runner.run(scenario(running.event("listening")["address"]))


def test_a_kafka_that_dies_is_said_to_be_down_and_works_again(
    tmp_path: Path, runner: asyncio.Runner, browser: str, broker: Broker, kafka_topic: str
) -> None:
    stream = Stream(broker.address, kafka_topic, runner)

    async def until_down(address: str) -> None:
        async with live_page(browser, address) as seen:
            await says(seen, "ok", "Kafka works")
            broker.kill()
            try:
                await says(seen, "bad", "Kafka does not answer")
            finally:
                broker.start()
            await says(seen, "ok", "Kafka works")
            assert await seen.page.locator("#health li.bad").count() == 0

    with receiver() as hook, stream.daemon(tmp_path / "d", hook) as running:
        running.event("partitions_assigned")
        runner.run(until_down(running.event("listening")["address"]))
        broker.wait_until_ready()
