"""A number with its noun, in English: one thing, two things. Pure."""

import re

_CONSONANT_AND_Y = re.compile("[^aeiou]y$")


def counted(number: int, noun: str) -> str:
    """``1 story``, ``2,000 stories``, ``0 matches``. ``noun`` is the singular of a regular plural."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """``stories`` of ``story``, ``days`` of ``day``, ``matches`` of ``match``, ``alerts`` of ``alert``."""
    if _CONSONANT_AND_Y.search(noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("ch", "sh", "s", "x")) else f"{noun}s"
