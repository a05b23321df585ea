"""What a commit says beside its offset, and where a partition without one begins."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.kafka.kafka_commits import MOST_BYTES, FirstMeeting, begin_of, earliest_meeting, metadata_of, read_commit
from daemon.sources.source import Committed

offsets = st.integers(0, 2**62)


@given(offsets, offsets, st.text("abcdef0123456789", max_size=32), st.integers(1, 2**45), st.integers(1, 10**4))
def test_a_commit_reads_back_as_it_was_written(
    checkpoint: int, low: int, incarnation: str, since: int, partitions: int
) -> None:
    committed = Committed(max(checkpoint, low), min(checkpoint, low), incarnation)
    first = FirstMeeting(since, partitions)
    metadata = metadata_of(committed, first)

    assert read_commit(committed.checkpoint, metadata) == (committed, first)
    assert len(metadata.encode()) < MOST_BYTES


@pytest.mark.parametrize("metadata", ["", "null", "[1]", "set by hand", '{"low": "x"}', '{"low": 1e99}', "{" * 5000])
def test_a_commit_of_somebody_else_counts_as_nothing_unfinished(metadata: str) -> None:
    assert read_commit(7, metadata) == (Committed(7, 7, ""), None)


def test_low_is_never_beyond_the_checkpoint() -> None:
    assert read_commit(5, '{"low": 9, "incarnation": "i"}')[0] == Committed(5, 5, "i")


SINCE = 1_800_000_000_000
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("partition", "first", "start", "begins"),
    [
        (0, None, "latest", "latest"),
        (0, None, "earliest", "earliest"),
        (0, None, MOMENT, 1_793_491_200_000),
        # It was there when the topic was first met, and nobody came to read it until now.
        (1, FirstMeeting(SINCE, 2), "latest", SINCE - 60_000),
        (1, FirstMeeting(SINCE, 2), "earliest", "earliest"),
        (1, FirstMeeting(SINCE, 2), MOMENT, 1_793_491_200_000),
        # It came later: whatever was configured, all of it is new.
        (2, FirstMeeting(SINCE, 2), "latest", "earliest"),
        (2, FirstMeeting(SINCE, 2), MOMENT, "earliest"),
    ],
)
def test_where_a_partition_without_a_commit_begins(
    partition: int, first: FirstMeeting | None, start: str | datetime, begins: str | int
) -> None:
    assert begin_of(partition, first, start) == begins


def test_of_several_first_meetings_the_first_counts() -> None:
    assert earliest_meeting([None, FirstMeeting(5, 2), FirstMeeting(3, 1)]) == FirstMeeting(3, 1)
    assert earliest_meeting([None]) is None
