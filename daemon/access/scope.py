"""What a token lets its holder do."""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """Also a metric's label."""

    READ = "read"  # everything that only shows
    SILENCE = "silence"  # silences, and verdicts on alerts
    REPLAY = "replay"  # deliveries sent again
    ADMIN = "admin"  # reload, receivers, tokens; and all of the above


def allows(held: Iterable[Scope], needed: Scope) -> bool:
    """Whether scopes are enough: whoever may do anything may read, and ``admin`` may do everything."""
    scopes = frozenset(held)
    return needed in scopes or Scope.ADMIN in scopes or (needed is Scope.READ and bool(scopes))
