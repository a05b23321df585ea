"""Distances are whole words between; no two operands share a character."""

from collections.abc import Callable, Sequence
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from processors.model import FieldName, Level
from processors.topics.evaluate.hits import (
    Found,
    Hit,
    all_near,
    apart,
    distinct,
    hit,
    join,
    near,
    not_near,
    words_between,
)
from processors.topics.evaluate.scopes import within


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
    kept = not_near([place(0), place(50)], [[place(2)]], 3)

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


def test_pairs_that_interlock_are_one_place() -> None:
    around, inside, after = join(place(0), place(9)), join(place(3), place(6)), join(place(10), place(12))

    assert distinct([around, inside, after]) == [inside, after]


def test_near_and_notnear_of_many_look_at_few() -> None:
    left = [place(number) for number in range(0, 40_000, 2)]
    right = [place(number) for number in range(1, 40_000, 2)]

    assert len(near(left, right, 999_999, ordered=False)) == 1000
    assert not_near(left, [right], 999_999) == []


def test_what_stands_between_two_that_were_joined_belongs_to_neither() -> None:
    pair = join(place(0), place(4))

    assert apart(pair, place(2))
    assert not apart(pair, place(4))
    assert near([pair], [place(2)], 0, ordered=False)


def test_each_of_one_side_must_be_near_each_of_the_other() -> None:
    assert all_near([[place(5)]], [[place(3)], [place(8)]], 2, ordered=False)
    assert not all_near([[place(5)]], [[place(3)], [place(12)]], 2, ordered=False)
    assert not all_near([[place(5)], [place(9)]], [[place(3)]], 2, ordered=False)
    assert not all_near([[place(5)]], [[place(3)], [place(8)]], 2, ordered=True)


PLACES = st.builds(
    lambda first, more, field: place(first, first + more, field),
    st.integers(0, 14),
    st.integers(0, 2),
    st.sampled_from(["title", "body"]),
)
ROWS = st.lists(PLACES, max_size=5)


def key(place: Hit) -> tuple[str, list[tuple[int, int]]]:
    return place.field, sorted((found.start, found.end) for _, found in place.parts)


def every_choice(rows: Sequence[Sequence[Hit]], fit: Callable[[tuple[Hit, ...]], bool]) -> list[str]:
    """By trying all: one of each row, in one field, no two sharing a character."""
    chosen = [
        each
        for each in product(*rows)
        if len({one.field for one in each}) == 1
        and all(apart(a, b) for at, a in enumerate(each) for b in each[at + 1 :])
        and fit(each)
    ]
    return sorted({str(key(join(*each))) for each in chosen})


@given(st.lists(ROWS, min_size=1, max_size=2), st.lists(ROWS, min_size=1, max_size=2), st.integers(0, 6), st.booleans())
def test_all_that_are_near_are_found(
    lefts: list[list[Hit]], rights: list[list[Hit]], distance: int, ordered: bool
) -> None:
    def fit(each: tuple[Hit, ...]) -> bool:
        pairs = product(each[: len(lefts)], each[len(lefts) :])
        return all(words_between(a, b) <= distance and (not ordered or a.end <= b.start) for a, b in pairs)

    found = all_near(lefts, rights, distance, ordered=ordered)

    assert sorted({str(key(each)) for each in found}) == every_choice([*lefts, *rights], fit)


@given(st.lists(ROWS, min_size=2, max_size=3), st.one_of(st.none(), st.integers(0, 6)))
def test_all_that_are_together_are_found(rows: list[list[Hit]], most_between: int | None) -> None:
    def sentence(each: Hit) -> int:
        return each.first_word // 8

    def fit(each: tuple[Hit, ...]) -> bool:
        in_order = sorted(each, key=lambda one: one.first_word)
        close = most_between is None or all(words_between(a, b) <= most_between for a, b in pairwise(in_order))
        return close and len({sentence(one) for one in each}) == 1

    found = within(rows, sentence, most_between)

    assert sorted({str(key(each)) for each in found}) == every_choice(rows, fit)


def test_many_that_are_nowhere_close_enough_are_given_up_in_bounded_time() -> None:
    rows = [[place(number * 200 + row * 45) for number in range(1_000)] for row in range(4)]

    assert within(rows, lambda _: 0, 40) == []
    assert all_near(rows[:2], rows[2:], 5, ordered=False) == []
