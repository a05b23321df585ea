"""How rare a key is in news: the numbered table by which shared words are weighted.

A table is a byte for each of 2¹⁸ buckets of keys: minus the natural logarithm of the share of reports that hold the
key, in twentieths; of several languages the largest share counts. 0 is a key that was never counted. Table 1 ships
(``scripts/write_rarity.py`` wrote it); later ones are made of days that were read (``day_table.py``). Two keys in one
bucket are as frequent as both together: of 2¹⁸ buckets few hold a frequent key. Pure.
"""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from processors.stories.word_forms import checksum

BUCKETS = 1 << 18
"""256 KiB. About 15,000 keys are frequent enough to matter: one key in twenty is thought as frequent as one of them."""

STEPS = 20
"""Of one unit of the logarithm: a step is five per cent."""

UNSEEN = 10.0
"""Of a key that was never counted: a word of one report in twenty thousand."""

SHIPPED = 1
"""The number of the table in the package."""


RARITIES = (UNSEEN, *(step / STEPS for step in range(1, 256)))
"""By step: minus the logarithm of the share of reports that hold a key: 7 is one in a thousand."""


def bucket_of(key: str) -> int:
    """Where a key's rarity is."""
    return checksum(key) & (BUCKETS - 1)


def step_of(rarity: float) -> int:
    """A rarity as it is kept, 1–255."""
    return max(1, min(255, round(rarity * STEPS)))


@dataclass(frozen=True, slots=True)
class Rarity:
    """One table. ``number`` is kept with each text that was weighted by it."""

    number: int
    steps: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.steps) != BUCKETS:
            raise ValueError(f"a table of rarities has {BUCKETS} bytes, this one {len(self.steps)}")

    def step_of(self, checksum: int) -> int:
        """The step of the key of that checksum; 0 where it was never counted."""
        return self.steps[checksum & (BUCKETS - 1)]

    def of(self, checksum: int) -> float:
        """How rare the key of that checksum is, of ``RARITIES``."""
        return RARITIES[self.step_of(checksum)]


@cache
def shipped() -> Rarity:
    """The table in the package."""
    return Rarity(SHIPPED, files(__package__).joinpath("rarity.bin").read_bytes())
