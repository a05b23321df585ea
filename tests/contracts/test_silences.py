"""What every ``SilenceStore`` promises, and what a process knows of it."""

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from alerts.silences.known import KnownSilences
from alerts.silences.memory_silences import MemorySilences
from alerts.silences.redis_silences import RedisSilences
from alerts.silences.silence import Silence, a_silence
from alerts.silences.silences import MOST_SILENCES, SilenceStore
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from tests.contracts.store import HOUR, NOW

KEEP = 24 * HOUR

_names = (f"silences-{number}" for number in count())


@pytest.fixture(params=["memory", "valkey", "redis"])
def silences(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[SilenceStore]:
    """An empty store."""
    if request.param == "memory":
        yield MemorySilences(MemoryState())
        return
    client = connect(request.getfixturevalue(f"{request.param}_url"))
    yield RedisSilences(client, next(_names))
    runner.run(client.aclose())


def a_topic(name: str, *, start: int = NOW, end: int = NOW + HOUR) -> Silence:
    return a_silence({"topic": [name]}, author="منى", comment="كفى\x00", start_ms=start, end_ms=end)


async def put(store: SilenceStore, silence: Silence, version: str, now_ms: int = NOW) -> bool:
    return await store.put(silence, version=version, now_ms=now_ms, keep_ms=KEEP)


async def topics(store: SilenceStore) -> set[str]:
    return {each.match["topic"][0] for each in await store.all()}


def test_what_is_put_is_there_as_it_was_and_the_version_tells(silences: SilenceStore, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        assert (await silences.version(), await silences.all()) == ("", [])

        assert await put(silences, a_topic("سوريا"), "v1")
        assert await put(silences, a_topic("سوريا"), "v2")

        assert await silences.all() == [a_topic("سوريا")]
        assert await silences.version() == "v2"

    runner.run(scenario())


def test_those_that_are_over_are_kept_for_a_while(silences: SilenceStore, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(silences, a_topic("old"), "v1")
        await put(silences, a_topic("newer", end=NOW + 2 * HOUR), "v2")

        await put(silences, a_topic("x", end=NOW + 3 * KEEP), "v3", now_ms=NOW + HOUR + KEEP - 1)
        assert await topics(silences) == {"old", "newer", "x"}
        await put(silences, a_topic("x", end=NOW + 3 * KEEP), "v4", now_ms=NOW + HOUR + KEEP)
        assert await topics(silences) == {"newer", "x"}

    runner.run(scenario())


def test_of_too_many_the_one_that_ended_first_makes_room_and_none_that_holds(
    silences: SilenceStore, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        for number in range(MOST_SILENCES):
            end = NOW + number + 1 if number < 2 else NOW + HOUR
            assert await put(silences, a_topic(f"{number}", end=end), f"v{number}")

        assert await put(silences, a_topic("a"), "va", now_ms=NOW + 10)
        assert await put(silences, a_topic("b"), "vb", now_ms=NOW + 10)
        assert not await put(silences, a_topic("c"), "vc", now_ms=NOW + 10)
        assert await put(silences, a_topic("a"), "again", now_ms=NOW + 10)

        kept = await topics(silences)
        assert len(kept) == MOST_SILENCES
        assert kept >= {"a", "b", "2"}
        assert not kept & {"0", "1", "c"}
        assert await silences.version() == "again"

    runner.run(scenario())


class Clock:
    """A time that the test sets, and tokens that never come again."""

    def __init__(self) -> None:
        self.now_ms = NOW
        self._tokens = count()

    def known(self, store: SilenceStore) -> KnownSilences:
        token: Any = lambda: f"token-{next(self._tokens)}"  # noqa: E731
        return KnownSilences(store, now_ms=lambda: self.now_ms, new_version=token, keep_ms=KEEP)


def test_a_process_knows_what_another_added_and_ended(silences: SilenceStore, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        clock = Clock()
        one, two = clock.known(silences), clock.known(silences)
        later = a_topic("later", start=NOW + HOUR, end=NOW + 2 * HOUR)
        assert await one.add(later)
        assert await one.add(a_topic("now"))
        assert [each.match["topic"] for each in one.in_force] == [("now",), ("later",)], "at once, in order"
        await two.look()
        assert two.in_force == one.in_force

        clock.now_ms = NOW + 60_000
        ended = await two.expire(later.id)
        assert ended is not None
        assert (ended.start_ms, ended.end_ms) == (NOW + 60_000, NOW + 60_000), "it never held"
        await one.look()
        assert [each.match["topic"] for each in one.in_force] == [("now",)]
        assert [each.match["topic"] for each in await one.kept()] == [("now",), ("later",)], "kept for the record"

        assert await two.expire(later.id) == ended, "again changes nothing"
        assert await two.expire("sil_" + "a" * 26) is None

    runner.run(scenario())


def test_silences_are_there_after_a_restart_and_gone_with_the_store(
    silences: SilenceStore, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        clock = Clock()
        await clock.known(silences).add(a_topic("now"))
        restarted = clock.known(silences)
        await restarted.look()
        assert len(restarted.in_force) == 1

        clock.now_ms = NOW + HOUR
        late = clock.known(silences)
        await late.look()
        assert late.in_force == ()

    runner.run(scenario())
