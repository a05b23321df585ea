"""Errors of the pure part, sorted by what the caller should do.

RasidError
├── InvalidArticle    never retry: dead-letter the record with ``reason``
└── InvalidInput      refuse the file it came from: ``problems`` lists every place and its remedy
"""

from collections.abc import Sequence
from dataclasses import dataclass


class RasidError(Exception):
    """Every error that this project raises on purpose."""


class InvalidArticle(RasidError):
    """The record holds no article that can be read. ``reason`` is from a closed set and is a metric label."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file that a person wrote."""

    path: str
    line: int  # from 1; 0 where no line is known
    column: int  # from 1, in characters; 0 where no column is known
    message: str  # what is wrong, what was expected, and the remedy

    def __str__(self) -> str:
        place = self.path
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place}: {self.message}"


class InvalidInput(RasidError):
    """A configuration, topic or entity file that must not be used. Nothing of it was loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
