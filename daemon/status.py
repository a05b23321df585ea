"""What ``/api/v1/status`` and the last log line show."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from alerts.admission.admission import Admission
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.standing import Standing, State
from alerts.errors import Unavailable
from alerts.outbox.outbox import Depth, Outbox
from alerts.store.redis_safety import Health
from daemon.consumer import Consumer
from daemon.readiness import Readiness
from daemon.redis_standing import RedisStanding
from daemon.reload import Reloader
from daemon.sources.watched_source import WatchedSource


async def status_of(
    reloader: Reloader,
    readiness: Readiness,
    outbox: Outbox | None,
    dispatcher: Dispatcher | None = None,
    standing: RedisStanding | None = None,
) -> dict[str, Any]:
    """Plain data, without secrets. What only the store knows is null while it does not answer."""
    watch = reloader.watch
    standings = dispatcher.standings() if dispatcher else {}
    health = await standing.now() if standing is not None else None
    depth, disabled = await _waiting(outbox if health is None or health.answers else None)
    if health is not None and outbox is not None and depth is None:
        health = replace(health, answers=False)  # it went away since it was looked at
    return {
        "name": reloader.started.config.name,
        "ready": not readiness.reasons(),
        "reasons": list(readiness.reasons()),
        "config": {
            "file": str(watch.loaded.path),
            "problems": [str(each) for each in reloader.problems],
            "restart_needed": list(reloader.needs_restart()),
        },
        "topics": list(watch.topics),
        "receivers": {
            name: {
                "ready": depth.by_receiver.get(name, 0) if depth else None,
                "disabled": disabled.get(name) if disabled is not None else None,
                **_stands(standings.get(name), disabled.get(name) if disabled is not None else _UNKNOWN),
            }
            for name in watch.receivers
        },
        "outbox": {
            "ready": depth.ready,
            "pending": depth.pending,
            "oldest_ms": depth.oldest_ms,
            "dead": depth.dead,
        }
        if depth
        else None,
        "redis": redis_state(health),
    }


_UNKNOWN = object()
"""The store does not say now who is disabled."""


async def _waiting(outbox: Outbox | None) -> tuple[Depth | None, Mapping[str, str] | None]:
    """What waits, and which receivers are disabled; None where there is no answer now."""
    if outbox is None:
        return None, None
    try:
        return await outbox.depth(), await outbox.disabled()
    except Unavailable:
        return None, None


def _stands(standing: Standing | None, disabled: str | object | None) -> dict[str, Any]:
    """``disabled`` is as of now, the rest as the dispatcher saw it at its last look."""
    standing = standing or Standing(State.WORKING)
    state = standing.state
    if disabled is not _UNKNOWN:
        state = State.DISABLED if disabled else State.WORKING if state is State.DISABLED else state
    row = standing.failing
    return {
        "state": state.value,
        "failing": {"since_ms": row.first_ms, "last_ms": row.last_ms, "failures": row.failures} if row else None,
        "asked_again_ms": standing.resumes_ms or None,
    }


def redis_state(health: Health | None) -> dict[str, Any] | None:
    """How the store stands; None where it was not met yet. ``used_bytes`` and ``limit_bytes`` are of its memory."""
    if health is None:
        return None
    return {
        "reachable": health.answers,
        "server": health.server or None,
        "version": health.version or None,
        "used_bytes": health.used_bytes if health.answers else None,
        "limit_bytes": health.limit_bytes or None,
        "safe": health.flaw is None if health.answers or health.flaw is not None else None,
        "flaw": health.flaw,
    }


def sources_state(sources: Sequence[WatchedSource]) -> list[dict[str, Any]]:
    """How each source stands, in the order of the configuration."""
    return [
        {
            "source": each.label,
            "kind": each.kind,
            "connected": each.connected,
            "fails": each.fails or None,
            "partitions": len(each.assigned()),
            "last_record_ms": each.last_record_ms,
            "last_read_ms": each.last_read_ms,
        }
        for each in sources
    ]


def read_to(consumers: Sequence[Consumer], sources: Sequence[WatchedSource]) -> dict[str, Any]:
    """Where reading stands, how far that is behind, and how each source stands."""
    return {
        "positions": {name: at for consumer in consumers for name, at in consumer.positions().items()},
        "lag": {
            partition: {"records": records, "seconds": seconds}
            for consumer in consumers
            for partition, (records, seconds) in consumer.lag().items()
        },
        "sources": sources_state(sources),
    }


async def outcomes_of(admission: Admission) -> dict[str, int]:
    """Records by outcome since this store began; empty where it does not answer any more."""
    try:
        return dict(await admission.counts())
    except Unavailable:
        return {}
