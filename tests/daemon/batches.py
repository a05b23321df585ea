"""Kafka record batches made by hand, so that each part of them can be wrong."""

import struct
from collections.abc import Callable, Sequence

from aiokafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode
from aiokafka.record.util import calc_crc32c

from daemon.kafka.decompress import Codec
from daemon.kafka.record_batch import MAX_RECORDS, Batch, read_batch
from daemon.sources.source import Record

HEADER = struct.Struct(">qiibIhiqqqhii")
CHECKED_FROM = 21

FIRST_MS = 1_760_000_000_000

COMPRESS: dict[Codec, Callable[[bytes], bytes]] = {
    Codec.NONE: bytes,
    Codec.GZIP: gzip_encode,
    Codec.SNAPPY: snappy_encode,
    Codec.LZ4: lz4_encode,
    Codec.ZSTD: zstd_encode,
}


def varint(number: int) -> bytes:
    zigzag = (number << 1) ^ (number >> 63)
    written = bytearray()
    while zigzag > 0x7F:
        written.append(zigzag & 0x7F | 0x80)
        zigzag >>= 7
    written.append(zigzag)
    return bytes(written)


def field(content: bytes | None) -> bytes:
    return varint(-1) if content is None else varint(len(content)) + content


def record(
    delta: int,
    value: bytes | None,
    *,
    key: bytes | None = None,
    headers: Sequence[tuple[bytes, bytes | None]] = (),
    after_ms: int = 0,
    extra: bytes = b"",
) -> bytes:
    """One record with its length, ``delta`` after the batch's base; ``extra`` bytes make it malformed."""
    body = b"\0" + varint(after_ms) + varint(delta) + field(key) + field(value) + varint(len(headers))
    body += b"".join(field(name) + field(content) for name, content in headers) + extra
    return varint(len(body)) + body


def batch(
    block: bytes,
    records: int,
    *,
    codec: int = 0,
    base: int = 0,
    last_delta: int | None = None,
    attributes: int = 0,
    magic: int = 2,
    first_ms: int = FIRST_MS,
    max_ms: int = FIRST_MS,
    producer: int = -1,
) -> bytes:
    """A batch around ``block``, which is compressed already where ``codec`` says so; its checksum is right."""
    last_delta = records - 1 if last_delta is None else last_delta
    length = HEADER.size - 12 + len(block)
    fields = (base, length, -1, magic, 0, codec | attributes, last_delta, first_ms, max_ms, producer, -1, -1, records)
    return sealed(HEADER.pack(*fields) + block)


def batch_of(values: Sequence[bytes | None], *, codec: Codec = Codec.NONE, **how: int) -> bytes:
    """As a producer writes it."""
    block = b"".join(record(delta, value) for delta, value in enumerate(values))
    return batch(COMPRESS[codec](block), len(values), codec=codec, **how)


def sealed(data: bytes) -> bytes:
    """With the checksum made right."""
    checksum: int = calc_crc32c(data[CHECKED_FROM:])
    return data[:17] + struct.pack(">I", checksum) + data[CHECKED_FROM:]


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


END = 1_000_000


def read(data: bytes, position: int = 0, end: int = END, most: int = MAX_RECORDS) -> Batch:
    found = read_batch(data, position, partition="news/3", end=end, checksum=calc_crc32c, most=most)
    assert found is not None
    return found


def shown(records: Sequence[Record]) -> list[tuple[int, bytes | str | None]]:
    return [(each.offset, each.value if each.flaw is None else each.flaw.reason) for each in records]
