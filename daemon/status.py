"""What ``/api/v1/status`` and the last log line show."""

from collections.abc import Sequence
from typing import Any

from alerts.admission.admission import Admission
from alerts.dispatcher import Dispatcher
from alerts.errors import Unavailable
from alerts.outbox.outbox import Outbox
from alerts.standing import Standing, State
from daemon.consumer import Consumer
from daemon.readiness import Readiness
from daemon.reload import Reloader


async def status_of(
    reloader: Reloader, readiness: Readiness, outbox: Outbox | None, dispatcher: Dispatcher | None = None
) -> dict[str, Any]:
    """Plain data, without secrets. Raises ``Unavailable``."""
    watch = reloader.watch
    standings = dispatcher.standings() if dispatcher else {}
    depth = await outbox.depth() if outbox else None
    disabled = await outbox.disabled() if outbox else {}
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
                "ready": depth.by_receiver.get(name, 0) if depth else 0,
                "disabled": disabled.get(name),
                **_stands(standings.get(name), disabled.get(name)),
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
    }


def _stands(standing: Standing | None, disabled: str | None) -> dict[str, Any]:
    """``disabled`` is as of now, the rest as the dispatcher saw it at its last look."""
    standing = standing or Standing(State.WORKING)
    state = State.DISABLED if disabled else State.WORKING if standing.state is State.DISABLED else standing.state
    row = standing.failing
    return {
        "state": state.value,
        "failing": {"since_ms": row.first_ms, "last_ms": row.last_ms, "failures": row.failures} if row else None,
        "asked_again_ms": standing.resumes_ms or None,
    }


def read_to(consumers: Sequence[Consumer]) -> dict[str, Any]:
    """Where reading stands, and how far that is behind."""
    return {
        "positions": {name: at for consumer in consumers for name, at in consumer.positions().items()},
        "lag": {
            partition: {"records": records, "seconds": seconds}
            for consumer in consumers
            for partition, (records, seconds) in consumer.lag().items()
        },
    }


async def outcomes_of(admission: Admission) -> dict[str, int]:
    """Records by outcome since this store began; empty where it does not answer any more."""
    try:
        return dict(await admission.counts())
    except Unavailable:
        return {}
