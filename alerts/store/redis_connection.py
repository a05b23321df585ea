"""Open Redis or Valkey, and refuse a server that would lose what it acknowledged.

Each new connection first asks which run of the server it met. A server that was restarted may have a log that was
torn inside a script; Redis 7.0 then loses later writes at the restart after that, although it fsynced them. Writing
the log anew before the first command cures it. Since a restart breaks every connection, nothing can slip in before.
A server that comes back with settings that are not safe is not used: every call is ``Unavailable`` until they are.
"""

import asyncio
import ssl
from typing import Any
from urllib.parse import urlsplit

import structlog
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

from alerts.errors import Refused, Unavailable
from alerts.store.redis_calls import CALL_SECONDS, run_command
from alerts.store.redis_safety import UnsafeServer, flaw_of, why_unsafe
from alerts.store.redis_server import Server, server_from_info

OLDEST = (7, 0)
"""Scripts need the flags of Redis 7.0 (``allow-oom``, ``no-writes``)."""

REWRITE_POLL_SECONDS = 0.02

log = structlog.get_logger()


class _RunWatch:
    """Knows which run of the server was met last; looks at another one's settings and writes its log anew."""

    def __init__(self, *, unsafe: bool) -> None:
        self._unsafe = unsafe
        self._run_id = ""
        self._looking = asyncio.Lock()

    async def on_connect(self, connection: AbstractConnection) -> None:
        await connection.on_connect()
        async with self._looking:  # of connections opened together one looks, the others wait until it has
            await self._look(connection)

    async def _look(self, connection: AbstractConnection) -> None:
        server = server_from_info(_parse(await _ask(connection, "INFO", "server")))
        if server.run_id == self._run_id:
            return
        if self._run_id and not self._unsafe:  # of the first one, ``check_safety`` is asked
            await self._check_again(connection)
        if server.may_tear_logs and await self._keeps_a_log(connection):
            await self._rewrite_log(connection)
        log.info("redis_met", server=server.name, version=server.shown_version)
        self._run_id = server.run_id

    async def _check_again(self, connection: AbstractConnection) -> None:
        role = _parse(await _ask(connection, "INFO", "replication")).get("role", "")
        policy = await _ask_setting(connection, "maxmemory-policy")
        appendonly = await _ask_setting(connection, "appendonly")
        if (flaw := flaw_of(role, policy, appendonly)) is not None:
            raise UnsafeServer(flaw, why_unsafe(role, policy, appendonly))

    async def _keeps_a_log(self, connection: AbstractConnection) -> bool:
        return _parse(await _ask(connection, "INFO", "persistence")).get("aof_enabled") == "1"

    async def _rewrite_log(self, connection: AbstractConnection) -> None:
        try:
            await _ask(connection, "BGREWRITEAOF")
        except ResponseError as error:
            if "in progress" not in str(error):
                raise
        while True:
            state = _parse(await _ask(connection, "INFO", "persistence"))
            if state.get("aof_rewrite_in_progress") == "0" and state.get("aof_rewrite_scheduled") == "0":
                break
            await asyncio.sleep(REWRITE_POLL_SECONDS)
        if state.get("aof_last_bgrewrite_status") != "ok":
            raise RedisConnectionError(
                "the server was restarted and could not write its append-only file anew (BGREWRITEAOF), without which "
                "it may lose later writes: its own log says why; often its disk is full, or memory is short for a fork"
            )


async def _ask(connection: AbstractConnection, *command: str) -> str:
    await connection.send_command(*command)
    reply = await connection.read_response()
    return reply.decode() if isinstance(reply, bytes) else str(reply)


async def _ask_setting(connection: AbstractConnection, name: str) -> str:
    await connection.send_command("CONFIG", "GET", name)
    reply = await connection.read_response()
    return reply[1].decode() if len(reply) > 1 else ""


def _parse(info: str) -> dict[str, str]:
    return dict(line.split(":", 1) for line in info.splitlines() if ":" in line)


def connect(
    url: str,
    *,
    ca_file: str | None = None,
    username: str | None = None,
    password: str | None = None,
    unsafe: bool = False,
    watched: bool = True,
) -> Redis:
    """A client for ``redis://``, ``rediss://`` (TLS) or ``unix://``. Opens nothing yet.

    No call is repeated behind our back: the loops that use it know what may be repeated and when. ``unsafe`` lets a
    server pass that comes back with other settings. Not ``watched``: for calls that keep nothing, to any server.
    """
    scheme = urlsplit(url).scheme
    if scheme not in {"redis", "rediss", "unix"}:
        raise Refused(f"redis.url begins with {scheme!r}; write redis://host:port, rediss://host:port or unix:///path")
    options: dict[str, Any] = {
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": CALL_SECONDS,
        "socket_connect_timeout": CALL_SECONDS,
        "protocol": 2,
    }
    if watched:
        options["redis_connect_func"] = _RunWatch(unsafe=unsafe).on_connect
    if username is not None:
        options["username"] = username
    if password is not None:
        options["password"] = password
    if scheme == "rediss":
        options |= {"ssl_ca_certs": ca_file, "ssl_min_version": ssl.TLSVersion.TLSv1_2}
    try:
        return Redis.from_url(url, **options)
    except ValueError as error:
        raise Refused(f"redis.url cannot be read: {error}") from error


async def check_safety(redis: Redis, *, unsafe: bool = False) -> Server:
    """Refuse a server on which an acknowledged write may vanish. Raises ``Refused`` or ``Unavailable``.

    ``unsafe`` lets everything pass but a server too old to run the scripts.
    """
    info = await run_command("asking which server this is", redis.info("server"))
    server = server_from_info({key: str(value) for key, value in info.items()})
    if server.name == "redis" and server.version < OLDEST:
        raise Refused(f"Redis {server.shown_version} is too old: install Redis 7.0 or later, or Valkey")
    if unsafe:
        return server
    role = await run_command("asking for its role", redis.info("replication"))
    policy = await _setting(redis, "maxmemory-policy")
    reason = why_unsafe(str(role["role"]), policy, await _setting(redis, "appendonly"))
    if reason:
        raise Refused(reason)
    return server


async def _setting(redis: Redis, name: str) -> str:
    try:
        held = await run_command(f"reading {name}", redis.config_get(name))
    except (Unavailable, Refused) as error:
        if isinstance(error.__cause__, ResponseError):
            raise Refused(
                f"Redis does not let us read {name}, so its safety cannot be seen. Allow CONFIG GET to this user "
                "(`ACL SETUSER <user> +config|get`), or vouch for the server with redis.unsafe: true"
            ) from error
        raise
    return str(held.get(name, ""))


async def answers(redis: Redis) -> bool:
    """Whether the server answers at all, now."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return bool(await redis.ping())
    except (RedisError, OSError, TimeoutError):
        return False
