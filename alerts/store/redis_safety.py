"""Whether a Redis or Valkey keeps what it acknowledged, and how it does.

What is asked often is for people to see. It stops nothing by itself: reading and sending go by their own calls.
"""

import time
from dataclasses import dataclass
from enum import StrEnum

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from alerts.errors import Refused, Unavailable
from alerts.store.redis_calls import run_command
from alerts.store.redis_server import server_from_info


class Flaw(StrEnum):
    """Why a server may lose what it acknowledged. Also a metric label."""

    REPLICA = "replica"
    EVICTS = "evicts"
    NO_LOG = "no_log"


def flaw_of(role: str, policy: str, appendonly: str) -> Flaw | None:
    """The first flaw of a server with these settings."""
    if role != "master":
        return Flaw.REPLICA
    if policy != "noeviction":
        return Flaw.EVICTS
    return None if appendonly == "yes" else Flaw.NO_LOG


def why_unsafe(role: str, policy: str, appendonly: str) -> str:
    """Why a server with these settings may lose what it acknowledged, and the remedy; empty if it does not."""
    match flaw_of(role, policy, appendonly):
        case None:
            return ""
        case Flaw.REPLICA:
            return "this Redis is a replica: point redis.url at the primary"
        case Flaw.EVICTS:
            return (
                f"Redis may evict undelivered alerts (maxmemory-policy is {policy}). Run "
                "`CONFIG SET maxmemory-policy noeviction` and put `maxmemory-policy noeviction` into its configuration "
                "file, or accept losses with redis.unsafe: true"
            )
        case Flaw.NO_LOG:
            return (
                "Redis keeps no append-only file: a restart would forget undelivered alerts. Run "
                "`CONFIG SET appendonly yes` and put `appendonly yes` into its configuration file, or accept losses "
                "with redis.unsafe: true"
            )


class UnsafeServer(RedisConnectionError):
    """A server came back with settings that may lose alerts. No connection to it is used."""

    def __init__(self, flaw: Flaw, why: str) -> None:
        super().__init__(f"the server came back with settings that are not safe: {why}")
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Health:
    """What a server says of itself at one moment."""

    answers: bool
    flaw: Flaw | None = None
    used_bytes: int = 0
    limit_bytes: int = 0  # 0: it has no limit of its own
    seconds: float = 0.0  # that the first answer took
    server: str = ""  # redis or valkey
    version: str = ""


async def health_of(redis: Redis) -> Health:
    """Ask. A server that does not answer, or that we may not use, is told as such: nothing is raised."""
    started = time.monotonic()
    try:
        info = await run_command("asking for its health", redis.info("server", "replication", "memory"))
        seconds = time.monotonic() - started
        server = server_from_info({key: str(value) for key, value in info.items()})
        flaw = flaw_of(
            str(info["role"]), await _setting(redis, "maxmemory-policy"), await _setting(redis, "appendonly")
        )
    except (Unavailable, Refused) as error:
        return Health(answers=False, flaw=_flaw_behind(error))
    memory = int(info["used_memory"]), int(info["maxmemory"])
    return Health(True, flaw, *memory, seconds, server.name, server.shown_version)


_VOUCHED = {"maxmemory-policy": "noeviction", "appendonly": "yes"}
"""Where we may not read a setting, the daemon runs only because a person vouched for it (``redis.unsafe``)."""


async def _setting(redis: Redis, name: str) -> str:
    try:
        held = await run_command(f"reading {name}", redis.config_get(name))
    except (Unavailable, Refused) as error:
        if isinstance(error.__cause__, ResponseError):
            return _VOUCHED[name]
        raise
    return str(held.get(name, ""))


def _flaw_behind(error: BaseException) -> Flaw | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UnsafeServer):
            return cause.flaw
        cause = cause.__cause__
    return None
