"""The comparison of matchers: what it counts, and that it goes on where an engine is not there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from evaluation import compare_matchers
from evaluation.compare_matchers import rasid_found, report
from evaluation.snowball_tokens import snowball_found
from evaluation.surface_table import NONE, Row, confusables, generated
from evaluation.tokens_inside import is_inside, without_markup
from evaluation.word_list import word_list_found

ROWS = [
    Row("name", "سوريا", "proclitic", "ولسوريا", "attached", "سوريا"),
    Row("name", "سوريا", "proclitic", "سوريا", "exact", "سوريا"),
    Row("name", "سوريا", "proclitic", "سسوريا", NONE, ""),
    Row("name", "سوريا", "punctuation", "<b>سوريا</b>", "exact", "سوريا"),
    Row("name", "سوريا", "confusables", "سور", NONE, ""),
]


def cells(found: Sequence[bool], group: str) -> list[str]:
    line = next(line for line in report(ROWS, {"x": found}) if line.startswith(f"| {group} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_recall_is_of_what_is_wanted_and_precision_of_what_is_found() -> None:
    assert cells([True, False, True, True, False], "proclitic") == ["proclitic", "2", "1", "50.0 / 50.0"]
    assert cells([False, False, False, True, False], "proclitic") == ["proclitic", "2", "1", "0.0 / –"]


def test_what_is_found_among_confusables_is_counted() -> None:
    assert cells([True, True, False, True, True], "confusables") == ["confusables", "0", "1", "1 found"]


def test_rasid_finds_what_the_table_says_and_a_word_list_what_stands_alone() -> None:
    assert rasid_found(ROWS) == [True, True, False, True, False]
    assert word_list_found(ROWS) == [False, True, False, True, False]


def test_tokens_are_inside_one_another_in_order_and_side_by_side() -> None:
    assert is_inside(["a", "b"], ["x", "a", "b"])
    assert not is_inside(["a", "b"], ["a", "x", "b"])
    assert not is_inside([], ["a"])


def test_a_text_is_given_without_its_markup() -> None:
    assert without_markup("<p>a&nbsp;b</p>").split() == ["a", "b"]


def test_an_engine_that_is_not_here_is_one_line_and_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare_matchers, "generated", lambda: ROWS)
    monkeypatch.setattr(compare_matchers, "confusables", lambda: _none())
    monkeypatch.setattr(compare_matchers, "ENGINES", {"Rasid": rasid_found, "Snowball": lambda _: "it is not here"})

    assert compare_matchers.main() == 0

    told = capsys.readouterr()
    assert told.err == "skipped Snowball: it is not here\n"
    assert "| forms | wanted | not wanted | Rasid |" in told.out


def test_snowball_says_what_is_missing_or_what_it_finds() -> None:
    told = snowball_found(ROWS)

    assert "make compare" in told if isinstance(told, str) else told[1]


def test_the_page_tells_as_many_forms_as_the_table_has() -> None:
    page = (Path(__file__).parents[2] / "docs" / "arabic.md").read_text(encoding="utf-8")
    rows = [*generated(), *confusables()]

    for line in report(rows, {"Rasid": rasid_found(rows)})[2:]:
        assert line in page, "run: make compare"


def _none() -> Iterator[Row]:
    yield from ()
