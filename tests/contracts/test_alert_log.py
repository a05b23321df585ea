"""What every ``AlertLog`` promises of what ADMIT wrote."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.ledger.alert_log import BEGINNING, LINES_AT_ONCE, AlertLog, Gap, Page, in_order, right_after
from alerts.ledger.memory_alert_log import MemoryAlertLog
from alerts.ledger.redis_alert_log import RedisAlertLog
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.keys import ALERTS_KEPT
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from tests.contracts.store import Store, a_delivery, effects, put

_names = (f"alert-log-{number}" for number in count())

Kept = tuple[Store, AlertLog]


@pytest.fixture(params=["memory", "valkey", "redis"])
def kept(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Kept]:
    """An empty store, and its log."""
    if request.param == "memory":
        state = MemoryState()
        outbox = MemoryOutbox(state, "one")
        yield Store(MemoryAdmission(state), outbox, outbox), MemoryAlertLog(state)
        return
    client, name = connect(request.getfixturevalue(f"{request.param}_url")), next(_names)
    redis_outbox = RedisOutbox(client, name, "one")
    yield Store(RedisAdmission(client, name), redis_outbox, redis_outbox), RedisAlertLog(client, name)
    runner.run(client.aclose())


def a_line(number: int) -> bytes:
    return f"alert-{number}.".encode()


def lines_of(page: Page) -> list[bytes]:
    return [entry.line for entry in page.entries]


async def whole(log: AlertLog, *needles: bytes) -> list[bytes]:
    """All of it, page by page, newest first."""
    page = await log.older("", needles)
    found = lines_of(page)
    while page.next:
        page = await log.older(page.next, needles)
        found += lines_of(page)
    return found


def test_an_empty_log_ends_at_its_beginning(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        _, log = kept
        assert await log.older("") == Page([], "")
        for after in ("", BEGINNING):
            onwards = await log.newer(after)
            assert (list(onwards.entries), onwards.cursor, onwards.gap) == ([], BEGINNING, Gap.NONE)

    runner.run(scenario())


def test_all_lines_of_a_record_are_written_in_order_and_a_batch_that_is_run_again_writes_none(
    kept: Kept, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        store, log = kept
        for end in (1, 2, 2):
            await put(store, *(effects(n, alerts=(a_line(2 * n), a_line(2 * n + 1))) for n in range(end)))

        assert [entry.line for entry in (await log.newer(BEGINNING)).entries] == [a_line(n) for n in range(4)]
        assert await whole(log) == [a_line(n) for n in (3, 2, 1, 0)]

    runner.run(scenario())


def test_lines_are_written_beside_deliveries_in_the_same_step(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, log = kept
        refused = await put(store, effects(0, a_delivery("d1"), alerts=(a_line(0),)), version="another")
        assert refused.checkpoint == 0
        assert await whole(log) == []

        await put(store, effects(0, a_delivery("d1"), alerts=(a_line(0),)))
        assert await whole(log) == [a_line(0)]
        assert (await store.outbox.depth()).ready == 1

    runner.run(scenario())


def test_a_long_log_is_read_in_steps_both_ways_without_a_gap_or_a_repeat(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, log = kept
        written = [a_line(n) for n in range(2 * LINES_AT_ONCE + 7)]
        await put(store, *(effects(n, alerts=(line,)) for n, line in enumerate(written)))

        assert await whole(log) == written[::-1]
        assert await whole(log, b"alert-", b"-9.") == [a_line(9)]
        onwards, found, places = await log.newer(BEGINNING), list[bytes](), list[str]()
        while onwards.entries:
            assert len(onwards.entries) <= LINES_AT_ONCE
            assert onwards.gap is Gap.NONE
            found += [entry.line for entry in onwards.entries]
            places += [entry.cursor for entry in onwards.entries]
            assert onwards.cursor == places[-1]
            onwards = await log.newer(onwards.cursor)
        assert found == written
        assert places == sorted(set(places), key=in_order)

    runner.run(scenario())


def test_a_reader_goes_on_after_its_place(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, log = kept
        await put(store, effects(0, alerts=(a_line(0),)))
        stood = (await log.newer("")).cursor
        await put(store, effects(1, alerts=(a_line(1),)), a=1)

        onwards = await log.newer(stood)
        assert [entry.line for entry in onwards.entries] == [a_line(1)]
        assert lines_of(await log.older(onwards.cursor)) == [a_line(0)]
        assert lines_of(await log.older(right_after(onwards.cursor))) == [a_line(1), a_line(0)]
        assert await log.older(BEGINNING) == Page([], "")
        after = await log.newer(onwards.cursor)
        assert (list(after.entries), after.cursor) == ([], onwards.cursor)

    runner.run(scenario())


def test_a_place_beyond_the_end_is_of_a_store_that_was_lost_and_all_is_read(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, log = kept
        await put(store, effects(0, alerts=(a_line(0),)))

        onwards = await log.newer("999999999999999-7")
        assert onwards.gap is Gap.LOST
        assert [entry.line for entry in onwards.entries] == [a_line(0)]
        assert (await log.newer(onwards.cursor)).gap is Gap.NONE

    runner.run(scenario())


@pytest.mark.parametrize("server", ["valkey", "redis"])
def test_a_place_before_the_oldest_line_of_a_full_log_has_a_gap(
    request: pytest.FixtureRequest, runner: asyncio.Runner, server: str
) -> None:
    async def scenario() -> None:
        client, name = connect(request.getfixturevalue(f"{server}_url")), next(_names)
        outbox = RedisOutbox(client, name, "one")
        store, log = Store(RedisAdmission(client, name), outbox, outbox), RedisAlertLog(client, name)
        await put(store, effects(0, alerts=(b"first",)))
        first = (await log.newer("")).cursor
        for start in range(1, 2 * ALERTS_KEPT, 1000):
            await put(store, *(effects(n, alerts=(b"line",)) for n in range(start, start + 1000)), a=start)

        onwards = await log.newer(first)
        assert onwards.gap is Gap.DROPPED
        assert len(onwards.entries) == LINES_AT_ONCE
        assert (await log.newer(onwards.cursor)).gap is Gap.NONE
        assert ALERTS_KEPT <= len(await whole(log)) < ALERTS_KEPT * 1.1
        await client.aclose()

    runner.run(scenario())
