"""What to say of a file that is no YAML: the place, the library's own words, and the remedy that they lack."""

import re
from collections.abc import Sequence

import yaml

from processors.errors import Problem

_BESIDE = re.compile(r"\s*(?:- )?(?:[\w-]+:\s*\{\s*)?(match|exclude):\s*[^|>\s]")
_BLOCK = re.compile(r"\s*(?:- )?(match|exclude):\s*[|>][-+]?\s*$")
_SECOND_COLON = re.compile(r"\s*(?:- )?[^\s:\"'][^:]*:\s[^\"'{\[][^:]*:(?:\s|$)")
_ODD_INDENT = re.compile(r"[ \t]*([\u00a0\u2000-\u200f\u202f\u205f\u2066-\u2069\u3000])")
ODD_SPACE = "an indent with a space that is none on the keyboard, as copied from a page: type these spaces anew"
_LINES_LOOKED_AT = 2
"""Before the trouble: a quote that was not closed is noticed on a later line."""


def yaml_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    """The problem that the library met in ``text``."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or error)
    if "end of stream" in what:  # a quote that is not closed: where it was opened
        mark = getattr(error, "context_mark", None) or mark
        what = "this quote is never closed"
    if isinstance(error, yaml.reader.ReaderError):
        at = max(0, text.find(chr(error.character)))  # its own position counts bytes
        place = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        return Problem(path, *place, f"the character U+{error.character:04X} has no place in a text: delete it")
    if mark is None:
        return Problem(path, 0, 0, f"not readable as YAML: {what}")
    lines = text.splitlines()
    here = lines[mark.line] if mark.line < len(lines) else ""
    if here[: mark.column + 1].strip(" ").startswith("\t"):
        return Problem(path, mark.line + 1, mark.column + 1, "a tab: YAML is indented with spaces")
    if (odd := odd_space(lines)) is not None:
        return Problem(path, *odd, ODD_SPACE)
    return Problem(path, mark.line + 1, mark.column + 1, f"not readable as YAML: {what}{advice(lines, mark.line)}")


def advice(lines: Sequence[str], line: int) -> str:
    """How to write a query, where the trouble in ``line`` (from 0) is in one or follows one."""
    nearby = lines[max(0, line - _LINES_LOOKED_AT) : line + 1][::-1]
    if found := next(filter(None, map(_BESIDE.match, nearby)), None):
        return f". Write the query as a block: `{found[1]}: |`, then the query on the next line, indented"
    if found := next(filter(None, map(_BLOCK.match, nearby)), None):
        return f". The lines of a query must be indented more than its `{found[1]}: |`"
    if _SECOND_COLON.match(nearby[0]):
        return '. A value with a colon in it stands in quotes: title: "a: b"'
    return ""


def odd_space(lines: Sequence[str]) -> tuple[int, int] | None:
    """Line and column, from 1, of the first space of an indent that YAML takes for a letter."""
    found = ((number, _ODD_INDENT.match(line)) for number, line in enumerate(lines, 1))
    return next(((number, match.start(1) + 1) for number, match in found if match), None)
