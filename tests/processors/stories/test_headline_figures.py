"""The numbers of headlines: rows of ``tests/cases/headline_figures.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.model import Article
from processors.stories.headline_figures import MAX_FIGURES, figures_of, value_of
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length

ROWS = tomllib.loads((Path(__file__).parents[2] / "cases" / "headline_figures.toml").read_text("utf-8"))["headline"]


@pytest.mark.parametrize("row", ROWS, ids=[row["title"] for row in ROWS])
def test_a_headline_has_its_figures_however_they_are_written(row: dict[str, Any]) -> None:
    article = Article(id="a", title=row["title"], lang=row.get("lang", ""))

    assert list(figures_of(article)) == row["figures"]


def test_figures_are_compared_by_value() -> None:
    written = ["15 قتيلاً", "خمسة عشر قتيلا", "١٥ شخصاً", "15"]

    assert {
        value_of(figure) for title in written for figure in figures_of(Article(id="a", title=title, lang="ar"))
    } == {"15"}


@pytest.mark.parametrize("text", ["1 ", "خمسة ", "1", "1.1", "و1", "12 345 "])
def test_a_headline_of_numbers_costs_little_and_keeps_few(text: str) -> None:
    part, whole = (Article(id="a", title=text * 60_000 * times) for times in (1, TIMES_AS_LONG))

    assert len(figures_of(whole)) <= MAX_FIGURES
    assert grows_no_faster_than_its_length(figures_of, part, whole)
