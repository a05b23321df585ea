"""Where a character of a YAML value stands in its file: folding, quotes and escapes moved it."""

import re
from typing import NamedTuple

_ESCAPE = re.compile(r"\\(?:x..|u....|U........|.)", re.DOTALL)
_BLANK = re.compile(r"\s*")


class Written(NamedTuple):
    """A value as it stands in its file, from its first sign (a quote, ``>`` or a letter) on."""

    line: int  # from 1
    column: int
    style: str  # ``"``, ``'``, ``>`` or nothing
    source: str


def place_in(written: Written, text: str, offset: int) -> tuple[int, int]:
    """Line and column of ``text[offset]``, where ``text`` is what the value reads as."""
    before = written.source[: _position(written, text, offset)]
    lines = before.count("\n")
    return written.line + lines, (written.column + len(before) if not lines else len(before) - before.rfind("\n"))


def _position(written: Written, text: str, offset: int) -> int:
    """Folding changes white space only: runs of it are taken together, everything else one by one."""
    source, style = written.source, written.style
    at = _start(source, style)
    read = 0
    while at < len(source):
        if style == '"' and source.startswith("\\\n", at):  # a line that goes on: nothing is read
            at = _after_blank(source, at + 1)
        elif read >= offset:
            break
        elif style == '"' and (escape := _ESCAPE.match(source, at)):
            read, at = read + 1, escape.end()
        elif source[at].isspace():
            read, at = _after_blank(text, read), _after_blank(source, at)
        else:
            read, at = read + 1, at + (2 if style == "'" and source.startswith("''", at) else 1)
    if offset < len(text) and not text[offset].isspace():
        at = _after_blank(source, at)
    return min(at, len(source))


def _start(source: str, style: str) -> int:
    if style == ">":
        return source.find("\n") + 1
    return 1 if style in ("'", '"') else 0


def _after_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
