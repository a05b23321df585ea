"""What is told of a mistake in a value, in the place of the words of the library that found it. Pure."""

from collections.abc import Mapping
from typing import Any

LINES = "expected lines of `key: value`"
"""Where a mapping should stand."""

_LIST = "expected a list: `[a, b]`, or a line `- a` for each"
_DATE = "expected a date: 2026-01-31"
_YES_NO = "expected yes or no"
_WHOLE = "expected a whole number, like 10"
_NAME = "expected letters, digits, `.`, `_` and `-` only, without spaces"

_WORDS = {
    "string_type": "expected text: put it into quotes",
    "dict_type": LINES,
    "model_type": LINES,
    "dataclass_type": LINES,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "date_type": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_from_datetime_parsing": _DATE,
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_parsing": _YES_NO,
    "bool_type": _YES_NO,
    "path_type": "expected the path of a file: put it into quotes",
    "literal_error": "expected {expected}",
    "greater_than_equal": "expected {ge} or more",
    "greater_than": "expected more than {gt}",
    "less_than_equal": "expected {le} or less",
    "less_than": "expected less than {lt}",
    "too_short": "too few: expected {min_length} or more",
    "too_long": "too many: expected {max_length} or fewer",
    "string_too_short": "too short: expected {min_length} or more characters",
    "string_too_long": "too long: expected {max_length} or fewer characters",
}
"""The kind of a mistake → what is told of it; in braces what the library says of the limit."""


def plain_words(kind: str, limits: Mapping[str, Any]) -> str:
    """What is told of a mistake of that ``kind``; nothing where the library's own words must do."""
    if kind == "string_pattern_mismatch" and r"[\w.-]" in str(limits.get("pattern")):
        return _NAME
    return _WORDS.get(kind, "").format_map(limits)
