"""Which way a text runs: as a browser decides with ``dir="auto"``, so that programs need not. Pure."""

import unicodedata


def direction(text: str) -> str:
    """``rtl`` or ``ltr``, by the first letter that runs one way (rule P2 of UAX #9); ``ltr`` where none does.

    For cleaned text (``plain_text``), which holds no isolates that the rule would pass over.
    """
    for character in text:
        runs = unicodedata.bidirectional(character)
        if runs in ("R", "AL"):
            return "rtl"
        if runs == "L":
            return "ltr"
    return "ltr"
