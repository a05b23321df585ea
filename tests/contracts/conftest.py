"""Every contract test runs on memory, on the wheel's Valkey, and on Debian's Redis."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from tests.contracts.store import Store

_names = (f"contract-{number}" for number in count())


@pytest.fixture(params=["memory", "valkey", "redis"])
def store(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Store]:
    """An empty store, and a second process on it."""
    if request.param == "memory":
        state = MemoryState()
        yield Store(MemoryAdmission(state), MemoryOutbox(state, "one"), MemoryOutbox(state, "two"))
        return
    client, name = connect(request.getfixturevalue(f"{request.param}_url")), next(_names)
    yield Store(RedisAdmission(client, name), RedisOutbox(client, name, "one"), RedisOutbox(client, name, "two"))
    runner.run(client.aclose())
