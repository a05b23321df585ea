"""What is kept of a text stays comparable with what was kept before: rows of ``tests/cases/fingerprints.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from processors.ids import digest
from processors.model import Article
from processors.stories.fingerprint import Fingerprint, fingerprint
from processors.stories.known_names import KnownNames

ROWS = tomllib.loads((Path(__file__).parents[2] / "cases" / "fingerprints.toml").read_text("utf-8"))["text"]
NAMES = KnownNames(
    [
        ("الأردن", "Q810"),
        ("Jordan", "Q810"),
        ("البنك المركزي", "Q1"),
        ("المملكة العربية السعودية", "Q851"),
        ("Türkiye", "Q43"),
    ]
)


def print_of(row: dict[str, Any]) -> Fingerprint:
    fields = {key: value for key, value in row.items() if key not in ("name", "words", "marks", "print")}
    return fingerprint(Article(id="a", **fields), NAMES)


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_text_has_the_fingerprint_that_it_always_had(row: dict[str, Any]) -> None:
    found = print_of(row)

    assert (found.text, sorted(found.marks)) == (row["words"], row["marks"])
    assert digest(msgspec.msgpack.encode(found).hex())[:16] == row["print"]


def test_a_fingerprint_does_not_depend_on_what_was_read_before() -> None:
    forwards = [print_of(row) for row in ROWS]
    backwards = [print_of(row) for row in reversed(ROWS)]

    assert forwards == backwards[::-1]
