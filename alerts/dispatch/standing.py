"""How a receiver stands just now, for people and metrics."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerts.dispatch.concurrency_limit import ConcurrencyLimit
from alerts.failing_row import FailingRow


class State(StrEnum):
    """Worst last. Also a word of the API."""

    WORKING = "working"
    FAILING = "failing"  # its last answer was none that we can use
    WAITING = "waiting"  # it is asked by a probe now and then only, or it asked to be left alone
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one receiver, as this process sees it; its failures as all do."""

    state: State
    disabled: str = ""  # why
    failing: FailingRow | None = None
    resumes_ms: int = 0  # when it is asked again, while it waits


def standings(
    receivers: Iterable[str],
    limits: Mapping[str, ConcurrencyLimit],
    disabled: Mapping[str, str],
    failing: Mapping[str, FailingRow],
    now_ms: int,
) -> Mapping[str, Standing]:
    """Of each of ``receivers``."""
    found = {}
    for name in receivers:
        row, limit = failing.get(name), limits[name]
        if name in disabled:
            found[name] = Standing(State.DISABLED, disabled[name], row)
        elif limit.breaker.open or limit.resumes_ms > now_ms:
            found[name] = Standing(State.WAITING, "", row, limit.resumes_ms)
        else:
            found[name] = Standing(State.FAILING if row else State.WORKING, "", row)
    return found
