"""Errors of the pure part, sorted by what the caller should do.

RasidError
├── InvalidArticle    never retry: dead-letter the record with ``reason``
└── InvalidInput      refuse the file it came from: ``problems`` lists every place and its remedy
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Commands to a terminal and marks that turn the direction of a line: what a file holds must not dress a message up."""


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
        return visible(f"{place}: {self.message}")


def visible(text: str) -> str:
    """``text`` with control characters and marks of direction written out (``\\x1b``), fit for a terminal or a log."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


class InvalidInput(RasidError):
    """A configuration, topic or entity file that must not be used. Nothing of it was loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
