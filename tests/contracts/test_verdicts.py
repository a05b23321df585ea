"""What every store of ``Verdicts`` promises."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

from alerts.store.redis_connection import connect
from alerts.verdicts import memory_verdicts, redis_verdicts
from alerts.verdicts.memory_verdicts import MemoryVerdicts
from alerts.verdicts.redis_verdicts import RedisVerdicts
from alerts.verdicts.verdict import Says, Verdict, precision
from alerts.verdicts.verdicts import Verdicts
from tests.contracts.store import NOW, STORY

_names = (f"verdicts-{number}" for number in count())


@pytest.fixture(params=["memory", "valkey", "redis"])
def store(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Verdicts]:
    """An empty one."""
    if request.param == "memory":
        yield MemoryVerdicts()
        return
    client = connect(request.getfixturevalue(f"{request.param}_url"))
    yield RedisVerdicts(client, next(_names))
    runner.run(client.aclose())


def a_verdict(number: int, says: Says = Says.RELEVANT, topic: str = "floods", at_ms: int = 0) -> Verdict:
    return Verdict(
        topic=topic,
        says=says,
        alert=f"alert-{number}",
        story=STORY,
        author="منى",
        comment="كما ينبغي",
        at_ms=at_ms or NOW + number,
    )


def test_the_last_word_on_an_alert_counts(store: Verdicts, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        assert (list(await store.newest(5)), dict(await store.counts())) == ([], {})
        first, second = a_verdict(1), a_verdict(2, topic="harbours")
        for each in (first, second, first):  # said twice after an answer that did not come
            await store.put(each)
        assert await store.counts() == {"floods": {Says.RELEVANT: 1}, "harbours": {Says.RELEVANT: 1}}

        other = a_verdict(1, Says.NOT, at_ms=NOW + 9)
        await store.put(other)
        assert await store.newest(5) == [other, second]
        assert await store.newest(1) == [other]
        assert set(await store.judged(["alert-2", "alert-1", "alert-3"])) == {"alert-1", "alert-2"}
        assert set(await store.judged([])) == set()
        assert await store.counts() == {"floods": {Says.NOT: 1}, "harbours": {Says.RELEVANT: 1}}

    runner.run(scenario())


def test_of_more_than_are_kept_the_oldest_go_and_count_no_more(
    store: Verdicts, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for adapter in (memory_verdicts, redis_verdicts):
        monkeypatch.setattr(adapter, "MOST_VERDICTS", 3)

    async def scenario() -> None:
        for number in range(5):
            await store.put(a_verdict(number, Says.NOT if number < 2 else Says.DUPLICATE))
        assert [each.alert for each in await store.newest(9)] == ["alert-4", "alert-3", "alert-2"]
        assert await store.counts() == {"floods": {Says.DUPLICATE: 3}}

    runner.run(scenario())


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ({}, None),
        ({Says.DUPLICATE: 3}, None),
        ({Says.RELEVANT: 3, Says.NOT: 1, Says.DUPLICATE: 5}, 0.75),
        ({Says.NOT: 2}, 0.0),
    ],
)
def test_precision_is_of_what_was_judged_relevant_or_not(counts: dict[Says, int], share: float | None) -> None:
    assert precision(counts) == share
