"""Tokens in Redis. The one write that decides is in the script beside this file."""

from collections.abc import Sequence

from redis.asyncio import Redis

from alerts.store.keys import Keys
from alerts.store.redis_calls import load_script, run_command, run_script
from daemon.access.token import MOST_TOKENS, Token, encode_token, read_token, sorted_tokens
from daemon.access.token_store import Kept


class RedisTokens:
    """A ``TokenStore`` of every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        keys = Keys(name)
        self._tokens, self._names = keys.key("tokens"), keys.key("token_names")
        self._add, self._revoke = (load_script(redis, __package__, verb) for verb in ("add", "revoke"))

    async def find(self, digest: str) -> Token | None:
        kept: bytes | None = await run_command("looking for a token", self._redis.hget(self._tokens, digest))
        return read_token(kept) if kept is not None else None

    async def all(self) -> Sequence[Token]:
        kept: list[bytes] = await run_command("reading tokens", self._redis.hvals(self._tokens))
        return sorted_tokens(kept)

    async def add(self, token: Token) -> Kept:
        arguments = [token.name, token.digest, encode_token(token), MOST_TOKENS]
        answer: bytes = await run_script(self._add, "ADD TOKEN", [self._tokens, self._names], arguments)
        return Kept(answer.decode())

    async def revoke(self, name: str) -> bool:
        return bool(await run_script(self._revoke, "REVOKE TOKEN", [self._tokens, self._names], [name]))
