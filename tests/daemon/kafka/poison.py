"""Puts batches into a real Kafka that no producer would send, and some that no broker would take."""

import struct
import zlib
from collections.abc import Iterator, Sequence

import cramjam
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.structs import TopicPartition

from daemon.kafka.decompress import Codec
from tests.daemon.batches import HEADER, batch, batch_of, varint
from tests.kafka.broker import Broker


async def produce_raw(server: str, topic: str, batches: Sequence[bytes]) -> list[int]:
    """The bytes as they are, to partition 0; the first offset of each. Raises what the broker says."""
    client = AIOKafkaClient(bootstrap_servers=server)
    await client.bootstrap()
    try:
        await client.set_topics([topic])
        leader = client.cluster.leader_for_partition(TopicPartition(topic, 0))
        offsets = []
        for data in batches:
            answer = await client.send(leader, ProduceRequest(None, -1, 5_000, [(topic, [(0, data)])]))
            _, code, offset, *_ = answer.topics[0][1][0]
            if code:
                raise for_code(code)()
            offsets.append(offset)
        return offsets
    finally:
        await client.close()


def placeholder(data: bytes) -> bytes:
    """A good batch of as many bytes and records as ``data``."""
    records = HEADER.unpack_from(data)[12]
    for padding in range(len(data)):
        good = batch_of([bytes(padding), *[b""] * (records - 1)])
        if len(good) == len(data):
            return good
    raise AssertionError(f"no {records} records have {len(data)} bytes")


async def plant(broker: Broker, topic: str, batches: Sequence[bytes]) -> list[int]:
    """Batches that the broker would refuse: good ones are produced, and overwritten in its log, as a bad disk does."""
    offsets = await produce_raw(broker.address, topic, [placeholder(each) for each in batches])
    log = broker.folder / "data" / f"{topic}-0" / f"{0:020}.log"
    with log.open("r+b") as file:
        for offset, data in zip(offsets, batches, strict=True):
            file.seek(place_of(log.read_bytes(), offset))
            file.write(offset.to_bytes(8, "big") + data[8:])
    return offsets


def place_of(log: bytes, offset: int) -> int:
    """Where the batch begins whose first offset it is."""
    at = 0
    while int.from_bytes(log[at : at + 8], "big") != offset:
        at += 12 + int.from_bytes(log[at + 8 : at + 12], "big")
    return at


STEP = 1024 * 1024


def bomb(codec: Codec, size: int) -> bytes:
    """A batch of one record of ``size`` zeros; made in steps, or it would cost us what it shall not cost."""
    return batch(b"".join(_compressed(codec, _zeros(size))), 1, codec=codec, first_ms=-1, max_ms=-1)


def _zeros(size: int) -> Iterator[bytes]:
    begin, end = b"\0\0\0" + varint(-1) + varint(size), varint(0)
    yield varint(len(begin) + size + len(end)) + begin
    step = bytes(STEP)
    for _ in range(size // STEP):
        yield step
    yield bytes(size % STEP) + end


def _compressed(codec: Codec, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if codec is Codec.GZIP:
        deflate = zlib.compressobj(level=1, wbits=31)
        yield from map(deflate.compress, pieces)
        yield deflate.flush()
    elif codec is Codec.SNAPPY:
        yield b"\x82SNAPPY\0" + struct.pack(">ii", 1, 1)
        for piece in pieces:
            block = bytes(cramjam.snappy.compress_raw(piece))
            yield struct.pack(">i", len(block)) + block
    else:
        stream = cramjam.zstd.Compressor() if codec is Codec.ZSTD else cramjam.lz4.Compressor(block_linked=False)
        for piece in pieces:
            stream.compress(piece)
            yield bytes(stream.flush())
        yield bytes(stream.finish())
