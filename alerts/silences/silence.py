"""A silence: what somebody asked not to be told for a time, by conditions, as Alertmanager has it. Pure.

Its id is computed from what it says, so that asking twice for the same makes one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

import msgspec

from alerts.routing.conditions import AlertFacts, holds
from processors.ids import digest

MOST_CONDITIONS, MOST_GLOBS, LONGEST_GLOB = 20, 100, 200
LONGEST_AUTHOR, LONGEST_COMMENT = 100, 500
"""Of one silence: what a person writes, and bytes that a list of all of them can hold."""

LONGEST = timedelta(days=366)
"""From start to end. What is never to be told is left out of the routes; a year off by a slip is noticed."""

ID = re.compile(r"sil_[a-z2-7]{26}")


class SilenceState(StrEnum):
    """Where a silence is in its time."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts for which ``match`` holds are told to nobody from its start to its end."""

    id: str
    match: Mapping[str, tuple[str, ...]]
    author: str
    comment: str
    start_ms: int
    end_ms: int  # the first moment at which it no longer holds

    def state(self, now_ms: int) -> SilenceState:
        """Where it is in its time."""
        if now_ms >= self.end_ms:
            return SilenceState.EXPIRED
        return SilenceState.ACTIVE if now_ms >= self.start_ms else SilenceState.PENDING


def a_silence(
    match: Mapping[str, Sequence[str]], *, author: str, comment: str, start_ms: int, end_ms: int, id_: str = ""
) -> Silence:
    """One that somebody asks for; with an id of its own, which may begin at any time (0), where it has a name.

    ``ValueError`` says what is wrong with it. Keys of ``match`` are not looked at.
    """
    if not match:
        raise ValueError("a silence of everything needs a condition too: topic=*")
    globs = [glob for several in match.values() for glob in several]
    if len(match) > MOST_CONDITIONS or len(globs) > MOST_GLOBS or any(len(each) > LONGEST_GLOB for each in globs):
        raise ValueError(
            f"at most {MOST_CONDITIONS} conditions and {MOST_GLOBS} globs of {LONGEST_GLOB} characters: make several"
        )
    if any(not several for several in match.values()):
        raise ValueError("each condition needs a glob")
    for name, text, longest in (("author", author, LONGEST_AUTHOR), ("comment", comment, LONGEST_COMMENT)):
        if not text.strip():
            raise ValueError(f"{name}: say who silences it, and why")
        if len(text) > longest:
            raise ValueError(f"{name}: at most {longest} characters")
    if end_ms <= start_ms:
        raise ValueError("the end of a silence is after its start")
    if start_ms and end_ms - start_ms > LONGEST // timedelta(milliseconds=1):
        raise ValueError(f"a silence lasts at most {LONGEST.days} days")
    conditions = {key: tuple(match[key]) for key in sorted(match)}
    said = [part for key, several in conditions.items() for part in (key, str(len(several)), *several)]
    return Silence(
        id=id_ or "sil_" + digest("silence", author, comment, str(start_ms), str(end_ms), *said),
        match=conditions,
        author=author.strip(),
        comment=comment.strip(),
        start_ms=start_ms,
        end_ms=end_ms,
    )


def silenced_by(facts: AlertFacts, silences: Iterable[Silence], now_ms: int) -> Silence | None:
    """The first silence that holds for an alert now."""
    for silence in silences:
        if silence.start_ms <= now_ms < silence.end_ms and holds(silence.match, facts):
            return silence
    return None
