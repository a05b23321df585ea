"""Reads one Kafka record batch as leniently as may be. Pure.

For batches at which a Kafka client gives up: whatever can be read is delivered, whatever cannot is a ``Record`` with a
``Flaw``, so that reading goes on behind it. The format is Kafka's "record batch", magic 2.

- What a checksum covers is believed where it is right. Where it is wrong, so may be the header, which says where the
  batch ends: believed only where two places agree, else passed over one offset at a time.
- A record that cannot be read is stepped over by its length, and its bytes are kept. Where the length is wrong, the
  rest is one flaw.
- What has no offset of its own is no record.
"""

import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from daemon.kafka.decompress import Damaged, DoesNotFit, decompress_into, room
from daemon.kafka.record_fields import KEPT_VALUE, Block, Malformed, end_of_record, read_fields, read_place
from daemon.sources.source import Flaw, Record

MAX_BLOCK = 64 * 1024 * 1024
"""Of one batch after decompression. Brokers take 1 MiB before it; ten times that is normal, a thousand times a bomb."""

MAX_RECORDS = 20_000
"""At once. For the next ones the block is decompressed again and these are stepped over, so fewer would take longer."""

MAX_HELD = 8 * 1024 * 1024
"""Of what is held at once beside the block: copies of 64 MiB would be as much again."""

RECORD_BYTES = 500
"""What a record takes beside its content."""

END_OF_TIME_MS = 253_402_300_800_000
"""The year 10000, which no date can name."""

_FRAME = struct.Struct(">qi")
_HEADER = struct.Struct(">qiibIhiqqqhii")
_MAGIC_AT = 16
_CHECKED_FROM = 21  # the checksum covers what comes after it
_LEAST_LEGACY = 14  # bytes that the length counts in the oldest format

_CODEC, _LOG_APPEND_TIME, _TRANSACTIONAL, _CONTROL = 0x07, 0x08, 0x10, 0x20


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch holds from the position asked for."""

    base: int
    last: int
    next_offset: int  # read on here; not behind the batch where it holds more than is given at once
    records: Sequence[Record]


class _Header(NamedTuple):
    base: int
    length: int
    leader_epoch: int
    magic: int
    checksum: int
    attributes: int
    last_delta: int
    first_ms: int
    max_ms: int
    producer: int
    producer_epoch: int
    sequence: int
    records: int

    @property
    def last(self) -> int:
        return self.base + self.last_delta

    def taken_back(self, aborted: Collection[tuple[int, int]]) -> bool:
        """A producer has one transaction at a time, so one that began before and is listed is the batch's own."""
        ours = self.attributes & _TRANSACTIONAL
        return bool(ours) and any(producer == self.producer and first <= self.base for producer, first in aborted)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where a batch is read from, for whom."""

    partition: str
    position: int
    end: int
    aborted: Collection[tuple[int, int]]
    most: int

    def flaw(self, first: int, last: int, reason: str, detail: str) -> Record:
        """Instead of the records from ``first`` to ``last``."""
        offsets = f"{first}-{last}" if last > first else str(first)
        return Record(first, None, origin=f"{self.partition}/{offsets}", flaw=Flaw(reason, detail))


def read_batch(
    data: bytes,
    position: int,
    *,
    partition: str,
    end: int,
    checksum: Callable[[memoryview], int],
    aborted: Collection[tuple[int, int]] = (),
    most: int = MAX_RECORDS,
) -> Batch | None:
    """The first batch in ``data`` that reaches ``position``, None if there is none. Never raises.

    ``partition`` is topic/partition, ``end`` the offset after its last record, ``checksum`` CRC-32C, ``aborted`` the
    producer and first offset of each transaction that was taken back in ``data``, as the broker lists them. Their
    records are none, nor is what a control batch holds.
    """
    view, at = memoryview(data), 0
    asked = _Asked(partition, position, end, aborted, most)
    while at < len(data):
        if (length := _length(view, at)) is None:
            return None if at else _unframed(asked, len(data))
        batch = _read_one(view[at : at + length], _base(view, at + length), asked, checksum)
        if batch is not None:
            return batch
        at += length
    return None


def time_of(milliseconds: int) -> int | None:
    """A record's time as written, None where it is none: a producer may write any number of 64 bits."""
    return milliseconds if 0 <= milliseconds < END_OF_TIME_MS else None


def _length(view: memoryview, at: int) -> int | None:
    """Of the whole batch that begins here; None where it is not whole or is none."""
    if at + _FRAME.size > len(view):
        return None
    counted: int = _FRAME.unpack_from(view, at)[1]
    length = _FRAME.size + counted
    return length if counted >= _LEAST_LEGACY and at + length <= len(view) else None


def _base(view: memoryview, at: int) -> int | None:
    """First offset of the batch that begins here, if one does."""
    return _FRAME.unpack_from(view, at)[0] if at + _FRAME.size <= len(view) else None


def _unframed(asked: _Asked, size: int) -> Batch:
    """A broker sends the first batch whole, so its length is wrong."""
    position = asked.position
    flaw = asked.flaw(position, position, "malformed", f"no whole batch in {size} bytes")
    return Batch(position, position, position + 1, [flaw])


def _read_one(
    batch: memoryview, following: int | None, asked: _Asked, checksum: Callable[[memoryview], int]
) -> Batch | None:
    """None where it ends before the position."""
    magic = batch[_MAGIC_AT]
    if magic < 2:
        last: int = _FRAME.unpack_from(batch)[0]  # of a message alone its offset, of a compressed set its last one
        return _flawed(
            asked.position, last, asked, "malformed", f"message format {magic}: 2 is the only one that is read"
        )
    if len(batch) < _HEADER.size:
        return _flawed(asked.position, asked.position, asked, "malformed", f"a batch of {len(batch)} bytes")
    header = _Header._make(_HEADER.unpack_from(batch))
    if magic > 2 or checksum(batch[_CHECKED_FROM:]) != header.checksum:
        agreed = following == header.last + 1 or header.records == header.last_delta + 1
        last = header.last if agreed else asked.position
        detail = "the checksum is wrong" if magic == 2 else f"message format {magic} is unknown"
        return _flawed(header.base, last, asked, "corrupt" if magic == 2 else "malformed", detail)
    if header.last_delta < 0 or header.records < 0:
        detail = f"{header.records} records up to offset {header.last}"
        return _flawed(header.base, asked.position, asked, "malformed", detail)
    if header.last < asked.position:
        return None
    if header.attributes & _CONTROL or header.taken_back(asked.aborted):
        return Batch(header.base, header.last, header.last + 1, ())
    return _open(batch[_HEADER.size :], header, asked)


def _flawed(base: int, last: int, asked: _Asked, reason: str, detail: str) -> Batch:
    """One record for all that cannot be read. ``last`` is believed only where such an offset can be."""
    position = asked.position
    last = last if position <= last < asked.end else position
    first = base if position < base <= last else position
    return Batch(first, last, last + 1, [asked.flaw(first, last, reason, detail)])


def _open(body: memoryview, header: _Header, asked: _Asked) -> Batch:
    codec = header.attributes & _CODEC
    if codec == 0:
        return _Walk(bytes(body), len(body), header, asked).batch()
    output = room(MAX_BLOCK)
    try:
        length = decompress_into(codec, body, output)
        return _Walk(output, length, header, asked).batch()
    except DoesNotFit as error:
        return _flawed(header.base, header.last, asked, "too_large", str(error))
    except Damaged as error:
        return _flawed(header.base, header.last, asked, "compression", str(error))
    finally:
        output.close()


@dataclass(frozen=True, slots=True)
class _Walk:
    """One way through the records of a block."""

    block: Block
    stop: int
    header: _Header
    asked: _Asked

    def batch(self) -> Batch:
        """Records from the position on, as many as may be held at once."""
        records: list[Record] = []
        held = 0
        for record, next_offset in self._each():
            records.append(record)
            held += _held(record)
            if len(records) == self.asked.most or held >= MAX_HELD:
                return Batch(self.header.base, self.header.last, next_offset, records)
        return Batch(self.header.base, self.header.last, self.header.last + 1, records)

    def _each(self) -> Iterator[tuple[Record, int]]:
        """Every record from the position on, and the offset to read on at."""
        at, last, previous = 0, self.header.last, self.header.base - 1
        for index in range(self.header.records):
            if previous >= last:
                return  # no offset is left, so nothing there is a record
            try:
                begin, at = end_of_record(self.block, at, self.stop)
            except Malformed as error:
                yield from self._rest(previous + 1, f"record {index + 1} of {self.header.records}: {error}")
                return
            previous, record = self._one(begin, at, previous)
            if record is not None:
                yield record, previous + 1
        if at < self.stop and previous < last:
            yield from self._rest(previous + 1, f"{self.stop - at} bytes after the last record")

    def _rest(self, first: int, detail: str) -> Iterator[tuple[Record, int]]:
        first, last = max(first, self.asked.position), self.header.last
        yield self.asked.flaw(first, last, "malformed", detail), last + 1

    def _one(self, begin: int, stop: int, previous: int) -> tuple[int, Record | None]:
        """The record between ``begin`` and ``stop`` and its offset; no record where that is before the position."""
        header, asked, block = self.header, self.asked, self.block
        offset = previous + 1  # unless it says another that can be
        try:
            place = read_place(block, begin, stop)
            if not previous < header.base + place.offset <= header.last:
                raise Malformed(f"offset {header.base + place.offset} after {previous}, in a batch up to {header.last}")
            offset = header.base + place.offset
            if offset < asked.position:
                return offset, None
            fields = read_fields(block, place.content, stop)
        except Malformed as error:
            if offset < asked.position:
                return offset, None
            flaw = asked.flaw(offset, offset, "malformed", str(error))
            return offset, msgspec.structs.replace(flaw, value=block[begin : min(stop, begin + KEPT_VALUE)])
        return offset, Record(
            offset=offset,
            value=fields.value,
            appended_ms=self._milliseconds(place.milliseconds),
            origin=f"{asked.partition}/{offset}",
            key=fields.key,
            headers=fields.headers,
        )

    def _milliseconds(self, after_first: int) -> int | None:
        """When it was appended."""
        header = self.header
        return time_of(header.max_ms if header.attributes & _LOG_APPEND_TIME else header.first_ms + after_first)


def _held(record: Record) -> int:
    content = len(record.value or b"") + len(record.key or b"")
    return RECORD_BYTES + content + sum(len(name) + len(value) for name, value in record.headers)
