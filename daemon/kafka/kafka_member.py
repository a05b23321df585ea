"""One member of a Kafka group: joins, fetches, commits, and is replaced when it stands still.

aiokafka keeps the membership and fetches; around it stand a deadline for each call and a watchdog.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.subscription_state import ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError, InvalidSessionTimeoutError, KafkaError, NoOffsetForPartitionError
from aiokafka.structs import OffsetAndMetadata

from alerts.errors import Refused, Unavailable
from alerts.patience import Patience
from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.kafka_connection import REQUEST_SECONDS, answering, kafka_errors, refuse_bad_credentials
from daemon.kafka.kafka_offsets import KafkaOffsets
from daemon.kafka.kafka_watchdog import MOST_REBUILDS, Verdict, Watchdog

COMMIT_SECONDS = 2.0
"""A commit that takes longer is given up: the next one says more. Reading waits for it meanwhile."""

CLOSE_SECONDS = 3.0
"""For leaving in good order; a group member with a name of its own need not say goodbye."""

METADATA_SECONDS = 10.0
"""How soon a new partition, or a new leader that nobody told us of, is noticed."""

MOST_FETCHED = 8 * 1024 * 1024
"""Bytes of one fetch over all partitions of a broker: what is read ahead is held in memory."""

HEARTBEATS = 6
"""In a session: some may get lost, or wait for a busy moment of ours."""

LATE_SECONDS = 0.1
"""What a fetch may take beyond the time that it was given, before it is given up."""

UNSETTLED, UNSETTLED_SECONDS = 10, 30.0
"""So many times given out in so short a while: more than when several processes start or stop. Two of one name take the
place from each other several times in a second, and neither they nor Kafka say why."""

log = structlog.get_logger()


class Observer(Protocol):
    """Told of what a person may want to see."""

    def rebalanced(self) -> None:
        """The partitions were given out anew."""
        ...

    def rebuilt(self, reason: str) -> None:
        """A consumer was replaced."""
        ...


class GroupMember(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Connects when it is first asked for something. ``changed`` is called whenever partitions come or go."""

    def __init__(
        self,
        config: KafkaSourceConfig,
        settings: Mapping[str, Any],
        *,
        group: str,
        instance: str,
        offsets: KafkaOffsets,
        observer: Observer,
        changed: Callable[[Collection[TopicPartition]], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config, self._settings = config, dict(settings)
        self._group, self._instance = group, instance
        self._offsets = offsets
        self._observer = observer
        self._changed = changed
        self._monotonic = monotonic
        self._consumer: AIOKafkaConsumer | None = None
        self._watchdog = Watchdog(monotonic())
        self._met = False  # whether a broker ever took us in
        self._counted = 0  # partitions of what we read when they were last given out
        self._recount_at: float | None = None
        self._given_out = deque[float](maxlen=UNSETTLED)  # when, the last times
        self._patience = Patience()  # with a group that does not settle

    # Called by aiokafka, between two steps of ours.

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._changed(())

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        if self._consumer is not None and assigned:
            self._consumer.pause(*assigned)  # until each is told where to begin
        self._watchdog.joined(self._monotonic())
        self._observer.rebalanced()
        self._see_whether_it_settles()
        self._counted = max(self._counted, self._count())
        self._changed(sorted(assigned))

    def _see_whether_it_settles(self) -> None:
        now = self._monotonic()
        self._given_out.append(now)
        unsettled = len(self._given_out) == UNSETTLED and now - self._given_out[0] < UNSETTLED_SECONDS
        if unsettled and self._patience.worth_a_line(now):
            log.warning(
                "group_unsettled",
                instance=self._instance,
                times=UNSETTLED,
                seconds=round(now - self._given_out[0], 1),
                hint=f"does another process run as instance `{self._instance}`? Each needs a state_dir of its own, not "
                "copied from another, and where `instance` is set a name of its own",
            )

    async def alive(self) -> None:
        """Join, if not done; replace a consumer that stands still. Raises ``Unavailable``, ``Refused``."""
        if self._consumer is None:
            await self._join()
        elif (verdict := self._watchdog.verdict(self._monotonic())) in (Verdict.STUCK, Verdict.NOT_JOINED):
            await self._rebuild(verdict)
        elif self._some_may_be_nobodys():
            self._consumer._coordinator.request_rejoin()

    def _some_may_be_nobodys(self) -> bool:
        """Whether partitions may have come that nobody was given.

        aiokafka looks only in the member that gave them out. One that leads and was started again under its name gets
        its own back, and does not know that it leads: nobody looks. Who joins again changes nothing unless it leads.
        """
        count, before = self._count(), self._counted
        self._counted = max(count, before)
        recount = self._recount_at is not None and self._monotonic() >= self._recount_at
        if recount:
            self._recount_at = None
        return recount or count > before > 0

    def _count(self) -> int:
        if self._consumer is None:
            return 0
        cluster = self._consumer._client.cluster
        return sum(len(cluster.partitions_for_topic(topic) or ()) for topic in self._config.subscribe)

    async def getmany(
        self, asked: Sequence[TopicPartition], max_records: int, seconds: float
    ) -> Mapping[TopicPartition, Sequence[Any]]:
        """Never longer than asked, whatever aiokafka waits for. Raises what aiokafka does."""
        try:
            async with asyncio.timeout(seconds + LATE_SECONDS):
                got: Mapping[TopicPartition, Sequence[Any]] = await self._alive.getmany(
                    *asked, timeout_ms=round(seconds * 1000), max_records=max_records
                )
                return got
        except (TimeoutError, NoOffsetForPartitionError):
            return {}

    async def position(self, partition: TopicPartition) -> int | None:
        """Where its next fetch begins, control records passed over; None where that is unknown."""
        with suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(LATE_SECONDS):
                position: int = await self._alive.position(partition)
                return position
        return None

    def end(self, partition: TopicPartition) -> int | None:
        """The end of the partition as of the last fetch: of what is not in a transaction that is still open."""
        with suppress(IllegalStateError, AssertionError, AttributeError):  # how it says "not yours any more" here
            if self._consumer is not None:
                end: int | None = self._consumer.last_stable_offset(partition)
                return end
        return None

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Begin there; nothing happens where it was taken from us in this moment: ``changed`` is next."""
        with suppress(IllegalStateError):
            if self._consumer is not None:
                self._consumer.seek(partition, offset)

    def pause(self, partitions: Collection[TopicPartition], paused: bool) -> None:
        """Fetch nothing of them, or go on."""
        with suppress(IllegalStateError):
            if self._consumer is not None:
                (self._consumer.pause if paused else self._consumer.resume)(*partitions)

    async def commit(self, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> bool:
        """Whether the group took it. A refusal is normal in a rebalance: who has the partition next asks the store."""
        if self._consumer is None:
            return False
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await self._consumer.commit(dict(offsets))
        except (KafkaError, TimeoutError) as error:
            log.debug("commit_refused", reason=repr(error))
            return False
        return True

    def moved(self) -> None:
        """A position moved."""
        self._watchdog.moved(self._monotonic())

    async def look_after(self, waiting: Mapping[TopicPartition, int]) -> Mapping[TopicPartition, int]:
        """Nothing came at these positions: now and then ask the broker if there is something. The ends, if asked."""
        now = self._monotonic()
        verdict = self._watchdog.verdict(now)
        if not waiting and verdict is not Verdict.NOT_JOINED:
            self._watchdog.rested(now)
        if not waiting or verdict is not Verdict.PROBE:
            return {}
        ends = await self._offsets.ends(waiting)
        self._watchdog.probed(now, behind=any(ends[each] > position for each, position in waiting.items()))
        return ends

    async def close(self) -> None:
        """Leave. The partitions stay ours until the session ends, for whoever comes back under this name."""
        consumer, self._consumer = self._consumer, None
        self._changed(())
        if consumer is not None:
            # In a task of its own: aiokafka lets the cancellation of its own tasks out, which is none of ours.
            stopping = asyncio.create_task(consumer.stop())
            _, pending = await asyncio.wait([stopping], timeout=CLOSE_SECONDS)
            for task in pending:
                task.cancel()
            await asyncio.gather(stopping, return_exceptions=True)

    @property
    def _alive(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise Unavailable("reading Kafka: not a member of the group just now")
        return self._consumer

    async def _join(self) -> None:
        await self._meet()
        session_ms = round(self._config.session_timeout.total_seconds() * 1000)
        self._consumer = consumer = AIOKafkaConsumer(
            **await answering(self._settings),
            group_id=self._group,
            group_instance_id=self._instance,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=session_ms // HEARTBEATS,
            metadata_max_age_ms=round(METADATA_SECONDS * 1000),
            enable_auto_commit=False,
            auto_offset_reset="none",  # an offset that is gone is never passed over in silence
            fetch_max_bytes=MOST_FETCHED,
            isolation_level="read_committed",  # what a publisher took back was never published
        )
        consumer.subscribe(self._config.subscribe, listener=self)
        self._watchdog.began(self._monotonic())
        self._counted, self._recount_at = 0, self._monotonic() + METADATA_SECONDS
        try:
            with kafka_errors("joining the group"):
                async with asyncio.timeout(2 * REQUEST_SECONDS):
                    await consumer.start()
        except BaseException as error:
            await self.close()
            if isinstance(error.__cause__, InvalidSessionTimeoutError):
                raise Refused(
                    f"the brokers do not allow a session_timeout of {session_ms} ms: keep it between their "
                    "group.min.session.timeout.ms (6 s unless it is set there) and group.max.session.timeout.ms"
                ) from error
            raise

    async def _meet(self) -> None:
        """Is somebody there, and the Kafka topics?"""
        for topic in self._config.subscribe:
            try:
                found = await self._offsets.partitions(topic)
            except Unavailable:
                if not self._met:
                    await refuse_bad_credentials(self._config, self._settings)
                raise
            self._met = True
            if not found:
                raise Unavailable(
                    f"there is no Kafka topic `{topic}`, or this user may not see it: kafka-topics.sh "
                    f"--bootstrap-server {self._config.servers[0]} --create --topic {topic} --partitions 4"
                )

    async def _rebuild(self, verdict: Verdict) -> None:
        self._watchdog.rebuilds += 1
        log.error("consumer_stuck", reason=verdict.value, rebuilds=self._watchdog.rebuilds)
        if self._watchdog.rebuilds > MOST_REBUILDS:
            raise RuntimeError(f"Kafka has records and none come, after {MOST_REBUILDS} new consumers")
        self._observer.rebuilt(verdict.value)
        await self.close()
        await self._join()
