"""Whether all is well enough for a heartbeat: more than being ready, for a desk relies on it."""

from collections.abc import Callable, Sequence

import structlog

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.heart import Heart
from alerts.outbox.outbox import Outbox
from daemon.consumer import Consumer
from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from daemon.reload import Reloader

MOST_BEHIND_SECONDS = 300.0
"""Of the last article read, where later ones wait: who hears nothing of five minutes of news is not served."""

MOST_STILL_MS = 60_000
"""Since the outbox was last asked: it is each second, and a slow store is given many times that."""


def unwell(readiness: Readiness, consumers: Sequence[Consumer], dispatcher: Dispatcher, now_ms: int) -> Sequence[str]:
    """Why there is no heartbeat now; empty: all is well."""
    reasons = list(readiness.reasons())
    for consumer in consumers:
        for partition, (_, seconds) in consumer.lag().items():
            if seconds > MOST_BEHIND_SECONDS:
                reasons.append(f"{partition} is read {seconds:.0f} s behind")
    if now_ms - dispatcher.asked_ms > MOST_STILL_MS:
        reasons.append("the outbox does not answer")
    return reasons


def heart_of(
    reloader: Reloader,
    readiness: Readiness,
    consumers: Sequence[Consumer],
    dispatcher: Dispatcher,
    outbox: Outbox,
    metrics: Metrics,
    now_ms: Callable[[], int],
) -> Heart:
    """Of a running daemon."""
    return Heart(
        name=reloader.started.config.name,
        outbox=outbox,
        send=dispatcher.send_now,
        receivers=lambda: reloader.watch.receivers,
        unwell=lambda: unwell(readiness, consumers, dispatcher, now_ms()),
        observer=metrics,
        log=structlog.get_logger(),
        now_ms=now_ms,
    )
