import pytest

from alerts.rate import Rate, parse_rate


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("10/s", Rate(10, 1_000)),
        ("600/min", Rate(600, 60_000)),
        (" 1 / h ", Rate(1, 3_600_000)),
        ("10000/s", Rate(10_000, 1_000)),
    ],
)
def test_a_rate_is_a_number_in_a_span_of_time(written: str, rate: Rate) -> None:
    assert parse_rate(written) == rate
    assert parse_rate(str(rate)) == rate


@pytest.mark.parametrize("written", ["0/s", "10", "10/day", "-1/s", "1.5/s", "٣/s", "10/s/s", "", 10, None, "1" * 5000])
def test_what_is_no_rate_is_told_how_to_write_one(written: object) -> None:
    with pytest.raises(ValueError, match="like 10/s or 600/min"):
        parse_rate(written)


def test_a_rate_that_is_none_is_told_to_be_left_out() -> None:
    with pytest.raises(ValueError, match="more than 10000"):
        parse_rate("10001/s")
