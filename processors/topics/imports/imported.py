"""What an import makes: a topic file, and a report with the place in the source of everything that is not the same."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class Fate(StrEnum):
    """What became of a part of the source."""

    CHANGED = "changed"  # it is there, and means nearly the same
    LOST = "lost"  # it is not there


class Note(NamedTuple):
    """One line of the report."""

    line: int  # from 1
    column: int
    fate: Fate
    message: str  # what was written, what became of it, what to do


class Imported(NamedTuple):
    """A topic file as text, which loads, and the report."""

    text: str
    notes: tuple[Note, ...]

    @property
    def lost(self) -> int:
        """How much is not there."""
        return sum(note.fate is Fate.LOST for note in self.notes)


class Unreadable(Exception):
    """The source cannot be read, or nothing of it can be carried over."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message


class Report:
    """Collects notes about one source text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.places: Sequence[int] | None = None  # of what is read, in the source; None where they are the same
        self._lines: list[int] = []  # where each line begins, once asked for
        self._notes: dict[tuple[int, Fate, str], None] = {}

    def changed(self, at: int, message: str) -> None:
        """Something is there in another way."""
        self._notes[at, Fate.CHANGED, message] = None

    def lost(self, at: int, message: str) -> None:
        """Something is not there."""
        self._notes[at, Fate.LOST, message] = None

    def unreadable(self, at: int, message: str) -> Unreadable:
        """The error with its place."""
        return Unreadable(*self._place(at), message)

    def notes(self) -> tuple[Note, ...]:
        """In the order of their places."""
        return tuple(Note(*self._place(at), fate, message) for at, fate, message in sorted(self._notes))

    def _place(self, at: int) -> tuple[int, int]:
        at = at if self.places is None else self.places[min(at, len(self.places) - 1)]
        if not self._lines:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self._source))]
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1
