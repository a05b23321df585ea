"""Tables of rarities: what ships, what a key's bucket says, and how days that are over change it."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.stories.day_table import FADES, PRIOR, DayTables, table_of
from processors.stories.rarity import BUCKETS, SHIPPED, UNSEEN, Rarity, bucket_of, shipped, step_of
from processors.stories.word_forms import checksum

EMPTY = Rarity(SHIPPED, bytes(BUCKETS))
DAYS = st.lists(st.tuples(st.integers(1, 9), st.sets(st.integers(0, 40), max_size=6)), max_size=30)


def test_the_table_that_ships_knows_frequent_words_from_rare_ones() -> None:
    table = shipped()

    assert table.number == SHIPPED
    assert table.of(checksum("رءيس")) < 3 < table.of(checksum("اسطرلاب"))
    assert table.of(checksum("presid")) < 4.5 < UNSEEN == table.of(checksum("zzyzx"))


def test_a_table_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="262144"):
        Rarity(7, b"")


def test_a_day_is_used_from_the_next_day_on() -> None:
    tables, bucket = DayTables(EMPTY), bucket_of("هرمز")

    for _ in range(PRIOR):
        assert tables.on(100).of(checksum("هرمز")) == UNSEEN
        tables.count({bucket})
    tomorrow = tables.on(101)

    assert tomorrow.number == 101
    assert tomorrow.of(checksum("هرمز")) == pytest.approx(math.log(2), abs=0.05)
    assert tables.on(100) is tomorrow, "a late report is weighed as today's"


def test_what_was_frequent_fades_and_is_forgotten() -> None:
    tables, bucket = DayTables(EMPTY), bucket_of("هرمز")
    tables.on(100)
    for _ in range(PRIOR):
        tables.count({bucket})
    seen = []
    for day in range(101, 300):
        seen.append(tables.on(day).of(checksum("هرمز")))
        tables.count(())

    assert seen == sorted(seen)
    assert seen[-1] == UNSEEN


def test_a_day_without_reports_changes_nothing() -> None:
    tables = DayTables(EMPTY)

    assert tables.on(100) is tables.on(101) is EMPTY


@settings(deadline=None)  # many share the machine
@given(DAYS)
def test_the_same_reports_give_the_same_tables(days: list[tuple[int, set[int]]]) -> None:
    one, other = DayTables(EMPTY), DayTables(EMPTY)

    for day, buckets in days:
        assert one.on(day) == other.on(day)
        one.count(buckets)
        other.count(sorted(buckets))


@settings(deadline=None)  # many share the machine
@given(st.dictionaries(st.integers(0, 99), st.integers(1, 500 * FADES), max_size=20))
def test_days_only_make_keys_more_frequent(counts: dict[int, int]) -> None:
    before = Rarity(SHIPPED, bytes([step_of(5.0)]) * BUCKETS)
    after = table_of(before, counts, 500 * FADES, number=9)

    assert all(new <= old for new, old in zip(after.steps[:100], before.steps[:100], strict=True))
    assert after.steps[100:] == before.steps[100:]
