"""Says which receivers fail just now: at the first failure, and once in a while until one succeeds."""

from alerts.logger import Logger
from alerts.model import Attempt

# A receiver that is down for days is worth a line now and then, not one for each attempt.
SECONDS_BETWEEN_LINES = 600


class Failing:
    """Remembers when each failing receiver was last spoken of. Time is passed in."""

    def __init__(self, log: Logger) -> None:
        self._log = log
        self._next_line_ms: dict[str, int] = {}

    def failed(self, receiver: str, attempt: Attempt, now_ms: int, next_ms: int) -> None:
        """A request failed; the delivery is tried again at ``next_ms``."""
        if now_ms < self._next_line_ms.get(receiver, 0):
            return
        self._next_line_ms[receiver] = now_ms + SECONDS_BETWEEN_LINES * 1000
        self._log.warning(
            "receiver_failing",
            receiver=receiver,
            status=attempt.status,
            error=attempt.error,
            next_attempt_s=round((next_ms - now_ms) / 1000),
            hint=_remedy(attempt),
        )

    def worked(self, receiver: str) -> None:
        """A request succeeded."""
        if self._next_line_ms.pop(receiver, None) is not None:
            self._log.info("receiver_works_again", receiver=receiver)


def _remedy(attempt: Attempt) -> str:
    """What a person may look at first."""
    if attempt.error == "auth" or attempt.status in (401, 403):
        return "does the receiver have the same secret, password or token?"
    if attempt.status == 404:
        return "is the path of its url right?"
    if attempt.error == "recipients_refused":
        return "its mail server knows none of the addresses in `to`"
    if attempt.error == "denied_address":
        return "the address is private: put its network into the receiver's allow, if it is meant"
    if attempt.error == "tls":
        return "its certificate is not valid for this name"
    return "deliveries wait and are tried again; `rasid receivers list` shows how many"
