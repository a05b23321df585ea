"""Compile regular expressions, and find where they match in text that was read.

Looked for in ``Text.plain``: letters and case as written, without vowel marks, tatweel and what is invisible. A match
ends with its line. Time is linear in the text, and memory is bounded, whatever the expression (RE2).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from processors.topics.query.regex.literals import required_literals
from processors.topics.query.regex.rewrite import SIGNS, Signs, rewritten, signs_of, with_signs
from processors.topics.query.regex.syntax import parse_regex
from processors.topics.query.regex.tree import may_be_empty
from processors.topics.query.text import QueryError

MOST_MEMORY = 2 << 20
"""Bytes for one expression and what it remembers of the text while it is looked for."""

LARGEST = 20_000
"""Steps of RE2's programme: a dozen of ``\\w``. In the worst case each character of a text is held against each step,
which takes 0.3 s for the longest text."""

MOST_MATCHES = 1_000
"""Kept of one field, as of any word."""

MOST_BYTES_SEARCHED = 100_000_000
"""In the worst case each search goes on to the end of the text: 300 matches of the longest take half a second."""

KEPT_COMPILED = 10_000
"""Expressions: far more than all topics of a desk have."""

_LINE_BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"))


class Compiled(NamedTuple):
    """An expression ready to be looked for."""

    program: Any  # re2's
    signs: Signs
    literals: Sequence[str]


@lru_cache(KEPT_COMPILED)
def compile_regex(pattern: str, any_case: bool) -> Compiled:
    """Raises ``QueryError`` with the offset in ``pattern``."""
    # Sixteen milliseconds of start-up that only those pay who use it.
    import re2

    regexp = parse_regex(pattern, 0)
    if may_be_empty(regexp):
        raise QueryError(0, "this expression also matches nothing at all: * and ? may not cover all of it")
    signs = signs_of(regexp)
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.log_errors = False
    options.never_nl = True
    options.never_capture = True
    options.case_sensitive = not any_case
    try:
        program = re2.compile(f"(?m){rewritten(regexp, signs)}".encode(), options)
    except re2.error as error:
        told = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise QueryError(0, _refused(told)) from None
    if program.programsize > LARGEST:
        raise QueryError(0, _too_large(f" ({program.programsize:,} steps, at most {LARGEST:,})"))
    return Compiled(program, signs, required_literals(regexp, any_case=any_case))


def _refused(told: str) -> str:
    if "too large" in told or "repetition size" in told:
        return _too_large("")
    return f"RE2 does not read this expression: {told}"


def _too_large(how_large: str) -> str:
    return f"this expression is too large{how_large}: shorten what is repeated, {{1,100}} is a hundred copies"


def spans(compiled: Compiled, plain: str) -> Iterator[tuple[int, int]]:
    """Where the expression matches in ``plain``, from left to right, none twice."""
    lines = plain.translate(_LINE_BREAKS)
    encoded = with_signs(lines, compiled.signs).encode("utf-8", "replace")
    position = at = 0
    most = min(MOST_MATCHES, MOST_BYTES_SEARCHED // (len(encoded) + 1) + 1)
    for match in islice(compiled.program.finditer(encoded), most):
        start = position + _characters(encoded[at : match.start()])
        position, at = start + _characters(encoded[match.start() : match.end()]), match.end()
        if position > start:
            yield start, position


def _characters(encoded: bytes) -> int:
    return len(encoded.translate(None, SIGNS).decode())


def holds_regex(pattern: str, any_case: bool, value: str) -> bool:
    """Whether the expression matches somewhere in ``value``, which was read."""
    return next(spans(compile_regex(pattern, any_case), value), None) is not None
