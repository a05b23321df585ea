"""How a receiver stands just now, for people and metrics."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerts.failing_row import FailingRow
from alerts.pace import Pace


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
    paces: Mapping[str, Pace],
    disabled: Mapping[str, str],
    failing: Mapping[str, FailingRow],
    now_ms: int,
) -> Mapping[str, Standing]:
    """Of each of ``receivers``."""
    found = {}
    for name in receivers:
        row, pace = failing.get(name), paces[name]
        if name in disabled:
            found[name] = Standing(State.DISABLED, disabled[name], row)
        elif pace.breaker.open or pace.resumes_ms > now_ms:
            found[name] = Standing(State.WAITING, "", row, pace.resumes_ms)
        else:
            found[name] = Standing(State.FAILING if row else State.WORKING, "", row)
    return found
