"""The store's scripts as the protocol has them, and each with one rule left out (``rules.LEFT_OUT``)."""

import dataclasses
from collections.abc import Mapping

import msgspec

from alerts.admission.admission import Admitted, Answer, Batch, PartitionStanding
from alerts.admission.memory_admission import MemoryAdmission
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Lease
from alerts.store.memory_state import MemoryState
from daemon.sources.source import Committed
from tests.simulation.store import Request

LEASE_MS = 20_000


def admit(batch: Batch, without: str) -> Request[Admitted]:
    """ADMIT."""

    async def request(state: MemoryState) -> Admitted:
        asked, checkpoint = batch, state.checkpoints.get(batch.partition)
        match without:
            case "gap" if checkpoint is not None and batch.a > checkpoint:
                state.checkpoints[batch.partition] = batch.a
            case "below" if checkpoint is not None and state.incarnation == batch.incarnation:
                state.checkpoints[batch.partition] = min(batch.a, checkpoint)
            case "version":
                asked = dataclasses.replace(batch, version=state.version)
            case "incarnation":
                asked = dataclasses.replace(batch, incarnation=state.incarnation or "")
            case "pins":
                records = [msgspec.structs.replace(each, repeats=()) for each in batch.records]
                asked = dataclasses.replace(batch, records=records)
        admitted = await MemoryAdmission(state).admit(asked)
        if without == "below" and checkpoint is not None:
            state.checkpoints[batch.partition] = max(checkpoint, state.checkpoints[batch.partition])
        if without == "outbox" and admitted.answer is Answer.DONE:
            for delivery in sorted(state.waiting)[:-2]:
                del state.waiting[delivery]
        return admitted

    return request


def mark_first(batch: Batch) -> Request[None]:
    """``one_step`` left out: the memory of stories first, the deliveries and the checkpoint in another step."""

    async def request(state: MemoryState) -> None:
        if batch.incarnation == state.incarnation and batch.version in ("", state.version):
            for record in batch.records:
                for write in record.memory:
                    state.memory.setdefault(write.day, {})[write.field] = write.row

    return request


def recover(
    partition: str, start: int, incarnation: str, committed: Mapping[str, Committed], without: str
) -> Request[PartitionStanding]:
    """RECOVER. ``committed`` is what the source kept, which the protocol looks at for ``start`` only."""
    kept = committed.get(partition)

    async def request(state: MemoryState) -> PartitionStanding:
        if without == "recover":
            state.incarnation = incarnation
            state.checkpoints[partition] = start
        if without == "start" and kept is not None:
            state.checkpoints[partition] = kept.checkpoint
        return await MemoryAdmission(state).recover(partition, start, incarnation)

    return request


def lease(name: str, now_ms: int, without: str) -> Request[Lease]:
    """Lend up to two deliveries of each receiver."""

    async def request(state: MemoryState) -> Lease:
        if without == "head":  # each is alone in its lane
            for waiting in state.waiting.values():
                if waiting.lane != waiting.delivery.id:
                    waiting.lane = waiting.delivery.id
                    state.due[waiting.delivery.receiver, waiting.lane] = now_ms
        return await MemoryOutbox(state, name).lease({"desk": 2, "radio": 2}, now_ms, LEASE_MS)

    return request


def commit(positions: Mapping[str, Committed], reached: Mapping[str, int], without: str) -> Mapping[str, Committed]:
    """What is given to the source to keep. ``reached`` is what was read."""
    match without:
        case "low":
            return {name: dataclasses.replace(each, low=each.checkpoint) for name, each in positions.items()}
        case "checkpoint":
            return {name: Committed(reached[name], reached[name], each.incarnation) for name, each in positions.items()}
        case _:
            return positions
