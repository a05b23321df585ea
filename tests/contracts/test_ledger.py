"""What every ``Ledger`` promises of what ADMIT and SETTLE wrote."""

import asyncio
from collections.abc import Iterator
from itertools import count

import msgspec
import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.ledger.ledger import LINES_AT_ONCE, Fate, Ledger, Log, Reach, State
from alerts.ledger.memory_ledger import MemoryLedger
from alerts.ledger.redis_ledger import RedisLedger
from alerts.ledger.seen import MARK_BYTES, SeenAt, asked_for, marks
from alerts.model import Attempt, Delivery, Reply, Wait
from alerts.outbox.history_line import read_gathered, read_history
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.keys import MEMORY_KEEP, SEEN_BYTES
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from tests.contracts.store import HOUR, NOW, Store, a_delivery, a_pending, effects, paced, put

LEASE = 20_000

_names = (f"ledger-{number}" for number in count())

Kept = tuple[Store, Ledger]


@pytest.fixture(params=["memory", "valkey", "redis"])
def kept(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Kept]:
    """An empty store, and what can be asked of it."""
    if request.param == "memory":
        state = MemoryState()
        outbox = MemoryOutbox(state, "one")
        yield Store(MemoryAdmission(state), outbox, outbox), MemoryLedger(state)
        return
    client, name = connect(request.getfixturevalue(f"{request.param}_url")), next(_names)
    redis_outbox = RedisOutbox(client, name, "one")
    yield Store(RedisAdmission(client, name), redis_outbox, redis_outbox), RedisLedger(client, name)
    runner.run(client.aclose())


def a_line(number: int, at: int = NOW) -> bytes:
    return msgspec.json.encode({"at": at, "article": f"article-{number}."})


async def found(ledger: Ledger, log: Log, *needles: bytes) -> list[bytes]:
    return [line async for line in ledger.lines(log, needles)]


def test_lines_come_newest_first_each_in_its_log(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, ledger = kept
        await put(store, effects(0, decision=a_line(0)), effects(1, miss=a_line(1)), effects(2, decision=a_line(2)))

        assert await found(ledger, Log.DECISIONS) == [a_line(2), a_line(0)]
        assert await found(ledger, Log.MISSES) == [a_line(1)]
        assert await found(ledger, Log.HISTORY) == []

    runner.run(scenario())


def test_of_more_lines_than_are_looked_at_in_one_step_those_with_a_needle_come(
    kept: Kept, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        store, ledger = kept
        await put(store, *(effects(n, decision=a_line(n)) for n in range(2 * LINES_AT_ONCE)))

        assert len(await found(ledger, Log.DECISIONS)) == 2 * LINES_AT_ONCE
        assert await found(ledger, Log.DECISIONS, b"article-7.", b"article-900.") == [a_line(900), a_line(7)]

    runner.run(scenario())


def test_a_record_below_the_checkpoint_writes_no_line_again(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, ledger = kept
        for end in (1, 2):
            await put(store, *(effects(n, miss=a_line(n)) for n in range(end)))

        assert await found(ledger, Log.MISSES) == [a_line(1), a_line(0)]

    runner.run(scenario())


def test_an_article_is_known_by_its_id_and_by_its_address(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, ledger = kept
        url = "https://news.example/a?id=7"
        await put(store, effects(0), seen=marks([("1", url), ("2", "")], NOW, partial=False))
        await put(store, effects(1), a=1, seen=marks([("1", url)], NOW + HOUR, partial=True))

        twice = [SeenAt(NOW, False), SeenAt(NOW + HOUR, True)]
        assert await ledger.seen(asked_for("1")) == twice
        assert await ledger.seen(asked_for(url + "&utm_source=rss")) == twice
        assert await ledger.seen(asked_for("2")) == [SeenAt(NOW, False)]
        assert await ledger.seen(asked_for("3")) == []
        assert await ledger.reach() == Reach(None, None, NOW)

    runner.run(scenario())


def test_marks_are_bounded_and_the_oldest_go_first(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, ledger = kept
        half = SEEN_BYTES // MARK_BYTES // 2
        for number in range(4):
            read = [(f"{number}", ""), *((f"filler-{n}", "") for n in range(half))]
            await put(store, effects(number), a=number, seen=marks(read, NOW + number * HOUR, partial=False))
            # Two of these fill one of the two halves.
            oldest = 0 if number < 3 else 2
            assert (await ledger.reach()).seen_ms == NOW + oldest * HOUR
            assert [SeenAt(NOW, False)] * (oldest == 0) == await ledger.seen(asked_for("0"))

    runner.run(scenario())


async def settle(store: Store, verb: str) -> None:
    (leased,) = (await store.outbox.lease({"desk": 1}, NOW, LEASE)).leased
    failed = Attempt(Reply.FAILED, 503, excerpt="no room")
    match verb:
        case "delivered":
            await store.outbox.delivered(leased, Attempt(Reply.DELIVERED, 204), NOW)
        case "later":
            await store.outbox.later(leased, failed, NOW, NOW + HOUR)
        case _:
            await store.outbox.dead(leased, failed, NOW, verb)


@pytest.mark.parametrize(
    ("verb", "fate"),
    [
        ("delivered", Fate(State.DELIVERED, since_ms=NOW)),
        ("later", Fate(State.UNFINISHED, 1, since_ms=NOW)),
        ("gone", Fate(State.DEAD, 1, "gone", since_ms=NOW)),
    ],
)
def test_a_delivery_has_the_fate_that_settling_gave_it(
    verb: str, fate: Fate, kept: Kept, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        store, ledger = kept
        await put(store, effects(0, a_delivery("d1")))
        stands = {"d1": Fate(State.UNFINISHED, since_ms=NOW), "never": Fate(State.UNKNOWN)}
        assert await ledger.fates(["d1", "never"]) == stands

        await settle(store, verb)

        assert await ledger.fates(["d1"]) == {"d1": fate}
        (line,) = await found(ledger, Log.HISTORY, b'"d1"')
        assert (read := read_history(line)) is not None
        assert (read.delivery, read.outcome, read.attempt) == ("d1", verb, 1)

    runner.run(scenario())


def test_what_is_pending_goes_out_in_its_digest(kept: Kept, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        store, ledger = kept
        await put(store, effects(0, pending=(a_pending("d1"),)))
        assert await ledger.fates(["d1"]) == {"d1": Fate(State.PENDING, since_ms=NOW)}

        digest: Delivery = a_delivery("digest")
        await store.outbox.flush(digest, ["d1"], NOW)
        assert await ledger.fates(["d1"]) == {"d1": Fate(State.UNFINISHED, digest="digest", since_ms=NOW)}

        await settle(store, "delivered")
        assert await ledger.fates(["d1"]) == {"d1": Fate(State.DELIVERED)}

    runner.run(scenario())


def test_what_waits_says_for_what_and_until_when_and_then_in_which_digest_it_went(
    kept: Kept, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        store, ledger = kept
        waiting = paced("d1", due=60_000), paced("d2", due=30_000), a_pending("b1")
        await put(store, *(effects(offset, pending=(each,)) for offset, each in enumerate(waiting)))
        assert await ledger.fates(["d1", "b1"]) == {
            "d1": Fate(State.PENDING, since_ms=NOW, wait="group", until_ms=NOW + 30_000),
            "b1": Fate(State.PENDING, since_ms=NOW),
        }

        await store.outbox.hold("desk/g", [paced("d1", "desk/t", 90_000, wait=Wait.THROTTLED)], NOW)
        assert (await ledger.fates(["d1"]))["d1"] == Fate(
            State.PENDING, since_ms=NOW, wait="throttled", until_ms=NOW + 90_000
        )
        await store.outbox.flush(a_delivery("digest"), ["d1"], NOW + 1, group="desk/t")
        assert (await ledger.fates(["d1"]))["d1"] == Fate(State.UNFINISHED, digest="digest", since_ms=NOW + 1)
        lines = [read_gathered(line) async for line in ledger.lines(Log.HISTORY, [b'"d1"'])]
        assert [(line.digest, line.members) for line in lines if line is not None] == [("digest", ("d1",))]

    runner.run(scenario())


def test_what_was_withheld_when_its_turn_came_is_told_with_what_withheld_it_for_as_long_as_ids_are_remembered(
    kept: Kept, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        store, ledger = kept
        await put(store, effects(0, pending=(paced("d1"), paced("d2"))))
        assert await store.outbox.withhold([paced("d1")], "silenced", ["file:the eid"], NOW + 5)
        fate = Fate(State.WITHHELD, reason="silenced", since_ms=NOW + 5, by="file:the eid")
        assert await ledger.fates(["d1"]) == {"d1": fate}

        week_ms = round(MEMORY_KEEP.total_seconds() * 1000)
        assert await store.outbox.withhold([paced("d2")], "silenced", ["sil_x"], NOW + 5 + week_ms)
        assert (await ledger.fates(["d1"]))["d1"].state is not State.WITHHELD

    runner.run(scenario())
