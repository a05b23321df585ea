"""What cannot be read costs no neighbour, and nothing is passed over unseen."""

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from daemon.kafka.decompress import Codec
from daemon.kafka.record_batch import MAX_HELD, MAX_RECORDS, read_batch
from daemon.kafka.record_fields import KEPT_KEY, MAX_HEADERS
from daemon.sources.decode import MAX_BYTES
from daemon.sources.source import Record
from tests.daemon.batches import COMPRESS, END, FIRST_MS, batch, batch_of, read, record, shown, varint


def with_one_bad(codec: Codec, bad: bytes) -> bytes:
    """Three records, of which the second is ``bad``."""
    block = record(0, b"first") + bad + record(2, b"third")
    return batch(COMPRESS[codec](block), 3, codec=codec, base=10)


@pytest.mark.parametrize("codec", list(Codec))
def test_what_aiokafka_writes_is_read_whatever_the_codec(codec: Codec) -> None:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 20,
    )
    headers = [("trace", b"1"), ("none", None)]
    for offset, value in enumerate((b"one", None, b"three")):
        builder.append(offset, timestamp=FIRST_MS + offset, key=b"k", value=value, headers=headers)

    found = read(bytes(builder.build()))

    assert (found.base, found.last, found.next_offset) == (0, 2, 3)
    assert list(found.records) == [
        Record(offset, value, FIRST_MS + offset, f"news/3/{offset}", b"k", (("trace", b"1"), ("none", b"")))
        for offset, value in enumerate((b"one", None, b"three"))
    ]


@pytest.mark.parametrize("codec", list(Codec))
def test_reading_begins_at_the_position(codec: Codec) -> None:
    found = read(batch_of([b"a", b"b", b"c"], codec=codec, base=10), position=11)

    assert shown(found.records) == [(11, b"b"), (12, b"c")]


def test_batches_before_the_position_are_passed_over() -> None:
    found = read(batch_of([b"a"], base=10) + batch_of([b"b"], base=11) + batch_of([b"c"], base=12), position=11)

    assert (shown(found.records), found.next_offset) == ([(11, b"b")], 12)


@pytest.mark.parametrize(
    ("data", "position"), [(b"", 0), (batch_of([b"a"]), 1), (batch_of([b"a"]) + batch_of([b"b"], base=1)[:-1], 1)]
)
def test_where_no_whole_batch_reaches_the_position_there_is_none(data: bytes, position: int) -> None:
    assert read_batch(data, position, partition="news/3", end=END, checksum=calc_crc32c) is None


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize(
    "bad",
    [
        record(1, b"second", extra=b"x"),
        varint(3) + b"\0\0" + varint(1),
        varint(21) + b"\0\0" + varint(1) + varint(1_000) + bytes(16),
        varint(2) + b"\0\xff",
        varint(0),
        varint(12) + b"\0" + b"\xff" * 11,
        varint(7) + b"\0\0" + varint(1) + varint(-2) + varint(-1) + varint(0) + b"\0",
        varint(6) + b"\0\0" + varint(1) + varint(-1) + varint(-1) + varint(-3),
        varint(8) + b"\0\0" + varint(1) + varint(-1) + varint(-1) + varint(1) + varint(-1) + varint(-1),
        record(7, b"an offset behind the batch"),
        record(0, b"an offset that stands already"),
        record(-5, b"an offset before the batch"),
    ],
)
def test_a_malformed_record_costs_its_neighbours_nothing(codec: Codec, bad: bytes) -> None:
    found = read(with_one_bad(codec, bad))

    assert shown(found.records) == [(10, b"first"), (11, "malformed"), (12, b"third")]
    assert (found.records[1].origin, found.next_offset) == ("news/3/11", 13)


def test_the_bytes_of_a_malformed_record_are_kept() -> None:
    bad = record(1, b"second", extra=b"x")

    assert read(with_one_bad(Codec.NONE, bad)).records[1].value == bad[1:]


@pytest.mark.parametrize("length", [1_000, -1, 1 << 40])
def test_where_a_length_is_wrong_the_rest_of_the_batch_is_one_flaw(length: int) -> None:
    found = read(with_one_bad(Codec.ZSTD, varint(length) + b"xx"))

    assert shown(found.records) == [(10, b"first"), (11, "malformed")]
    assert (found.records[1].origin, found.records[1].value, found.next_offset) == ("news/3/11-12", None, 13)


def test_fewer_records_than_the_batch_says_are_told() -> None:
    found = read(batch(record(0, b"a"), 3))

    assert shown(found.records) == [(0, b"a"), (1, "malformed")]


def test_more_records_than_the_batch_says_are_told() -> None:
    found = read(batch(record(0, b"a") + record(1, b"b"), 1, last_delta=1))

    assert shown(found.records) == [(0, b"a"), (1, "malformed")]


def test_what_has_no_offset_of_its_own_is_no_record() -> None:
    found = read(batch(record(0, b"a") + record(1, b"b"), 2, last_delta=0))

    assert (shown(found.records), found.next_offset) == ([(0, b"a")], 1)


def test_a_compacted_batch_has_gaps_and_ends_where_it_says() -> None:
    found = read(batch(record(1, b"b") + record(4, b"e"), 2, base=100, last_delta=9), position=100)

    assert (shown(found.records), found.next_offset) == ([(101, b"b"), (104, b"e")], 110)


def test_an_emptied_batch_is_passed_over() -> None:
    found = read(batch(b"", 0, base=100, last_delta=9), position=104)

    assert (list(found.records), found.next_offset) == ([], 110)


def test_a_header_name_that_is_no_utf8_is_replaced_and_the_record_is_no_flaw() -> None:
    found = read(batch(record(0, b"a", headers=[(b"h\xffr", b"1"), (b"ok", None)]), 1))

    assert found.records[0].flaw is None
    assert found.records[0].headers == (("h\N{REPLACEMENT CHARACTER}r", b"1"), ("ok", b""))


def test_control_batches_hold_no_records() -> None:
    found = read(batch(record(0, b"\0\0\0\0", key=b"\0\0\0\1"), 1, base=5, attributes=0x30), position=5)

    assert (list(found.records), found.next_offset) == ([], 6)


@pytest.mark.parametrize(
    ("attributes", "producer", "aborted", "read_or_not"),
    [
        (0x10, 7, [], True),
        (0x10, 7, [(7, 5)], False),
        (0x10, 7, [(8, 0), (7, 2)], False),
        (0x10, 7, [(7, 6)], True),  # a later one of the same producer
        (0x10, 7, [(8, 0)], True),
        (0x00, 7, [(7, 0)], True),  # beside its transactions
    ],
)
def test_what_a_transaction_took_back_is_no_record(
    attributes: int, producer: int, aborted: list[tuple[int, int]], read_or_not: bool
) -> None:
    data = batch(record(0, b"a"), 1, base=5, attributes=attributes, producer=producer)

    found = read_batch(data, 5, partition="news/3", end=END, checksum=calc_crc32c, aborted=aborted)

    assert found is not None
    assert (shown(found.records), found.next_offset) == ([(5, b"a")] if read_or_not else [], 6)


@pytest.mark.parametrize(
    ("first_ms", "after_ms", "max_ms", "attributes", "expected"),
    [
        (FIRST_MS, 5, FIRST_MS + 9, 0x00, FIRST_MS + 5),
        (FIRST_MS, 5, FIRST_MS + 9, 0x08, FIRST_MS + 9),
        (-1, 0, -1, 0x00, None),
        (FIRST_MS, 1 << 62, FIRST_MS, 0x00, None),
        (FIRST_MS, -(1 << 62), FIRST_MS, 0x00, None),
        (FIRST_MS, 0, 253_402_300_800_000, 0x08, None),
    ],
)
def test_a_time_that_cannot_be_is_none(
    first_ms: int, after_ms: int, max_ms: int, attributes: int, expected: int | None
) -> None:
    data = batch(record(0, b"a", after_ms=after_ms), 1, first_ms=first_ms, max_ms=max_ms, attributes=attributes)

    assert read(data).records[0].appended_ms == expected


def test_of_a_value_that_is_too_long_enough_is_kept_to_see_it() -> None:
    found = read(batch(record(0, bytes(3 * MAX_BYTES)) + record(1, b"b"), 2))

    assert [len(each.value or b"") for each in found.records] == [MAX_BYTES + 1, 1]


def test_a_long_key_and_a_flood_of_headers_are_cut() -> None:
    flood = [(b"", None)] * 50_000
    data = batch(record(0, b"a", key=bytes(KEPT_KEY + 9), headers=flood) + record(1, b"b"), 2)

    first, second = read(data).records

    assert (first.value, len(first.key or b""), len(first.headers)) == (b"a", KEPT_KEY, MAX_HEADERS)
    assert second.value == b"b"


def read_all(data: bytes, position: int, most: int = MAX_RECORDS) -> list[tuple[int, bytes | str | None]]:
    """As the source does: read, go on behind it, until the batch has ended."""
    everything: list[tuple[int, bytes | str | None]] = []
    while (
        found := read_batch(data, position, partition="news/3", end=END, checksum=calc_crc32c, most=most)
    ) is not None:
        assert found.next_offset > position
        assert len(found.records) <= most
        everything += shown(found.records)
        position = found.next_offset
    return everything


@pytest.mark.parametrize("most", [1, 2, 3, 500])
def test_a_batch_is_read_in_turns_and_nothing_is_left_out(most: int) -> None:
    bad, lying = record(1, b"?", extra=b"x"), varint(99)
    data = batch(record(0, b"a") + bad + record(2, b"c") + record(3, b"d") + lying, 6, base=10)

    assert read_all(data, 10, most) == [(10, b"a"), (11, "malformed"), (12, b"c"), (13, b"d"), (14, "malformed")]


def test_what_is_held_at_once_is_bounded() -> None:
    million = bytes(1 << 20)
    data = batch_of([million] * 40, codec=Codec.ZSTD)

    found = read(data)

    assert sum(len(each.value or b"") for each in found.records) <= MAX_HELD + MAX_BYTES
    assert [offset for offset, _ in read_all(data, 0)] == list(range(40))
