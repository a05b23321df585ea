"""Whether the process does its work just now, and if not, why. Healthy it is as long as it answers at all."""

from collections.abc import Callable, Sequence


class Readiness:
    """Collects reasons against being ready."""

    def __init__(self) -> None:
        self._phase = "starting"
        self._checks: list[Callable[[], str]] = []

    def phase(self, reason: str) -> None:
        """What we are doing instead of working; empty while working."""
        self._phase = reason

    def add(self, check: Callable[[], str]) -> None:
        """``check`` answers the reason against, or nothing."""
        self._checks.append(check)

    def reasons(self) -> Sequence[str]:
        """Empty: ready."""
        if self._phase:
            return (self._phase,)
        return tuple(dict.fromkeys(reason for check in self._checks if (reason := check())))
