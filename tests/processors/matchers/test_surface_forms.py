"""The table of surface forms: what is found, at which level, and what is highlighted."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Level, Pattern
from processors.normalize.text import read_text

TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "surface_forms.toml").read_text("utf-8"))


def pattern_of(fields: dict[str, Any]) -> Pattern:
    read = dict(fields)
    for name in ("level", "label"):
        if name in read:
            read[name] = Level[read[name].upper()]
    return Pattern(**{**read, "not_words": frozenset(read.get("not_words", ()))})


ROWS = [
    pytest.param(
        pattern_of(group["pattern"]), group.get("particles", True), *row, id=f"{group['pattern']['surface']}-{row[0]}"
    )
    for group in TABLE["group"]
    for row in group["rows"]
]


@pytest.mark.parametrize(("pattern", "particles", "raw", "level", "highlighted"), ROWS)
def test_a_form_is_found_at_its_level_or_not_at_all(
    pattern: Pattern, particles: bool, raw: str, level: str, highlighted: str
) -> None:
    index = compile_patterns([pattern])

    mentions = index.find(read_text(raw), "body", particles=particles)

    found = [
        (mention.level.label + (" repaired" if mention.repaired else ""), raw[mention.start : mention.end])
        for mention in mentions
    ]
    assert found == ([] if level == "none" else [(level, highlighted)])


@pytest.mark.parametrize(("pattern", "particles", "raw", "level", "highlighted"), ROWS)
def test_screening_lets_every_form_through(
    pattern: Pattern, particles: bool, raw: str, level: str, highlighted: str
) -> None:
    for index in (PatternIndex([pattern], [(0,)]), PatternIndex([pattern], [(0,)], most_needles=0)):
        assert level == "none" or index.groups_in(raw)


def test_every_row_is_of_a_known_shape() -> None:
    assert all(len(row) == 3 for group in TABLE["group"] for row in group["rows"])
    assert len(ROWS) >= 200
