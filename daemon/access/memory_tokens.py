"""Tokens in plain memory, held to the same contract as those in Redis."""

from collections.abc import Sequence

from daemon.access.token import MOST_TOKENS, Token, encode_token, read_token, sorted_tokens
from daemon.access.token_store import Kept


class MemoryTokens:
    """A ``TokenStore``. Never waits."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}  # digest → token

    async def find(self, digest: str) -> Token | None:
        return read_token(self._kept[digest]) if digest in self._kept else None

    async def all(self) -> Sequence[Token]:
        return sorted_tokens(list(self._kept.values()))

    async def add(self, token: Token) -> Kept:
        if any(each.name == token.name for each in await self.all()):
            return Kept.TAKEN
        if len(self._kept) >= MOST_TOKENS:
            return Kept.FULL
        self._kept[token.digest] = encode_token(token)
        return Kept.DONE

    async def revoke(self, name: str) -> bool:
        found = [each.digest for each in await self.all() if each.name == name]
        for digest in found:
            del self._kept[digest]
        return bool(found)
