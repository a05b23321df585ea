"""Where tokens are kept: beside everything that the processes of one name share, so that each knows all at once."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from daemon.access.token import Token


class Kept(StrEnum):
    """What came of a new one."""

    DONE = "done"
    TAKEN = "taken"  # another has this name
    FULL = "full"  # MOST_TOKENS are kept


class TokenStore(Protocol):
    """Raises ``Unavailable``."""

    async def find(self, digest: str) -> Token | None:
        """The token with this digest, expired or not."""
        ...

    async def all(self) -> Sequence[Token]:
        """The oldest first."""
        ...

    async def add(self, token: Token) -> Kept:
        """Keep one."""
        ...

    async def revoke(self, name: str) -> bool:
        """Forget it: from now on it opens nothing, in no process. False where there is none of that name."""
        ...
