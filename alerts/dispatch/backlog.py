"""When what is pending for a receiver becomes a digest, and that it does. Time is passed in.

Any process may do it, whoever admitted what is pending: the store says what waits, and takes each once.
"""

from collections.abc import Callable

from alerts.dispatch.late_silences import LateSilences
from alerts.notices.digest import amended_in, build_digest
from alerts.outbox.outbox import Backlog, Outbox

QUIET_MS = 5_000
"""Nothing was added for so long: the backlog has been read, by whichever processes were reading it."""

LONGEST_WAIT_MS = 60_000
"""A backlog that takes longer to read is told in parts."""

MOST_MEMBERS = 1_000
"""Of one digest: its making and its one step in the store take a few milliseconds. A body shows some forty."""


def due(backlog: Backlog, now_ms: int) -> int:
    """How many of what is pending should go out now: all of it, or full digests only."""
    if now_ms - backlog.newest_ms >= QUIET_MS or now_ms - backlog.oldest_ms >= LONGEST_WAIT_MS:
        return backlog.pending
    return backlog.pending - backlog.pending % MOST_MEMBERS


async def flush(
    outbox: Outbox, now_ms: int, wanted: Callable[[Backlog], int], silences: LateSilences | None = None
) -> int:
    """Make digests of as many pending deliveries as are ``wanted`` of each backlog. How many digests.

    ``silences`` keep theirs out of them. Raises ``Unavailable``: call again. What another process flushes meanwhile is
    left to it.
    """
    digests = 0
    for backlog in await outbox.backlogs():
        left = wanted(backlog)
        while left > 0:
            waiting = await outbox.pending(backlog.receiver, min(left, MOST_MEMBERS))
            members = await silences.left(waiting, now_ms) if silences and waiting else waiting
            if not waiting or members is None:
                break
            left -= len(waiting)
            ids = [each.id for each in members]
            if members and not await outbox.flush(build_digest(members), ids, now_ms, amended=amended_in(members)):
                break
            digests += bool(members)
    return digests
