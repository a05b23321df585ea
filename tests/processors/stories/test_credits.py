"""Whose report an article is: rows of ``tests/cases/credits.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.model import Article
from processors.stories.credits import origin_of, outlet_key

ROWS = tomllib.loads((Path(__file__).parents[2] / "cases" / "credits.toml").read_text("utf-8"))["article"]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_an_article_says_whose_report_it_is(row: dict[str, Any]) -> None:
    fields = {key: value for key, value in row.items() if key not in ("name", "origin")}
    assert origin_of(Article(id="a", **fields)) == row["origin"]


@pytest.mark.parametrize("name", ["صحيفة الأهرام", "جريدة الاهرام", "الأهرام", "  الأهرام "])
def test_an_outlet_is_known_by_its_name_without_what_kind_it_is(name: str) -> None:
    assert outlet_key(name) == "الاهرام"


def test_a_name_that_is_only_a_kind_is_kept() -> None:
    assert outlet_key("The Journal") == "journal"
    assert outlet_key("Website") == "website"
