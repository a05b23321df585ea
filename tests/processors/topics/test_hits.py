"""Distances are whole words between; no two operands share a character."""

from processors.model import FieldName, Level
from processors.topics.hits import Found, Hit, distinct, hit, near, not_near, within


def place(first: int, last: int | None = None, field: FieldName = "body", label: str = "x") -> Hit:
    """A mention of the words ``first`` to ``last``, each word ten characters long."""
    last = first if last is None else last
    return hit(label, Found(field, first * 10, last * 10 + 9, first, last, Level.FOLDED))


def test_near_counts_the_words_between() -> None:
    assert near([place(0)], [place(3)], 2, ordered=False)
    assert not near([place(0)], [place(3)], 1, ordered=False)
    assert near([place(0, 1)], [place(2)], 0, ordered=False)


def test_order_matters_only_to_onear() -> None:
    assert near([place(5)], [place(3)], 2, ordered=False)
    assert not near([place(5)], [place(3)], 2, ordered=True)


def test_near_never_crosses_fields() -> None:
    assert not near([place(0, field="title")], [place(0)], 9, ordered=False)


def test_one_mention_is_not_near_itself() -> None:
    assert not near([place(1, 2)], [place(2, 3)], 5, ordered=False)
    assert not near([place(1)], [place(1)], 5, ordered=False)


def test_not_near_keeps_those_that_stand_alone() -> None:
    kept = not_near([place(0), place(50)], [place(2)], 3)

    assert [each.first_word for each in kept] == [50]


def test_within_wants_a_different_mention_for_each() -> None:
    sentence_of = lambda each: each.first_word // 10  # noqa: E731 - a rule of one line

    assert within([[place(1)], [place(9)]], sentence_of, None)
    assert not within([[place(1)], [place(11)]], sentence_of, None)
    assert not within([[place(1)], [place(1)]], sentence_of, None)
    assert within([[place(1)], [place(1), place(3)], [place(5)]], sentence_of, None)


def test_a_sentence_may_be_too_long() -> None:
    assert within([[place(0)], [place(41)]], lambda _: 0, 40)
    assert not within([[place(0)], [place(42)]], lambda _: 0, 40)


def test_a_thousand_mentions_of_two_names_are_compared_in_bounded_time() -> None:
    row = [place(number) for number in range(0, 20_000, 2)]

    assert len(within([row, row, row], lambda _: 0, 40)) == 1000
    assert len(near(row, row, 30, ordered=False)) == 1000


def test_distinct_places_share_no_character() -> None:
    chosen = distinct([place(0, 3), place(1), place(2), place(9), place(0, field="title")])

    assert [(each.field, each.first_word) for each in chosen] == [("title", 0), ("body", 1), ("body", 2), ("body", 9)]


def test_near_and_notnear_of_many_look_at_few() -> None:
    left = [place(number) for number in range(0, 40_000, 2)]
    right = [place(number) for number in range(1, 40_000, 2)]

    assert len(near(left, right, 999_999, ordered=False)) == 1000
    assert not_near(left, right, 999_999) == []
