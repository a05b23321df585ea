"""How much two openings have in common, as a number that means the same in every language and between them. Pure.

The cosine of weighted keys, and to a fifth the share of the poorer opening's keys. Between two languages of one script
only names and figures are compared, between scripts only their codes and entities; those scores are scaled so that one
threshold serves all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from processors.stories.evidence import Evidence, Keys
from processors.stories.guessed_language import one_script

SHARE = 0.2
"""Of the score: in headlines few keys weigh most, and how many are common says more."""

ACROSS_LANGUAGES = 1.5
"""Names alone: a report in another language leaves more of them out."""

ACROSS_SCRIPTS = 1.25
"""Codes of names: spellings of which some meet and some do not."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """How much is common: 0 nothing, 1 all. ``shared`` are the common keys' hashes, the weightiest first; ``fewest``
    is how many words the poorer opening has, 0 where only names were compared."""

    score: float
    shared: Sequence[int]
    fewest: int


def kinship(one: Evidence, other: Evidence) -> Kinship:
    """What two openings have in common. The same whichever comes first."""
    if not one.language or not other.language or one.language == other.language:
        common = _common(one.words, other.words, 1.0)
        return Kinship(*common, min(one.words.count, other.words.count))
    if one_script(one.language, other.language):
        return Kinship(*_common(one.names, other.names, ACROSS_LANGUAGES), 0)
    return Kinship(*_common(one.codes, other.codes, ACROSS_SCRIPTS), 0)


def _common(left: Keys, right: Keys, scale: float) -> tuple[float, Sequence[int]]:
    one, other = left.weighed, right.weighed
    common = one.weights.keys() & other.weights.keys()
    if not common:
        return 0.0, ()
    products = {key: one.weights[key] * other.weights[key] for key in common}
    shared = sorted(common, key=lambda key: (-products[key], key))
    share = len(shared) / min(len(one.weights), len(other.weights))
    lengths = one.length * other.length
    score = (1 - SHARE) * math.fsum(products.values()) / lengths + SHARE * share if lengths else 0.0
    return min(1.0, scale * score), shared
