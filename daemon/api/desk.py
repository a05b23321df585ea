"""What the HTTP side shows and does; filled in as the process starts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.outbox.outbox import Outbox
from daemon.access.token_store import TokenStore
from daemon.api.http_silences import Silencing
from daemon.history.past import Past
from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from processors.errors import Problem


@dataclass(frozen=True, slots=True)
class Desk:
    """The process, as its routes know it. What is None is not there yet."""

    metrics: Metrics
    readiness: Readiness
    status: Callable[[], Awaitable[dict[str, Any]]]
    reload: Callable[[], Awaitable[Sequence[Problem]]]
    outbox: Callable[[], Outbox | None]
    now_ms: Callable[[], int]
    woken: Callable[[], None]
    past: Callable[[], Past | None] = lambda: None
    silencing: Callable[[], Silencing | None] = lambda: None
    tokens: Callable[[], TokenStore | None] = lambda: None
