"""The stores that every contract test runs on, and short builders for what goes into them."""

from collections.abc import Iterator
from dataclasses import dataclass

from alerts.admission.admission import Admission, Admitted, Amendment, Batch, MemoryWrite, RecordEffects
from alerts.model import Delivery, Pending, Plan, Severity, Wait
from alerts.outbox.outbox import Outbox

NOW = 1_800_000_000_000
HOUR = 3_600_000
STORY = "a" * 26


@dataclass(frozen=True)
class Store:
    """Both ports over one state, and a second process on the same state."""

    admission: Admission
    outbox: Outbox
    other_outbox: Outbox


def a_delivery(name: str, *, receiver: str = "desk", lane: str = "lane", body: bytes = b"{}") -> Delivery:
    """A delivery that became ready at NOW."""
    return Delivery(
        id=name,
        receiver=receiver,
        lane=f"{receiver}-{lane}",
        type="alert.opened",
        notice=f"n-{name}",
        created_ms=NOW,
        body=body,
    )


def a_pending(name: str, *, receiver: str = "desk", summary: bytes = b"{}") -> Pending:
    """A delivery that waits for a digest."""
    return Pending(id=name, receiver=receiver, notice=f"n-{name}", created_ms=NOW, summary=summary)


def paced(
    name: str, group: str = "desk/g", due: int = 0, interval: int = 0, wait: Wait = Wait.GROUP, body: bytes = b"{}"
) -> Pending:
    """A notice that is due so many ms from NOW."""
    plan = Plan(group, wait, (("topic", "x"),), "desk-lane", NOW + due, Severity.INFO, interval)
    single = a_delivery(name, body=body)
    held = a_pending(name)
    return Pending(
        id=name,
        receiver="desk",
        notice=held.notice,
        created_ms=NOW,
        summary=bytes(range(256)),
        plan=plan,
        single=single,
    )


def effects(
    offset: int,
    *deliveries: Delivery,
    memory: dict[str, bytes] | None = None,
    repeats: tuple[str, ...] = (),
    pending: tuple[Pending, ...] = (),
    decision: bytes = b"",
    miss: bytes = b"",
    alerts: tuple[bytes, ...] = (),
    amendments: tuple[Amendment, ...] = (),
) -> RecordEffects:
    """A record that leads to these."""
    writes = tuple(MemoryWrite("2026-11-24", field, row) for field, row in (memory or {}).items())
    outcome = "alerted" if deliveries or pending else "repeat" if repeats else "unmatched"
    line = decision or (b"seen" if deliveries else b"")
    return RecordEffects(offset, outcome, writes, deliveries, repeats, line, pending, miss, alerts, amendments)


def versions() -> Iterator[str]:
    """Tokens that never come again."""
    return (f"v{number}" for number in range(1, 1_000_000))


async def put(
    store: Store,
    *records: RecordEffects,
    a: int = 0,
    b: int | None = None,
    partition: str = "p",
    version: str | None = None,
    incarnation: str | None = None,
    now_ms: int = NOW,
    seen: bytes = b"",
) -> Admitted:
    """One ADMIT as a well-behaved consumer makes it; anything may be set wrong on purpose."""
    standing = await store.admission.recover(partition, 0, "first")
    held = await store.admission.lookup(["2026-11-24"], [])
    end = b if b is not None else (records[-1].offset + 1 if records else a)
    return await store.admission.admit(
        Batch(
            incarnation=standing.incarnation if incarnation is None else incarnation,
            partition=partition,
            a=a,
            b=end,
            version=held.version if version is None else version,
            next_version=f"{held.version}+{partition}{a}",
            now_ms=now_ms,
            records=records,
            seen=seen,
        )
    )
