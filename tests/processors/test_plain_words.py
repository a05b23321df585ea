"""A value that is wrong is told of in our words, with its limit."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from processors.errors import InvalidInput
from processors.yaml_document import load_yaml, validate


class Written(BaseModel):
    """One key of each kind that has a limit."""

    model_config = ConfigDict(extra="forbid")

    whole: Annotated[int, Field(ge=1, le=30)] = 1
    part: Annotated[float, Field(gt=0, lt=1)] = 0.5
    some: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("a",)
    text: Annotated[str, Field(min_length=2, max_length=3)] = "ab"
    name: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "a"
    file: Path = Path("a")
    by: Literal["topic", "receiver"] = "topic"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("whole: ten", "t.yaml:1:8: whole: expected a whole number, like 10"),
        ("whole: 1.5", "whole: expected a whole number, like 10"),
        ("whole: 0", "whole: expected 1 or more"),
        ("whole: 31", "whole: expected 30 or less"),
        ("part: half", "part: expected a number"),
        ("part: 0", "part: expected more than 0.0"),
        ("part: 1", "part: expected less than 1.0"),
        ("some: []", "some: too few: expected 1 or more"),
        ("some: [a, b, c]", "some: too many: expected 2 or fewer"),
        ("text: a", "text: too short: expected 2 or more characters"),
        ("text: abcd", "text: too long: expected 3 or fewer characters"),
        ("name: a b", "name: expected letters, digits, `.`, `_` and `-` only, without spaces"),
        ("file: []", "file: expected the path of a file: put it into quotes"),
        ("by: story", "by: expected 'topic' or 'receiver'"),
    ],
)
def test_a_limit_is_told_in_plain_words(line: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        validate(load_yaml("t.yaml", f"{line}\n"), Written)

    said = [str(problem) for problem in refused.value.problems]
    assert len(said) == 1
    assert said[0].endswith(says)
