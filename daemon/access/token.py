"""A token of the API as it is kept: never itself, only its hash. Pure.

A token is 32 bytes of chance, so a plain SHA-256 of it cannot be turned back by guessing; a slow hash is for what
people think up. Looking it up by its hash, no comparison can be timed.
"""

import base64
import hashlib
import re
from collections.abc import Sequence

import msgspec

from daemon.access.scope import Scope

PREFIX = "rasid_"
"""By which a token is known that lies where it should not: programs that look for secrets find it."""

SECRET_BYTES = 32

MOST_TOKENS = 100
"""Kept at once: one for each program and person that asks."""

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
"""Of a token: it stands in the audit log."""

_WRITTEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one."""

    name: str
    scopes: tuple[Scope, ...]
    digest: str  # SHA-256 of the token, in hex
    created_ms: int
    created_by: str  # the caller's name
    expires_ms: int = 0  # 0: never

    def valid(self, now_ms: int) -> bool:
        """Whether it still opens anything."""
        return not self.expires_ms or now_ms < self.expires_ms


def written(secret: bytes) -> str:
    """A new token, of ``SECRET_BYTES`` of chance: shown once."""
    return PREFIX + base64.urlsafe_b64encode(secret).decode().rstrip("=")


def digest_of(token: str) -> str | None:
    """By which it is looked up; None where this cannot be a token of ours."""
    return hashlib.sha256(token.encode()).hexdigest() if _WRITTEN.fullmatch(token) else None


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Token)


def encode_token(token: Token) -> bytes:
    """As a store keeps it."""
    return _encode(token)


def read_token(kept: bytes) -> Token | None:
    """None where another version wrote it in another shape."""
    try:
        return _decoder.decode(kept)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def sorted_tokens(kept: Sequence[bytes]) -> list[Token]:
    """All that can be read, the oldest first."""
    tokens = [token for each in kept if (token := read_token(each)) is not None]
    return sorted(tokens, key=lambda each: (each.created_ms, each.name))
