"""What only the real store shows: a line of history for each attempt, and which keys are left."""

import asyncio
from typing import Any

import msgspec

from alerts.admission.redis_admission import RedisAdmission
from alerts.deliveries.redis_deliveries import RedisDeliveries
from alerts.model import Attempt, Reply
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.senders.attempting import EXCERPT_BYTES
from alerts.store.keys import Keys
from alerts.store.redis_connection import connect
from tests.contracts.store import NOW, Store, a_delivery, a_pending, effects, put


def test_the_history_tells_what_the_receiver_said(valkey_url: str, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        client = connect(valkey_url)
        outbox = RedisOutbox(client, "history", "one")
        await put(Store(RedisAdmission(client, "history"), outbox, outbox), effects(0, a_delivery("d1")))
        (leased,) = (await outbox.lease({"desk": 1}, NOW, 20_000)).leased

        await outbox.later(leased, Attempt(Reply.FAILED, 500, excerpt="لا مكان " * 200), NOW, NOW + 1)

        entries: Any = await client.xrange(Keys("history").key("history"))
        line = msgspec.json.decode(entries[0][1][b"line"])
        assert (line["delivery"], line["status"], line["outcome"]) == ("d1", 500, "later")
        assert line["reply"] == ("لا مكان " * 200)[:EXCERPT_BYTES]
        await client.aclose()

    runner.run(scenario())


def test_a_digest_that_arrived_leaves_nothing_but_that_it_was_told(valkey_url: str, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        client, keys = connect(valkey_url), Keys("leaves")
        outbox = RedisOutbox(client, "leaves", "one")
        store = Store(RedisAdmission(client, "leaves"), outbox, outbox)
        await put(store, effects(0, pending=(a_pending("d1"), a_pending("d2"))), effects(1, repeats=("d1",)))
        await outbox.flush(a_delivery("g"), ["d1", "d2"], NOW)
        (leased,) = (await outbox.lease({"desk": 1}, NOW, 20_000)).leased
        await outbox.delivered(leased, Attempt(Reply.DELIVERED, 204), NOW)

        left = {key.decode().removeprefix(keys.key("")) async for key in client.scan_iter(match="rasid:{leaves}:*")}
        stands = {"layout", "incarnation", "checkpoints", "version", "outcomes", "sequence", "told", "history"}
        stands |= {"sent", "sent_times"}  # what arrived can be shown and sent again
        assert left <= stands, "what is finished must not fill the store"
        assert await client.zrange(keys.key("told"), 0, -1) == [b"d1", b"d2", b"g"]
        await client.aclose()

    runner.run(scenario())


def test_attempts_are_forgotten_after_their_time(valkey_url: str, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        client, history = connect(valkey_url), Keys("forgets").key("history")
        seconds, _ = await client.time()
        for age in (3_600, 0):  # a stream lets go of whole nodes, of a hundred lines
            for number in range(300):
                await client.xadd(history, {"line": "x"}, id=f"{(seconds - age) * 1000 + number}-0")

        await RedisDeliveries(client, "forgets").forget_attempts(60_000)

        entries: Any = await client.xrange(history)
        left = [int(id_.partition(b"-")[0]) for id_, _ in entries]
        assert 300 <= len(left) < 400 and left[-300] == seconds * 1000
        await client.aclose()

    runner.run(scenario())
