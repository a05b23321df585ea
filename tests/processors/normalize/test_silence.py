"""The table of lines that give no evidence."""

import tomllib
from pathlib import Path

import pytest

from processors.matchers.index import compile_patterns
from processors.model import FieldName, Pattern
from processors.normalize.text import read_text

TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "silent_lines.toml").read_text("utf-8"))
ROWS = [pytest.param(*row, id=row[0]) for group in TABLE["group"] for row in group["rows"]]


@pytest.mark.parametrize(("body", "silent"), ROWS)
def test_lines_that_say_nothing_of_the_article_itself_are_silent(body: str, silent: str) -> None:
    text = read_text(body)

    assert [text.plain[start:end].strip() for start, end in text.silent] == (silent.split("‖") if silent else [])


@pytest.mark.parametrize(("field", "found"), [("body", 1), ("title", 2)])
def test_only_a_body_has_silent_parts(field: FieldName, found: int) -> None:
    index = compile_patterns([Pattern("سوريا")])

    mentions = index.find(read_text("سوريا هنا\nشاهد: سوريا هناك"), field)

    assert len(mentions) == found
