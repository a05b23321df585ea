"""One way to call Redis: scripts by hash, a deadline on each call, and foreign errors sorted by remedy."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import AuthenticationError, AuthorizationError, NoPermissionError, RedisError

from alerts.errors import Refused, Unavailable
from alerts.unreached import unreached_words

CALL_SECONDS = 10.0
"""Longest wait for one reply: far above a slow fsync, far below a lease (20 s)."""


def load_script(redis: "Redis", package: str, name: str, using: str = "") -> AsyncScript:
    """The script ``name``.lua that lies beside the modules of ``package``, and may call what ``using``.lua defines."""
    text = files(package).joinpath(f"{name}.lua").read_text(encoding="utf-8")
    if using:
        head, _, body = text.partition("\n")  # the line that says which language it is must stay the first
        text = "\n".join((head, files(package).joinpath(f"{using}.lua").read_text(encoding="utf-8"), body))
    return redis.register_script(text)


_FOR_EACH = """
local function each(KEYS, ARGV)
{body}
end
local keys, shared, replies = {{}}, {shared}, {{}}
for i = 1, shared do
  keys[i] = KEYS[i]
end
for i = 1, #ARGV do
  keys[shared + 1] = KEYS[shared + i]
  replies[i] = each(keys, {{ ARGV[i] }})
end
return replies
"""


def load_script_for_each(redis: "Redis", package: str, name: str, shared: int) -> AsyncScript:
    """A script that does what ``name``.lua does with one argument and one last key for each of several, in order.

    Its keys are the ``shared`` first ones, then the last one of each. It answers a list. Where one of them fails, those
    before it are done, those after it are not: every script may be repeated.
    """
    head, _, body = files(package).joinpath(f"{name}.lua").read_text(encoding="utf-8").partition("\n")
    return redis.register_script(head + _FOR_EACH.format(body=body, shared=shared))


async def run_script(script: AsyncScript, what: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
    """Call ``script``; raises ``Unavailable`` where the outcome is unknown or the server cannot do it now.

    The client sends the script's hash and, to a server that has forgotten it, its source.
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await script(keys=keys, args=args)
    except (RedisError, OSError, TimeoutError) as error:
        raise translate(what, error) from error


async def run_command(what: str, waiting: Awaitable[Any]) -> Any:
    """The reply to one command or pipeline; raises like ``run_script``."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await waiting
    except (RedisError, OSError, TimeoutError) as error:
        raise translate(what, error) from error


def translate(what: str, error: BaseException) -> Unavailable | Refused:
    """Our error for a foreign one, saying what we were doing. No address and no secret is in the text."""
    if any(isinstance(cause, AuthenticationError | AuthorizationError | NoPermissionError) for cause in _causes(error)):
        return Refused(
            f"Redis refused {what}: {error}. Mend redis.username and redis.password_file, or give that user "
            "these rights: ACL SETUSER <user> ~rasid:* +@all -@dangerous +config|get +info +bgrewriteaof"
        )
    unreached = next((each for each in _causes(error) if isinstance(each, OSError)), None)
    if isinstance(unreached, TimeoutError):
        return Unavailable(f"Redis does not answer: nothing came in time ({what})")
    if unreached is not None:
        return Unavailable(f"Redis does not answer: {unreached_words(unreached)} ({what})")
    return Unavailable(f"Redis: {what}: {str(error) or type(error).__name__}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it wraps: the client hides a refused log-in in a connection error."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
