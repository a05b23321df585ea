"""Letters that a text must hold for a regular expression to match in it: what lets articles be passed over unread."""

from collections.abc import Sequence

from processors.topics.query.regex.tree import Choice, Part, Regexp, Repeated, Row, Single

FEWEST_LETTERS = 3
"""Shorter runs are in nearly every article."""

MOST_LITERALS = 50
"""Alternatives of one expression: looking for more costs as much as the expression itself."""


def required_literals(regexp: Regexp, *, any_case: bool) -> Sequence[str]:
    """Runs of letters one of which is in whatever the expression matches; none where that is not sure."""
    found = _required(regexp, any_case)
    return found if len(found) <= MOST_LITERALS else ()


def _required(regexp: Regexp, any_case: bool) -> tuple[str, ...]:
    match regexp:
        case Part():
            return _required(regexp.child, any_case if regexp.any_case is None else regexp.any_case)
        case Repeated():
            return _required(regexp.child, any_case) if regexp.least else ()
        case Choice():
            each = [_required(child, any_case) for child in regexp.children]
            return tuple(dict.fromkeys(literal for found in each for literal in found)) if all(each) else ()
        case Row():
            inner = [_required(child, any_case) for child in regexp.children if not isinstance(child, Single)]
            runs = [(run,) for run in _runs(regexp, any_case) if len(run) >= FEWEST_LETTERS]
            return max((*runs, *filter(None, inner)), key=_telling, default=())
        case _:
            return ()


def _telling(literals: tuple[str, ...]) -> tuple[int, int]:
    """The rarer in text the better: the shortest decides, then how few they are."""
    return min(map(len, literals)), -len(literals)


def _runs(row: Row, any_case: bool) -> list[str]:
    runs = [""]
    for child in row.children:
        if isinstance(child, Single) and child.letter and (not any_case or _has_two_cases_at_most(child.letter)):
            runs[-1] += child.letter
        else:
            runs.append("")
    return runs


def _has_two_cases_at_most(letter: str) -> bool:
    """Greek σ is also ς: what folds more than one way is left out."""
    return letter.isascii() or letter.lower() == letter.upper()
