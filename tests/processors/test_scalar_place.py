"""Every character of a value is found in its file, however the value is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.yaml_document import load_yaml

VALUES = [
    'match: "title:\\"x y\\" AND zzz:q"',
    "match: 'it''s AND zzz:q'",
    'match: "\\u0633\\u0648 AND zzz:q"',
    "match: >\n  سوريا AND\n  (مصر OR\n  zzz:q)\n",
    "match: >-\n\n  سوريا\n\n  AND zzz:q",
    'match: "سوريا\n    AND\n\n    zzz:q"',
    'match: "سوريا \\\n    AND zzz:q"',
    "match: سوريا\n  AND zzz:q",
    "match: |\n  سوريا\n   AND zzz:q",
    "match: |\n\n  سوريا AND\n  zzz:q",
    "match: سوريا AND zzz:q",
    '- {match: "a\\tb zzz:q"}',
]


@pytest.mark.parametrize("source", VALUES)
def test_a_problem_points_at_its_character(source: str) -> None:
    document = load_yaml("t.yaml", source)
    path = (0, "match") if source.startswith("-") else ("match",)
    text = document.data[0]["match"] if source.startswith("-") else document.data["match"]

    problem = document.problem_in_text(path, text, text.index("zzz"), "x")

    assert source.split("\n")[problem.line - 1][problem.column - 1 :].startswith("zzz")


@given(
    st.sampled_from(["|", ">", '"', "'", ""]),
    st.lists(st.sampled_from(["سوريا", "b", "it's", "x\\y", "(", "«", "e\u0301"]), min_size=1, max_size=8),
    st.lists(st.sampled_from([" ", "\n    ", "\n\n    ", "  "]), min_size=8, max_size=8),
)
def test_letters_are_found_in_any_style(style: str, words: list[str], between: list[str]) -> None:
    value = "".join(word + gap for word, gap in zip(words, between, strict=False)).strip()
    quoted = value.replace("\\", "\\\\") if style == '"' else value.replace("'", "''") if style == "'" else value
    source = f"match: {style}\n    {quoted}\n" if style in ("|", ">") else f"match: {style}{quoted}{style}\n"
    document = load_yaml("t.yaml", source)
    text = document.data["match"]

    for offset, character in enumerate(text):
        if not character.isspace():
            problem = document.problem_in_text(("match",), text, offset, "x")
            found = source.split("\n")[problem.line - 1][problem.column - 1]
            assert found == character
