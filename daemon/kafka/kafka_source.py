"""Kafka as a source: one group shared by every process of a ``name``; positions are decided by the consumer.

``kafka_member`` keeps us in the group and fetches, ``kafka_offsets`` asks where partitions begin and end,
``kafka_salvage`` reads the batches that aiokafka cannot decode, ``kafka_commits`` says what is committed.

A partition is called ``topic/number``.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import CorruptRecordException, KafkaError, OffsetOutOfRangeError, UnsupportedCodecError
from aiokafka.structs import OffsetAndMetadata

from alerts.errors import Unavailable
from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.kafka_codecs import install
from daemon.kafka.kafka_commits import FirstMeeting, begin_of, earliest_meeting, metadata_of, read_commit
from daemon.kafka.kafka_connection import REQUEST_SECONDS, client_settings
from daemon.kafka.kafka_member import GroupMember, Observer
from daemon.kafka.kafka_offsets import EARLIEST, LATEST, KafkaOffsets
from daemon.kafka.kafka_records import name_of, partition_of, records_of
from daemon.kafka.kafka_salvage import Salvage
from daemon.sources.source import Committed, Fetched, Record, Vanished

COMMIT_AGAIN_SECONDS = 30.0
"""How often positions that did not move are committed all the same: the group's memory of them must not run out."""

MEND_SECONDS = 0.2
"""For each partition, to find the one whose batch cannot be read; and to read it, and those around it, with care."""

ENDS = {"latest": LATEST, "earliest": EARLIEST}
"""Where a partition may begin beside a time."""

OF_A_BATCH = (CorruptRecordException, UnsupportedCodecError)
"""Errors of Kafka's own that speak of a batch, not of a broker. Whatever else is not Kafka's does, too."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Ahead:
    """Records that were fetched and not yet handed out."""

    partition: TopicPartition
    assignment: int
    end: int
    records: Sequence[Record]


class KafkaSource:
    """A ``Source`` over Kafka topics. Connects when it is first asked for something."""

    def __init__(
        self,
        config: KafkaSourceConfig,
        *,
        password: str | None,
        group: str,
        instance: str,
        observer: Observer,
        once: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """``once``: it has ended when all that was there was read. Raises ``Refused`` for unusable TLS files."""
        install()
        settings = client_settings(config, password, f"rasid-{instance}")
        self._config = config
        self._once = once
        self._monotonic, self._now_ms = monotonic, now_ms
        self._offsets = KafkaOffsets(settings, group)
        self._salvage = Salvage(settings)
        self._member = GroupMember(
            config,
            settings,
            group=group,
            instance=instance,
            offsets=self._offsets,
            observer=observer,
            changed=self._change,
            monotonic=monotonic,
        )
        self._assignment = 0
        self._assigned: dict[TopicPartition, int] = {}
        self._positions: dict[TopicPartition, int] = {}  # of those that were told where to begin
        self._ahead = deque[_Ahead]()
        self._ends: dict[TopicPartition, int] = {}
        self._first: dict[str, FirstMeeting] = {}  # by Kafka topic
        self._kept: dict[TopicPartition, tuple[Committed, float]] = {}  # the last commit that was taken, and when
        self._paused = False  # what we were told
        self._at_rest = False  # what aiokafka was told

    def _change(self, assigned: Collection[TopicPartition]) -> None:
        """The group gave out the partitions anew, perhaps the same ones."""
        self._assignment += 1
        self._assigned = dict.fromkeys(assigned, self._assignment)
        self._positions, self._kept = {}, {}
        self._ahead.clear()
        if assigned:
            log.info("partitions_assigned", partitions=[name_of(each) for each in assigned])

    def assigned(self) -> Mapping[str, int]:
        return {name_of(partition): assignment for partition, assignment in self._assigned.items()}

    def ends(self) -> Mapping[str, int]:
        for partition in self._positions:
            if (end := self._member.end(partition)) is not None:
                self._ends[partition] = max(end, self._ends.get(partition, 0))
        return {name_of(each): self._ends[each] for each in self._positions if each in self._ends}

    async def committed(self, partition: str) -> Committed | None:
        return (await self._commits_of(partition_of(partition).topic)).get(partition_of(partition))

    async def _commits_of(self, topic: str) -> Mapping[TopicPartition, Committed]:
        """What the group has committed of a Kafka topic; also notes when it first met it."""
        found = {each: at for each, at in (await self._offsets.committed()).items() if each.topic == topic}
        kept = {each: read_commit(at.offset, at.metadata) for each, at in found.items()}
        if (first := earliest_meeting(meeting for _, meeting in kept.values())) is not None:
            self._first[topic] = first
        return {each: committed for each, (committed, _) in kept.items()}

    async def start(self, partition: str) -> int:
        """Resolved once, and kept in Kafka before anything is fetched."""
        mine = partition_of(partition)
        begun = await self._commits_of(mine.topic)
        known = self._first.get(mine.topic)
        # All that have no commit at once: what counts as new must not depend on whose turn comes when.
        new = [each for each in self._assigned if each.topic == mine.topic and each not in begun]
        if mine not in new:
            raise Unavailable(f"{partition} was taken from us, or begun by another")
        begins = {each: begin_of(each.partition, known, self._config.start) for each in new}
        first = FirstMeeting(self._now_ms(), len(await self._offsets.partitions(mine.topic)))
        offsets = await self._offsets.at({each: ENDS[at] if isinstance(at, str) else at for each, at in begins.items()})
        self._first.setdefault(mine.topic, first)
        await self.commit({name_of(each): Committed(offset, offset, "") for each, offset in offsets.items()})
        if mine not in self._kept:
            raise Unavailable(f"the first position of {partition} could not be kept in Kafka")
        log.info(
            "first_start", start=str(self._config.start), offsets={name_of(each): at for each, at in offsets.items()}
        )
        return offsets[mine]

    def seek(self, partition: str, offset: int) -> None:
        mine = partition_of(partition)
        if mine in self._assigned:
            self._ahead = deque(each for each in self._ahead if each.partition != mine)
            self._positions[mine] = offset
            self._member.seek(mine, offset)
            if not self._paused:
                self._member.pause([mine], False)

    def position(self, partition: str) -> int:
        """0 for a partition that is no longer ours: what was done with it is not asked any more."""
        return self._positions.get(partition_of(partition), 0)

    def pause(self, paused: bool) -> None:
        self._paused = paused

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        await self._member.alive()
        if self._paused != self._at_rest:
            self._at_rest = self._paused
            self._member.pause(list(self._positions), self._paused)
        if not self._paused and (handed := self._hand_out()) is not None:
            await asyncio.sleep(0)  # others get their turn between two batches that are here already
            return handed
        if self._assigned.keys() != self._positions.keys():
            await asyncio.sleep(0)
            return None  # a rebalance came between: the new ones must be told where to begin
        asked = [] if self._paused else list(self._positions)
        try:
            self._take(await self._member.getmany(asked, max_records, timeout_seconds))
        except OffsetOutOfRangeError as error:
            return await self._vanished(next(iter(error.args[0])))
        except Exception as error:
            await self._mend(asked, max_records, error)
        if not self._ahead:
            await self._nothing_came(asked)
        return None if self._paused else self._hand_out()

    def ended(self) -> bool:
        if not self._once or self._ahead or not self._assigned:
            return False
        ends = self.ends()
        return all(name_of(each) in ends and self._positions[each] >= self._ends[each] for each in self._assigned)

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        now = self._monotonic()
        offsets, taken = {}, {}
        for partition, committed in positions.items():
            mine = partition_of(partition)
            before, at = self._kept.get(mine, (None, 0.0))
            if mine in self._assigned and (committed != before or now - at > COMMIT_AGAIN_SECONDS):
                metadata = metadata_of(committed, self._first.get(mine.topic, FirstMeeting(0, 0)))
                offsets[mine] = OffsetAndMetadata(committed.checkpoint, metadata)
                taken[mine] = (committed, now)
        if offsets and await self._member.commit(offsets):
            self._kept |= taken

    async def close(self) -> None:
        await self._member.close()
        await self._salvage.close()
        await self._offsets.close()

    def _take(self, got: Mapping[TopicPartition, Sequence[Any]]) -> None:
        for partition, fetched in got.items():
            if fetched and partition in self._positions:
                self._put_ahead(partition, fetched[-1].offset + 1, records_of(partition, fetched))

    def _put_ahead(self, partition: TopicPartition, end: int, records: Sequence[Record]) -> None:
        self._ahead.append(_Ahead(partition, self._assigned[partition], end, records))
        self._member.moved()

    def _hand_out(self) -> Fetched | None:
        while self._ahead:
            ahead = self._ahead.popleft()
            if self._assigned.get(ahead.partition) == ahead.assignment and ahead.partition in self._positions:
                begin = self._positions[ahead.partition]
                self._positions[ahead.partition] = ahead.end
                return Fetched(name_of(ahead.partition), begin, ahead.end, ahead.records)
        return None

    async def _nothing_came(self, asked: Sequence[TopicPartition]) -> None:
        """Perhaps only control records were read; perhaps there is nothing; perhaps the member stands still."""
        for partition in asked:
            at = await self._member.position(partition)
            if at is not None and at > self._positions.get(partition, at):
                self._put_ahead(partition, at, ())
        if not self._ahead:
            waiting = {each: at for each, at in self._positions.items() if each in asked}
            self._ends |= await self._member.look_after(waiting)

    async def _vanished(self, partition: TopicPartition) -> Vanished | None:
        """Our position is outside of what the partition holds."""
        position = self._positions.get(partition)
        if position is None:
            return None
        begins, ends = await self._offsets.begins([partition]), await self._offsets.ends([partition])
        if position < begins[partition]:
            return Vanished(name_of(partition), position, begins[partition], "retention")
        if position > ends[partition]:
            return Vanished(name_of(partition), position, begins[partition], "recreated")
        return None  # it is there again: a leader was behind for a moment

    async def _mend(self, asked: Sequence[TopicPartition], max_records: int, error: Exception) -> None:
        """Somewhere is a batch that aiokafka cannot read, and what it had taken of others it gives after a seek."""
        for partition in asked:
            if partition in self._positions:
                self._member.seek(partition, self._positions[partition])
        _raise_unless_of_a_batch(error)
        for partition in asked:
            end = self._member.end(partition)
            if partition in self._positions and (end is None or end > self._positions[partition]):
                await self._read_with_care(partition, max_records, error)

    async def _read_with_care(self, partition: TopicPartition, max_records: int, error: Exception) -> None:
        if (position := self._positions.get(partition)) is None:
            return  # taken from us meanwhile
        log.warning("batch_read_with_care", partition=name_of(partition), position=position, reason=repr(error))
        at, number, until = position, 0, self._monotonic() + MEND_SECONDS
        while number < max_records and self._monotonic() < until:
            records, end = await self._salvage.read(partition.topic, partition.partition, at, REQUEST_SECONDS)
            if end == at or self._positions.get(partition) != position:
                break
            pieces = [records[first : first + max_records] for first in range(0, len(records), max_records)] or [()]
            for piece in pieces:
                self._put_ahead(partition, end if piece is pieces[-1] else piece[-1].offset + 1, piece)
            at, number = end, number + max(1, len(records))
        if self._positions.get(partition) == position:
            self._member.seek(partition, at)


def _raise_unless_of_a_batch(error: Exception) -> None:
    """Whatever a decoder raises about bytes, which anybody may publish, is no reason to stop. The rest is raised."""
    if isinstance(error, Unavailable | OffsetOutOfRangeError):
        raise error
    if isinstance(error, KafkaError) and not isinstance(error, OF_A_BATCH):
        raise Unavailable(f"reading Kafka: {error!r}") from error
