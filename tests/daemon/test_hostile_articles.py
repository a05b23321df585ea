"""One hostile record on its way through the whole pipeline: neighbours are delivered, and the loop goes on."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.store.memory_state import MemoryState
from daemon.sources.decode import MAX_BYTES
from daemon.sources.memory_source import MemorySource
from tests.daemon.build import Process, a_flood, a_line, a_watch
from tests.daemon.kafka.poison_reader import TICK_SECONDS, Stalls

MOST_STALL_SECONDS = 0.05

ROOM = MAX_BYTES - 300
"""For what repeats, beside the rest of the record."""


def article(repeated: str, end: str = "") -> bytes:
    """As long as may be, and matched."""
    body = repeated * ((ROOM - len(end)) // len(repeated.encode()))
    return a_line(id="hostile", title="فيضان", body=body + end)


HOSTILE: dict[str, tuple[bytes, str | None]] = {
    # the record, and the reason of its dead letter; None where it is an article like any other
    "a flood of combining marks": (article("\u064b"), None),
    "marks that compose": (article("\u0301"), None),
    "marks in another order each": (article("و\u0654\u064b"), None),
    "ligatures of eighteen letters": (article("ﷺ"), None),
    "nothing but controls": (a_line(id="hostile", title="فيضان", body="\x00\x1b[31m\x9b" * (ROOM // 20)), None),
    "tatweels between letters": (article("سـ"), None),
    "broken names": (article("سـ.ـوريا "), None),
    "one name without end": (article("فيضان "), None),
    "lists as deep as it is long": (b'{"title": "x", "y": ' + b"[" * ROOM, "nested"),
    "objects as deep as it is long": (b'{"a":' * (ROOM // 5), "nested"),
    "as many lists beside each other": (b'{"title": "x", "y": [' + b"[]," * (ROOM // 3) + b"1]}", None),
    "half surrogates": (b'{"title": "x", "body": "' + rb"\ud800" * (ROOM // 6) + b'"}', None),
    "a number without end": (b'{"title": "x", "y": ' + b"9" * ROOM + b"}", None),
    "too large a number": (b'{"title": "x", "y": 1e999}', None),
    "no UTF-8": (b"\xff" * ROOM, "encoding"),
    "quotes": (b'"' * ROOM, "not_json"),
    "a hundred megabytes": (a_line(id="hostile", title="x" * 100_000_000), "oversize"),
}


@pytest.fixture
def no_collection() -> Iterator[None]:
    """A full one walks all that this process of the tests ever loaded, which is none of the article's doing."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize(("value", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_record_costs_its_neighbours_nothing_and_the_loop_little(
    value: bytes, reason: str | None, runner: asyncio.Runner, tmp_path: Path
) -> None:
    source = MemorySource({"p": [a_flood(0), value, a_flood(1)]})
    process = Process(a_watch(tmp_path), source, MemoryState())
    stalls = Stalls()

    async def read() -> None:
        watching = asyncio.create_task(stalls.watch())
        await asyncio.sleep(TICK_SECONDS)
        await process.read_all()
        await asyncio.sleep(2 * TICK_SECONDS)
        watching.cancel()

    runner.run(read())

    assert [each.reason for each in process.dead_letters.kept] == ([] if reason is None else [reason])
    assert len(process.waiting()) == 2 + ("فيضان".encode() in value)
    assert stalls.longest <= MOST_STALL_SECONDS
