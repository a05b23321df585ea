"""Addresses of one page become one, by table; everything else stays apart."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.normalize.url import MAX_LENGTH, canonical_url, names_a_page

TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "story_urls.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", TABLE["same"], ids=lambda row: row["name"])
def test_addresses_of_one_page_become_one(row: dict[str, str]) -> None:
    assert canonical_url(row["url"]) == row["canonical"]


@pytest.mark.parametrize("row", TABLE["apart"], ids=lambda row: row["name"])
def test_what_no_rule_names_stays_apart(row: dict[str, str]) -> None:
    assert canonical_url(row["one"]) != canonical_url(row["other"])


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "  ",
        "http://",
        "https://[",
        "https://[::1",
        "http://\x00",
        "javascript:alert(1)",
        "https://\ud800/",
        "\ud800",
    ],
)
def test_a_hostile_string_comes_back_as_a_string(hostile: str) -> None:
    assert isinstance(canonical_url(hostile), str)


def test_what_is_no_web_address_comes_back_stripped() -> None:
    assert canonical_url("  urn:news:77 \n") == "urn:news:77"


def test_an_address_too_long_to_be_one_is_kept() -> None:
    long = "https://news.example/" + "a" * MAX_LENGTH

    assert canonical_url(long) == long


@given(st.text() | st.text(alphabet="htps:/.%aA0?&=#@[]مص.~utm_ampwww").map("https://".__add__))
@example("https://example.org/%25D8%2585")
@example("https://www.www.m.example.org/amp/amp/amp")
@example("https://cdn.ampproject.org/c/s/x.cdn.ampproject.org/c/s/a.b/")
def test_a_canonical_address_is_its_own(text: str) -> None:
    once = canonical_url(text)

    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/", False),
        ("https://news.example/a", True),
        ("https://news.example/?p=7", True),
        ("urn:news:77", False),
        ("", False),
    ],
)
def test_a_front_page_names_no_article(url: str, expected: bool) -> None:
    assert names_a_page(url) is expected
