"""How the query languages of other tools differ: one table each, read by one reader (``boolean``)."""

from collections.abc import Mapping
from typing import Literal, NamedTuple


class Dialect(NamedTuple):
    """What a language means by what is written alike in all of them."""

    title: str
    implied: Literal["AND", "OR"]
    """What two words side by side mean."""
    fields: Mapping[str, str]
    """Its fields → ours. ``raw`` stands for: as written."""
    unknown: Mapping[str, str]
    """Fields that articles here do not have, and what to do instead."""
    near: int | None = None
    """Words between where NEAR has no number; None where it needs one."""
    any_case_operators: bool = False
    """Whether ``and``, ``or``, ``not`` are operators too."""
    braces_keep_case: bool = False
    """Whether ``{BT}`` is a word with its case."""
    has_regex: bool = False
    weights_score: bool = True
    """Whether ``^2`` weighs; else it only sorts what is shown."""
