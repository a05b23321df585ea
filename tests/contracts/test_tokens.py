"""What every ``TokenStore`` promises."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

from alerts.store.redis_connection import connect
from daemon.access.memory_tokens import MemoryTokens
from daemon.access.redis_tokens import RedisTokens
from daemon.access.scope import Scope
from daemon.access.token import MOST_TOKENS, Token, digest_of, written
from daemon.access.token_store import Kept, TokenStore
from tests.contracts.store import NOW

_names = (f"tokens-{number}" for number in count())


@pytest.fixture(params=["memory", "valkey", "redis"])
def store(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[TokenStore]:
    """An empty one."""
    if request.param == "memory":
        yield MemoryTokens()
        return
    client = connect(request.getfixturevalue(f"{request.param}_url"))
    yield RedisTokens(client, next(_names))
    runner.run(client.aclose())


def a_token(number: int, name: str = "") -> Token:
    return Token(
        name=name or f"token-{number}",
        scopes=(Scope.READ, Scope.SILENCE),
        digest=digest_of(written(number.to_bytes(32, "big"))) or "",
        created_ms=NOW + number,
        created_by="local",
        expires_ms=NOW + 1_000,
    )


def test_a_token_is_found_by_its_digest_alone_until_it_is_revoked(store: TokenStore, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        assert await store.find(a_token(1).digest) is None
        for number in (2, 1):
            assert await store.add(a_token(number)) is Kept.DONE
        assert await store.find(a_token(1).digest) == a_token(1)
        assert await store.find("token-1") is None
        assert await store.all() == [a_token(1), a_token(2)]

        assert await store.revoke("token-1")
        assert await store.find(a_token(1).digest) is None
        assert await store.all() == [a_token(2)]
        assert not await store.revoke("token-1")

    runner.run(scenario())


def test_a_name_is_taken_once_and_free_again_after_its_token_was_revoked(
    store: TokenStore, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        assert await store.add(a_token(1, "page")) is Kept.DONE
        assert await store.add(a_token(2, "page")) is Kept.TAKEN
        assert await store.all() == [a_token(1, "page")]
        assert await store.revoke("page")
        assert await store.add(a_token(2, "page")) is Kept.DONE

    runner.run(scenario())


def test_no_more_are_kept_than_may_be(store: TokenStore, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        for number in range(MOST_TOKENS):
            assert await store.add(a_token(number)) is Kept.DONE
        assert await store.add(a_token(MOST_TOKENS)) is Kept.FULL
        assert await store.revoke("token-7")
        assert await store.add(a_token(MOST_TOKENS)) is Kept.DONE

    runner.run(scenario())
