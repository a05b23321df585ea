"""Quotes, whatever the article holds."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.notices.quote import quotes
from processors.normalize.text import read_text
from tests.processors.normalize.texts import TEXTS

SPANS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20)).map(lambda span: (span[0], sum(span))), max_size=4)


@given(TEXTS, SPANS, st.booleans(), st.integers(1, 200))
def test_a_text_that_was_read_already_changes_no_quote(
    raw: str, spans: list[tuple[int, int]], one_sentence: bool, max_chars: int
) -> None:
    text = read_text(raw, max_chars=max_chars)

    found = quotes(raw, spans, 3, one_sentence=one_sentence, text=text)

    assert found == quotes(raw, spans, 3, one_sentence=one_sentence)


@given(TEXTS, SPANS)
def test_a_quote_is_one_line_and_its_marks_are_inside_it(raw: str, spans: list[tuple[int, int]]) -> None:
    for quote in quotes(raw, spans, 3):
        assert quote.text == " ".join(quote.text.split())
        assert all(0 <= start < end <= len(quote.text) for _, start, end in quote.highlights)
