"""From lines to acknowledgements, with a Kafka whose answers the test writes."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from alerts.errors import Refused, Unavailable
from daemon.publish.delivery import Busy, Delivery, TooLarge
from daemon.publish.window import Acknowledged, Entry, Input, Window
from daemon.sources.file_lines import Line
from processors.errors import RasidError


class At(NamedTuple):
    partition: int
    offset: int


class Gap(Exception):
    """What a broker says to what follows a record that failed."""


class Scripted:
    """One partition, idempotent as Kafka is: after a failure nothing passes until it is begun anew."""

    def __init__(self, *, failing: Callable[[bytes, int], Exception | None] = lambda value, attempt: None) -> None:
        self.log: list[bytes] = []  # what the partition holds
        self.renewed = 0
        self.silent = False  # takes everything, acknowledges nothing
        self._failing = failing
        self._attempts: dict[bytes, int] = {}
        self._gap = False

    async def send(self, key: bytes | None, value: bytes) -> "asyncio.Future[Acknowledged]":
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Acknowledged] = loop.create_future()
        self._attempts[value] = self._attempts.get(value, 0) + 1
        error = self._failing(value, self._attempts[value])
        if isinstance(error, Busy):
            raise error
        if not self.silent:
            loop.call_soon(self._answer, future, value, error)
        return future

    def _answer(self, future: "asyncio.Future[Acknowledged]", value: bytes, error: Exception | None) -> None:
        if self._gap:
            future.set_exception(Gap())
        elif error is not None:
            self._gap = True
            future.set_exception(error)
        else:
            self.log.append(value)
            future.set_result(At(0, len(self.log) - 1))

    async def renew(self) -> None:
        self.renewed += 1
        self._gap = False

    def explained(self, error: BaseException) -> RasidError:
        return error if isinstance(error, RasidError) else Unavailable(repr(error))


class Run:
    """A delivery over a scripted publisher, and what it told."""

    def __init__(self, publisher: Scripted, *, most: int = 100, patience: float = 30.0) -> None:
        self.window = Window(most, 1_000_000)
        self.settled: list[bytes | None] = []
        self.refused: list[bytes | None] = []
        self.saves = 0
        self.now = 0.0
        self._input = Input("a", "a")
        self.delivery = Delivery(
            publisher,
            self.window,
            settled=lambda entry: self.settled.append(entry.value),
            refused=lambda entry, _: self.refused.append(entry.value),
            save=self._save,
            monotonic=lambda: self.now,
            patience=patience,
        )

    def _save(self) -> None:
        self.saves += 1
        self.window.saved()

    async def __call__(self, values: Sequence[bytes | None]) -> None:
        for number, value in enumerate(values):
            await self.delivery.add(Entry(self._input, Line(number, number + 1, b"x", number), value, value))
        await self.delivery.finish()


VALUES = [b"1", b"2", b"3", b"4", b"5"]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.publish.delivery.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("daemon.publish.delivery.LOOK_SECONDS", 0.01)


def test_everything_arrives_in_order_and_is_told_of_in_order(runner: asyncio.Runner) -> None:
    run = Run(publisher := Scripted())

    runner.run(run([b"1", None, b"2", b"3"]))

    assert publisher.log == [b"1", b"2", b"3"]
    assert run.settled == [b"1", None, b"2", b"3"]


def test_a_record_that_kafka_refuses_for_its_size_is_told_of_and_the_others_pass(runner: asyncio.Runner) -> None:
    run = Run(publisher := Scripted(failing=lambda value, _: TooLarge("too large") if value in (b"2", b"4") else None))

    runner.run(run(VALUES))

    assert publisher.log == [b"1", b"3", b"5"]
    assert run.refused == [b"2", b"4"]
    assert run.settled == VALUES


def test_a_failure_that_passes_leaves_no_gap_and_keeps_the_order(runner: asyncio.Runner) -> None:
    run = Run(publisher := Scripted(failing=lambda value, n: Gap() if value == b"3" and n < 4 else None))

    runner.run(run(VALUES))

    assert publisher.log == run.settled == VALUES
    assert publisher.renewed == 3


def test_a_refusal_ends_it_and_nothing_after_is_settled(runner: asyncio.Runner) -> None:
    run = Run(Scripted(failing=lambda value, _: Refused("no") if value == b"3" else None))

    with pytest.raises(Refused, match="no"):
        runner.run(run(VALUES))
    assert run.settled == VALUES[:2]


def test_a_busy_publisher_is_asked_again(runner: asyncio.Runner) -> None:
    run = Run(publisher := Scripted(failing=lambda value, n: Busy() if value == b"2" and n < 3 else None))

    runner.run(run(VALUES))

    assert publisher.log == VALUES
    assert publisher.renewed == 0


def test_without_an_acknowledgement_patience_ends(runner: asyncio.Runner) -> None:
    publisher = Scripted()
    publisher.silent = True
    run = Run(publisher)

    async def wait() -> None:
        waiting = asyncio.create_task(run(VALUES))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        run.now = 31.0
        await waiting

    with pytest.raises(Unavailable, match="nothing for 31 s"):
        runner.run(wait())


def test_no_more_is_read_than_may_be_repeated(runner: asyncio.Runner) -> None:
    publisher = Scripted()
    publisher.silent = True
    run = Run(publisher, most=3)

    async def fill() -> None:
        filling = asyncio.create_task(run(VALUES))
        await asyncio.sleep(0.05)
        assert len(run.window) == 3
        filling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await filling

    runner.run(fill())


def test_writing_down_makes_room(runner: asyncio.Runner) -> None:
    run = Run(publisher := Scripted(), most=2)

    runner.run(run(VALUES))

    assert publisher.log == VALUES
    assert run.saves >= 2
