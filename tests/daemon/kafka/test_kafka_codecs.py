"""aiokafka decompresses no batch to more than it may."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from aiokafka.record.legacy_records import LegacyRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from daemon.kafka import kafka_codecs
from daemon.kafka.decompress import Codec
from tests.daemon.batches import COMPRESS, batch, batch_of, record

CAP = 256 * 1024

COMPRESSED = [Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD]


@pytest.fixture(autouse=True)
def capped() -> Iterator[None]:
    """For these tests; then as it was."""
    before = [(reader, dict(vars(reader))) for reader in kafka_codecs.readers()]
    kafka_codecs.install(CAP)
    yield
    for reader, names in before:
        for name in kafka_codecs.DECODERS.keys() & names.keys():
            setattr(reader, name, names[name])


def current(data: bytes) -> list[Any]:
    """Through the reader that aiokafka's consumer uses here: the compiled one."""
    return list(MemoryRecords(data).next_batch())


def plain(data: bytes) -> list[Any]:
    """Through the reader in Python, which it uses where there is no compiled one."""
    from aiokafka.record.default_records import _DefaultRecordBatchPy

    return list(_DefaultRecordBatchPy(data))


def legacy(size: int, codec: Codec) -> bytes:
    builder = LegacyRecordBatchBuilder(magic=1, compression_type=codec, batch_size=1 << 24)
    builder.append(0, timestamp=0, key=None, value=bytes(size))
    return bytes(builder.build())


def plain_legacy(data: bytes) -> list[Any]:
    from aiokafka.record.legacy_records import _LegacyRecordBatchPy

    return list(_LegacyRecordBatchPy(bytearray(data), 1))


@pytest.mark.parametrize("read", [current, plain])
@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_batch_over_the_cap_is_refused_and_one_below_is_read(
    codec: Codec, read: Callable[[bytes], list[Any]]
) -> None:
    assert [len(each.value) for each in read(batch_of([bytes(CAP - 100)], codec=codec))] == [CAP - 100]

    with pytest.raises(kafka_codecs.BatchUnreadable, match=f"more than {CAP} bytes"):
        read(batch_of([bytes(CAP)], codec=codec))


@pytest.mark.parametrize("read", [current, plain_legacy])
@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.SNAPPY, Codec.LZ4])
def test_a_set_of_old_messages_over_the_cap_is_refused(codec: Codec, read: Callable[[bytes], list[Any]]) -> None:
    assert [len(each.value) for each in read(legacy(CAP - 100, codec))] == [CAP - 100]

    with pytest.raises(kafka_codecs.BatchUnreadable, match=f"more than {CAP} bytes"):
        read(legacy(CAP, codec))


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_block_that_does_not_decompress_is_an_error_of_kafka(codec: Codec) -> None:
    block = COMPRESS[codec](record(0, b"a" * 100))

    with pytest.raises(KafkaError):
        current(batch(block[:-5], 1, codec=codec))


def test_every_reader_is_there_and_capped() -> None:
    readers = kafka_codecs.readers()

    assert [reader.__name__ for reader in readers] == list(kafka_codecs.READERS)
    assert {name for reader in readers for name in capped_names(reader)} == set(kafka_codecs.DECODERS)


def capped_names(reader: ModuleType) -> list[str]:
    return [
        name
        for name in kafka_codecs.DECODERS
        if getattr(getattr(reader, name, None), "__module__", "") == kafka_codecs.__name__
    ]


def test_installing_again_sets_another_cap() -> None:
    kafka_codecs.install(2 * CAP)

    assert len(current(batch_of([bytes(CAP)], codec=Codec.ZSTD))[0].value) == CAP


def test_more_than_a_mebibyte_out_of_next_to_nothing_is_refused_and_text_is_read() -> None:
    kafka_codecs.install()
    size = 2 * kafka_codecs.ALWAYS_BYTES
    text = b" ".join(b"%d" % (number * number) for number in range(size // 10))

    assert len(current(batch_of([text], codec=Codec.ZSTD))[0].value) > kafka_codecs.ALWAYS_BYTES
    with pytest.raises(kafka_codecs.BatchUnreadable, match="bytes out of"):
        current(batch_of([bytes(size)], codec=Codec.ZSTD))


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_bomb_at_the_cap_that_is_installed_holds_up_the_loop_no_longer_than_50_ms(codec: Codec) -> None:
    kafka_codecs.install()
    bombs = [batch_of([bytes(size)], codec=codec) for size in (kafka_codecs.CAP_BYTES - 100, 1 << 26)]

    for bomb in bombs:
        assert min(seconds_for(bomb) for _ in range(3)) < 0.05  # of the processor: others may use it too


def seconds_for(data: bytes) -> float:
    begun = time.thread_time()
    with suppress(kafka_codecs.BatchUnreadable):
        current(data)
    return time.thread_time() - begun
