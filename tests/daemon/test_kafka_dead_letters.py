"""What a dead letter in Kafka says."""

import pytest

from daemon.dead_letters import Rejected
from daemon.kafka_dead_letters import KEPT_BYTES, MOST_BYTES, _message
from daemon.source import Record

WHY = [("rasid-reason", b"oversize"), ("rasid-detail", b"too long"), ("rasid-origin", b"news/0/7")]


def message(value: bytes | None, key: bytes | None = None, headers: list[tuple[str, bytes]] | None = None) -> object:
    record = Record(7, value, origin="news/0/7", key=key, headers=headers or [])
    return _message(Rejected(record, "oversize", "too long"))


def test_a_record_is_kept_as_it_came_with_the_reason() -> None:
    kept = message(b"x" * 1000, b"key", [("trace", b"1")])

    assert kept == {"value": b"x" * 1000, "key": b"key", "headers": [("trace", b"1"), *WHY]}


@pytest.mark.parametrize(
    ("value", "key", "headers"),
    [
        (b"v" * MOST_BYTES, b"kk", []),
        (b"vv", b"k" * MOST_BYTES, [("trace", b"1")]),
        (b"vv", b"kk", [("h" * 1000, b"h" * MOST_BYTES)]),
    ],
)
def test_of_one_that_no_topic_would_take_the_beginning_is_kept(
    value: bytes, key: bytes, headers: list[tuple[str, bytes]]
) -> None:
    assert message(value, key, headers) == {"value": value[:KEPT_BYTES], "key": key[:KEPT_BYTES], "headers": WHY}
