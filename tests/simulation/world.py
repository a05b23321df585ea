"""A seeded world around the project's real code: what is in it, and a record of what happened, for the judge.

Partitions with shared stories, read by several processes of one group; one store that all share, which may lose its
last writes, or everything; receivers that may be down.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from alerts.admission.admission import Admitted, Answer, Batch
from alerts.model import Leased
from alerts.store.memory_state import MemoryState
from daemon.metrics.metric_labels import Names
from daemon.sources.memory_source import MemoryLog
from daemon.sources.source import Record
from tests.simulation import left_out
from tests.simulation.group import Group
from tests.simulation.openings import Openings
from tests.simulation.process import Process
from tests.simulation.rules import Rules
from tests.simulation.store import Store
from tests.simulation.stories import BROKEN, COPIES, STORIES, UNWATCHED, Key, article_of, keys_of, language_of

RECORDS = 14
"""Of a partition."""

FIRST_MS = 1_800_000_000_000


class Count:
    """A metric as a number."""

    def __init__(self) -> None:
        self.value = 0.0

    def labels(self, *_: object) -> "Count":
        return self

    def inc(self, amount: float = 1) -> None:
        self.value += amount

    def set(self, value: float) -> None:
        self.value = value

    def observe(self, value: float) -> None:
        """Nobody asks."""


class Counts:
    """In place of a thousand Prometheus series for each history: those that are asked for, all processes' together."""

    def __init__(self) -> None:
        self.topics = Names()
        self.costs: defaultdict[str, float] = defaultdict(float)
        self.looked_at = 0

    def __getattr__(self, name: str) -> Count:
        count = Count()
        setattr(self, name, count)
        return count

    def depth(self, *_: object) -> None:
        """Nobody asks."""

    def lag(self, *_: object) -> None:
        """Nobody asks."""

    def looked(self, *_: object) -> None:
        """Nobody asks."""

    def read_from(self, *_: object) -> None:
        """Nobody asks."""

    def came_from(self, *_: object) -> None:
        """Nobody asks."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request that a receiver got."""

    delivery: str
    receiver: str
    lane: str
    order_gap: bool
    body: bytes


class World:
    """One history."""

    def __init__(self, seed: int, rules: Rules, tell: Callable[[str], None] | None = None) -> None:
        self.rules = rules
        self.chance = random.Random(seed)
        self.now_ms = FIRST_MS
        self.quiet = False
        self.store = Store(self.chance, always=rules.always)
        self.log = MemoryLog()
        self.group = Group(self.log, self.chance)
        self.processes: dict[str, Process | None] = dict.fromkeys(("one", "two", "three")[: rules.processes])
        self.down: set[str] = set()  # receivers
        self.metrics = Counts()
        self.unwritten: dict[str, list[tuple[int, bytes]]] = {}  # records still to be published
        self.carriers: dict[Key, set[tuple[str, int]]] = defaultdict(set)  # records that oblige us to tell
        self.spoken: dict[tuple[Key, str], set[tuple[str, int]]] = defaultdict(set)  # and of languages
        self.broken: set[tuple[str, int]] = set()
        self.count = 0  # records of all partitions
        # What happened.
        self.receipts: list[Receipt] = []
        self.lanes: dict[str, list[str]] = defaultdict(list)  # deliveries in the order in which they were admitted
        self.dead_letters: set[tuple[str, int]] = set()
        self.passed: set[tuple[str, int]] = set()  # offsets skipped
        self.openings = Openings()
        self.arrives_late = False  # what arrives now was sent by somebody who has given up
        self.refused = self.retries = self.gaps = self.zombies = self.wipes = 0
        self._tell = tell
        self._tokens = 0
        for partition in ("p", "q"):
            self.new_partition(partition)

    def say(self, text: str) -> None:
        """One line for whoever replays this history."""
        if self._tell is not None:
            self._tell(text)

    def token(self) -> str:
        """For incarnations and versions."""
        self._tokens += 1
        return f"t{self._tokens}"

    def new_partition(self, partition: str) -> None:
        """With all that will ever be published to it. Offsets have gaps."""
        chance, offset, records = self.chance, 0, list[tuple[int, bytes]]()
        for _ in range(RECORDS):
            offset += chance.random() < 0.1
            draw = chance.random()
            if draw < 0.8:
                story, copy = chance.randrange(STORIES), chance.randrange(COPIES)
                for key in keys_of(story, copy):
                    self.carriers[key].add((partition, offset))
                    if self.rules.updates:
                        self.spoken[key, language_of(copy)].add((partition, offset))
                records.append((offset, article_of(story, copy, offset % 3 if self.rules.updates else None)))
            elif draw < 0.95:
                records.append((offset, UNWATCHED))
            else:
                self.broken.add((partition, offset))
                records.append((offset, BROKEN))
            offset += 1
        self.count += RECORDS
        self.log.add(partition)
        records.reverse()
        self.unwritten[partition] = records
        for _ in range(chance.randrange(RECORDS)):
            self.publish(partition)

    def publish(self, partition: str) -> None:
        """One record more."""
        offset, value = self.unwritten[partition].pop()
        self.log.add(partition, Record(offset, value, None, f"{partition}/{offset}"))

    def admit(self, name: str, batch: Batch) -> Admitted:
        """An ADMIT arrives."""
        state = self.store.state
        checkpoint = state.checkpoints.get(batch.partition, 0)
        new = [
            (each, record.offset)
            for record in batch.records
            if record.offset >= checkpoint
            for each in record.deliveries
            if each.id not in state.told
        ]
        admitted = self.store.write(left_out.admit(batch, self.rules.without))
        self.retries += admitted.answer is Answer.RETRY
        self.gaps += admitted.answer is Answer.GAP
        if admitted.answer is Answer.DONE:
            sender = None if self.arrives_late else self.processes.get(name)
            heard = sender.consumer._reached.get(batch.partition, 0) if sender is not None else 0
            for record in batch.records:
                if record.offset >= checkpoint:
                    self.openings.pass_over((batch.partition, record.offset), counted=record.offset < heard)
            for delivery, offset in new:
                self.lanes[delivery.lane].append(delivery.id)
                if delivery.type == "alert.opened":
                    self.openings.opened(delivery, (batch.partition, offset))
        if self._tell is not None:
            done = admitted.answer is Answer.DONE
            opened = ", ".join(f"{each.id[4:10]} to {each.receiver}" for each, _ in new if done)
            shown = (
                f"{name} ADMIT {batch.partition} {batch.a}..{batch.b} of {batch.incarnation}: {admitted.answer.value}"
            )
            self.say(f"{shown} {admitted.checkpoint}" + (f", new: {opened}" if opened else ""))
        return admitted

    def skipped(self, partition: str, start: int, end: int) -> None:
        """A SKIP was done."""
        for offset in range(start, end):
            self.passed.add((partition, offset))
            self.openings.pass_over((partition, offset), counted=False)

    def post(self, name: str, leased: Leased) -> bool:
        """A request to a receiver. Whether a 2xx came back."""
        delivery, draw = leased.delivery, self.chance.random()
        if delivery.receiver in self.down or (draw < 0.1 and not self.quiet):
            self.say(f"{name} POST {delivery.id[4:10]}: {delivery.receiver} does not take it")
            return False
        self.receipts.append(Receipt(delivery.id, delivery.receiver, delivery.lane, leased.order_gap, delivery.body))
        answered = draw > 0.15 or self.quiet
        self.say(f"{name} POST {delivery.id[4:10]} to {delivery.receiver}" + ("" if answered else ": no answer"))
        return answered

    def needed(self, partition: str) -> int:
        """The least offset that the source's user may still ask for."""
        committed = self.log.committed.get(partition)
        return committed.low if committed is not None else 0

    def at_rest(self) -> bool:
        """Everything read, told and committed."""
        state: MemoryState = self.store.state
        if state.waiting or state.leases:
            return False
        for partition in self.log.records:
            end, committed = self.log.end(partition), self.log.committed.get(partition)
            if state.checkpoints.get(partition) != end or committed is None:
                return False
            if (committed.checkpoint, committed.low, committed.incarnation) != (end, end, state.incarnation):
                return False
        return all(
            process is not None
            and all(process.source.position(each) == self.log.end(each) for each in process.source.assigned())
            for process in self.processes.values()
        )
