r"""What many trackers do, for comparison: each word of a list between two ``\b``, without case."""

import re
from collections.abc import Sequence

from evaluation.surface_table import Row
from evaluation.tokens_inside import without_markup


def word_list_found(rows: Sequence[Row]) -> Sequence[bool]:
    """Whether each word stands in its text as it is."""
    return [
        re.search(rf"\b{re.escape(row.word)}\b", without_markup(row.text), re.IGNORECASE) is not None for row in rows
    ]
