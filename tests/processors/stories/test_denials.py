"""What headlines deny and take back, and who denies it: rows of ``tests/cases/denials.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.model import Article
from processors.stories.denials import Wording, denies_officially, wording_of
from processors.stories.known_names import KnownNames
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length

ROWS = tomllib.loads((Path(__file__).parents[2] / "cases" / "denials.toml").read_text("utf-8"))["headline"]
SPEAKERS = KnownNames(
    (name, name) for name in ("إيران", "مصر", "القاهرة", "دمشق", "سوريا", "Iran", "İran", "Syria", "Paris")
)


@pytest.mark.parametrize("row", ROWS, ids=[row["title"] for row in ROWS])
def test_a_headline_says_what_it_denies_and_takes_back(row: dict[str, Any]) -> None:
    article = Article(id="a", title=row["title"], body=row.get("body", ""), lang=row.get("lang", ""))
    found = wording_of(article)
    found |= Wording.OFFICIAL if denies_officially(article, SPEAKERS) else Wording.NONE

    assert " ".join(str(each.name).lower() for each in Wording if each in found) == row["says"]


def test_numbers_of_wordings_stand_in_rows_and_do_not_change() -> None:
    assert [each.value for each in Wording] == [1, 2, 4, 8]


@pytest.mark.parametrize("text", ["ينفي ", "denies ", "ministry denies ", "وزير سابق ينفي ", "تصحيح: ", "a" * 9, ":"])
def test_a_text_of_one_word_repeated_costs_little(text: str) -> None:
    def looked_at(times: int) -> None:
        article = Article(id="a", title=text * times, body=(text * 9 + "\n") * times)
        wording_of(article)
        denies_officially(article, SPEAKERS)

    assert grows_no_faster_than_its_length(looked_at, 20_000, 20_000 * TIMES_AS_LONG)
