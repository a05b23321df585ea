"""What only the real store keeps: a line of history for each attempt."""

import asyncio
from typing import Any

import msgspec

from alerts.admission.redis_admission import RedisAdmission
from alerts.keys import Keys
from alerts.model import Attempt, Reply
from alerts.outbox.redis_outbox import HISTORY_EXCERPT, RedisOutbox
from alerts.redis_connection import connect
from tests.contracts.store import NOW, Store, a_delivery, effects, put


def test_the_history_tells_what_the_receiver_said(valkey_url: str, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        client = connect(valkey_url)
        outbox = RedisOutbox(client, "history", "one")
        await put(Store(RedisAdmission(client, "history"), outbox, outbox), effects(0, a_delivery("d1")))
        (leased,) = (await outbox.lease({"desk": 1}, NOW, 20_000)).leased

        await outbox.later(leased, Attempt(Reply.FAILED, 500, excerpt="لا مكان " * 100), NOW, NOW + 1)

        entries: Any = await client.xrange(Keys("history").key("history"))
        line = msgspec.json.decode(entries[0][1][b"line"])
        assert (line["delivery"], line["status"], line["outcome"]) == ("d1", 500, "later")
        assert line["reply"] == ("لا مكان " * 100)[:HISTORY_EXCERPT]
        await client.aclose()

    runner.run(scenario())
