"""The tables of surface forms and of confusables, as rows: what is watched, how it is written, what must be found.

``tests/cases/surface_forms_generated.tsv`` is made by rule, ``tests/cases/confusables.toml`` was written by hand.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processors.model import Level, Pattern

CASES = Path(__file__).parent.parent / "tests" / "cases"
GENERATED = CASES / "surface_forms_generated.tsv"
CONFUSABLES = CASES / "confusables.toml"

KINDS: dict[str, dict[str, Any]] = {
    "name": {},
    "short": {},
    "article": {"definite": True},
    "common": {"takes_article": True, "takes_suffixes": True},
    "verb": {"takes_sa": True, "takes_suffixes": True},
    "demonym": {"takes_article": True, "level": Level.INFLECTED, "label": Level.INFLECTED},
    "number": {"takes_article": True, "takes_suffixes": True},
    "en": {"lang": "en"},
    "fr": {"lang": "fr"},
    "tr": {"lang": "tr"},
    "exact case": {"lang": "en", "case_exact": True},
}
"""What a word of each kind may carry, in the terms of ``Pattern``."""

NONE = "none"
"""The level of what must not be found."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text, and what must be found in it."""

    kind: str
    word: str
    group: str
    text: str
    level: str  # ``none``: nothing
    shown: str  # what is highlighted, empty where nothing is found
    not_words: frozenset[str] = frozenset()  # listed as other words

    @property
    def wanted(self) -> bool:
        """Whether the word is in the text."""
        return self.level != NONE

    @property
    def pattern(self) -> Pattern:
        """How a word of this kind is watched."""
        return Pattern(self.word, **KINDS[self.kind], not_words=self.not_words)


def generated() -> list[Row]:
    """Every row of the table made by rule."""
    lines = GENERATED.read_text(encoding="utf-8").splitlines()
    told = [[_unescaped(field) for field in line.split("\t")] for line in lines if line and not line.startswith("#")]
    return [Row(kind, word, group, text, level, shown) for kind, word, group, text, level, shown in told]


def confusables() -> Iterator[Row]:
    """Every word that only looks like a form of another one."""
    for group in tomllib.loads(CONFUSABLES.read_text(encoding="utf-8"))["group"]:
        for text, _ in group["rows"]:
            listed = frozenset(group.get("not_words", ()))
            yield Row(group["kind"], group["word"], "confusables", text, NONE, "", listed)


def escaped(text: str) -> str:
    """``text`` with everything that cannot be seen written out."""
    return "".join(
        character if character == " " or character.isprintable() else f"\\u{ord(character):04x}" for character in text
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
