"""What cannot be read of a Kafka batch is told, and reading goes on behind it."""

from itertools import pairwise

import pytest
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from daemon.kafka.decompress import Codec
from daemon.kafka.record_batch import MAX_BLOCK, Batch, read_batch
from daemon.sources.decode import MAX_BYTES
from tests.daemon.batches import COMPRESS, END, HEADER, batch, batch_of, flipped, read, record, sealed, shown


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD])
def test_a_block_that_does_not_decompress_is_one_flaw(codec: Codec) -> None:
    block = COMPRESS[codec](record(0, b"a" * 100) + record(1, b"b" * 100))

    found = read(batch(block[:-5], 2, codec=codec, base=7), position=7)

    assert shown(found.records) == [(7, "compression")]
    assert (found.records[0].origin, found.records[0].value, found.next_offset) == ("news/3/7-8", None, 9)


def test_an_unknown_codec_is_told() -> None:
    (only,) = read(batch(b"?", 1, codec=5)).records

    assert only.flaw is not None
    assert (only.flaw.reason, only.flaw.detail) == ("compression", "codec 5 is unknown")


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD])
def test_a_block_over_the_cap_is_one_flaw_and_one_just_below_is_read(codec: Codec) -> None:
    def bomb(size: int) -> bytes:
        return batch(COMPRESS[codec](record(0, bytes(size))), 1, codec=codec)

    assert shown(read(bomb(MAX_BLOCK)).records) == [(0, "too_large")]
    below = read(bomb(MAX_BLOCK - 100)).records[0]
    assert (below.flaw, below.value) == (None, bytes(MAX_BYTES + 1))


def test_of_a_flaw_only_what_comes_from_the_position_on_is_named() -> None:
    found = read(batch(b"?", 10, codec=Codec.ZSTD, base=20), position=25)

    assert (shown(found.records), found.records[0].origin) == ([(25, "compression")], "news/3/25-29")


def test_a_bad_checksum_is_one_flaw_and_reading_goes_on_behind_the_batch() -> None:
    data = flipped(batch_of([b"one", b"two"], base=10), 8 * (HEADER.size + 5))

    found = read(data, position=10)

    assert (shown(found.records), found.records[0].origin, found.next_offset) == ([(10, "corrupt")], "news/3/10-11", 12)


@pytest.mark.parametrize("last_delta", [0, 5, 1 << 30, -7])
def test_a_last_offset_that_may_be_corrupt_skips_nothing(last_delta: int) -> None:
    good = bytearray(batch_of([b"one", b"two"], base=10))
    good[23:27] = last_delta.to_bytes(4, "big", signed=True)

    found = read(bytes(good), position=10)

    assert (shown(found.records), found.next_offset) == ([(10, "corrupt")], 11)


def test_the_end_of_a_corrupt_batch_is_believed_where_the_next_one_begins_there() -> None:
    compacted = batch(record(1, b"b"), 1, base=10, last_delta=9)
    data = flipped(compacted, 8 * (HEADER.size + 2)) + batch_of([b"next"], base=20)

    assert read(data, position=10).next_offset == 20


@pytest.mark.parametrize("counted", [-1, 0, 13, 1 << 30])
def test_where_the_length_of_the_batch_is_wrong_one_offset_is_passed_over(counted: int) -> None:
    data = bytearray(batch_of([b"one", b"two"], base=10))
    data[8:12] = counted.to_bytes(4, "big", signed=True)

    found = read(bytes(data), position=10)

    assert (shown(found.records), found.next_offset) == ([(10, "malformed")], 11)


@pytest.mark.parametrize("magic", [0, 1, 3, 127])
def test_other_message_formats_are_told(magic: int) -> None:
    (only,) = read(batch(b"?" * 20, 1, magic=magic)).records

    assert only.flaw is not None
    assert (only.flaw.reason, f"message format {magic}" in only.flaw.detail) == ("malformed", True)


def test_a_compressed_set_of_old_messages_is_passed_over_up_to_its_last_offset() -> None:
    found = read(batch(b"?" * 20, 1, magic=1, base=19), position=15)

    assert (found.records[0].origin, found.next_offset) == ("news/3/15-19", 20)


def test_a_number_of_records_that_cannot_be_is_told() -> None:
    found = read(batch(record(0, b"a"), -1, last_delta=0))

    assert (shown(found.records), found.next_offset) == ([(0, "malformed")], 1)


small = st.integers(0, 40)


@given(st.binary(max_size=200), small, small)
def test_any_bytes_are_read_or_told(data: bytes, position: int, end: int) -> None:
    check(read_batch(data, position, partition="t/0", end=end, checksum=calc_crc32c), position)


@given(st.binary(max_size=300), st.integers(0, 7), st.integers(-3, 9), st.integers(-3, 40), small)
def test_any_block_under_a_right_checksum_is_read_or_told(
    block: bytes, codec: int, records: int, last_delta: int, position: int
) -> None:
    data = batch(block, records, codec=codec, last_delta=last_delta, base=3)

    check(read_batch(data, position, partition="t/0", end=END, checksum=calc_crc32c), position)


@given(st.sampled_from(list(Codec)), st.integers(0), st.booleans(), small)
def test_one_bit_anywhere_costs_no_more_than_a_flaw(codec: Codec, bit: int, resealed: bool, position: int) -> None:
    good = batch_of([b"one", None, b"three" * 9, b"4"], codec=codec, base=3)
    bad = flipped(good, bit % (8 * len(good)))

    check(
        read_batch(sealed(bad) if resealed else bad, position, partition="t/0", end=END, checksum=calc_crc32c), position
    )


def check(found: Batch | None, position: int) -> None:
    """Offsets grow, from the position on, and reading goes on."""
    if found is not None:
        offsets = [each.offset for each in found.records]
        assert all(a < b for a, b in pairwise([position - 1, *offsets, found.next_offset]))
        assert all(each.value is None or each.origin.endswith(f"/{each.offset}") for each in found.records)
