"""The source on a real broker: what the contract suite does not ask."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaProducer

from alerts.errors import Unavailable
from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.kafka_source import KafkaSource
from daemon.sources.source import Committed, Fetched
from tests.kafka.admin import create_topic, produce


class Seen:
    """What the source tells."""

    def __init__(self) -> None:
        self.rebalances, self.rebuilds = 0, list[str]()

    def rebalanced(self) -> None:
        self.rebalances += 1

    def rebuilt(self, reason: str) -> None:
        self.rebuilds.append(reason)


def opened(server: str, topic: str, seen: Seen, *, faster: float = 1.0) -> KafkaSource:
    """A member of a group of its own. Its watchdog's clock may run faster than the world's."""
    config = KafkaSourceConfig(servers=(server,), subscribe=(topic,), session_timeout=timedelta(seconds=1))

    def monotonic() -> float:
        return time.monotonic() * faster

    return KafkaSource(config, password=None, group=topic, instance="one", observer=seen, monotonic=monotonic)


async def until(source: KafkaSource, condition: Callable[[], bool]) -> list[Fetched]:
    """Step as the consumer does until the condition holds; what was fetched."""
    read: list[Fetched] = []
    async with asyncio.timeout(30):
        while not condition():
            for partition in source.assigned():
                if source.position(partition) == 0 and not read:
                    source.seek(partition, 0)
            if isinstance(fetched := await source.fetch(500, 0.25), Fetched):
                read.append(fetched)
    return read


def test_a_member_whose_fetching_died_is_replaced_and_reads_on(
    kafka: str, kafka_topic: str, runner: asyncio.Runner
) -> None:
    async def run() -> tuple[int, list[str]]:
        seen = Seen()
        source = opened(kafka, kafka_topic, seen, faster=10.0)
        try:
            partition = f"{kafka_topic}/0"
            await until(source, lambda: source.position(partition) == 1)
            source._member._consumer._fetcher._fetch_task.cancel()  # type: ignore[union-attr]
            await produce(kafka, kafka_topic, [b"two"])
            await until(source, lambda: bool(seen.rebuilds))
            await until(source, lambda: bool(source.assigned()))
            source.seek(partition, 1)
            await until(source, lambda: source.position(partition) == 2)
            return seen.rebalances, seen.rebuilds
        finally:
            await source.close()

    runner.run(produce(kafka, kafka_topic, [b"one"]))
    rebalances, rebuilds = runner.run(run())

    assert rebuilds == ["stuck"]
    assert rebalances in (2, 3), "each consumer once; ten seconds after a start it joins again, to see what is nobody's"


def test_control_records_are_passed_over(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> None:
    """A transaction ends with a record that no consumer is given; the position must pass it all the same."""

    async def transaction() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=kafka_topic)
        await producer.start()
        async with producer.transaction():
            await producer.send_and_wait(kafka_topic, b"one", partition=0)
        await producer.stop()

    async def run() -> list[Fetched]:
        source = opened(kafka, kafka_topic, Seen())
        try:
            return await until(source, lambda: source.position(f"{kafka_topic}/0") == 2)
        finally:
            await source.close()

    runner.run(transaction())
    first, second = runner.run(run())

    assert [record.value for record in first.records] == [b"one"]
    assert (second.a, second.b, list(second.records)) == (1, 2, [])


def test_what_a_transaction_took_back_is_no_article(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> None:
    async def transaction() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=kafka_topic)
        await producer.start()
        await producer.begin_transaction()
        await producer.send_and_wait(kafka_topic, b"taken back", partition=0)
        await producer.abort_transaction()
        await producer.stop()

    async def run() -> list[Fetched]:
        source = opened(kafka, kafka_topic, Seen())
        try:
            return await until(source, lambda: source.position(f"{kafka_topic}/0") == 3)
        finally:
            await source.close()

    runner.run(transaction())
    runner.run(produce(kafka, kafka_topic, [b"one"]))

    assert [record.value for fetched in runner.run(run()) for record in fetched.records] == [b"one"]


def test_keys_and_headers_come_with_the_record(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> None:
    async def run() -> list[Fetched]:
        source = opened(kafka, kafka_topic, Seen())
        try:
            return await until(source, lambda: source.position(f"{kafka_topic}/0") == 1)
        finally:
            await source.close()

    headers = [("traceparent", b"00-1"), ("traceparent", b"00-2")]
    runner.run(produce(kafka, kafka_topic, [b"value"], key=b"key", headers=headers, timestamp_ms=1_700_000_000_000))
    ((record,),) = [fetched.records for fetched in runner.run(run())]

    assert (record.key, list(record.headers)) == (b"key", headers)
    assert (record.appended_ms, record.origin) == (1_700_000_000_000, f"{kafka_topic}/0/0")


def test_a_broker_that_nobody_reaches_is_waited_for(runner: asyncio.Runner, free_port: int) -> None:
    async def run() -> None:
        source = opened(f"127.0.0.1:{free_port}", "articles", Seen())
        try:
            with pytest.raises(
                Unavailable, match=rf"^no broker lets us in: 127.0.0.1:{free_port}: Connection refused$"
            ):
                await source.fetch(1, 0.1)
        finally:
            await source.close()

    runner.run(run())


def test_what_is_not_ours_is_not_committed(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> None:
    async def run() -> Committed | None:
        source = opened(kafka, kafka_topic, Seen())
        try:
            await until(source, lambda: bool(source.assigned()))
            await source.commit({f"{kafka_topic}/7": Committed(3, 3, "i")})
            return await source.committed(f"{kafka_topic}/7")
        finally:
            await source.close()

    assert runner.run(run()) is None


def test_compressed_batches_are_read(kafka: str, runner: asyncio.Runner) -> None:
    async def run(topic: str) -> list[Fetched]:
        source = opened(kafka, topic, Seen())
        try:
            return await until(source, lambda: source.position(f"{topic}/0") == 4)
        finally:
            await source.close()

    topic = f"compressed-{time.time_ns()}"
    runner.run(create_topic(kafka, topic))
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        runner.run(produce(kafka, topic, [codec.encode() * 100], compression_type=codec))

    values = [record.value for fetched in runner.run(run(topic)) for record in fetched.records]
    assert values == [codec * 100 for codec in (b"gzip", b"snappy", b"lz4", b"zstd")]
