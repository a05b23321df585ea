"""Records read again tell nothing again, wherever the reading begins anew."""

import asyncio
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.store.memory_state import MemoryState
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Record
from daemon.watch import Watch
from tests.daemon.build import NOW, Process, a_line, a_watch

TOPICS = "topics:\n  floods: {match: فيضان, updates: {floor: 0s}}\n"
HEADLINES = (
    "فيضان يغمر سوق بلدة الحجر ومقتل 7",
    "فيضان يغمر سوق بلدة الحجر ومقتل 9",
    "فيضان يغمر سوق بلدة الحجر ومقتل 12 في سوريا",
    "وزارة الري تنفي حدوث فيضان يغمر سوق بلدة الحجر",
    "تصحيح: فيضان يغمر سوق بلدة الحجر ومقتل 7",
)
BODY = " ".join(f"كلمة{step}رقم" for step in range(40))
LANGUAGES = ("ar", "ar", "tr", "fr")


class Reading(NamedTuple):
    """One version of an article."""

    article: int
    headline: int


READINGS = st.lists(
    st.builds(Reading, st.integers(0, len(LANGUAGES) - 1), st.integers(0, len(HEADLINES) - 1)), min_size=1, max_size=9
)


@cache
def the_watch() -> Watch:
    with TemporaryDirectory() as folder:
        return a_watch(Path(folder), topics=TOPICS)


def told(readings: Sequence[Reading]) -> dict[str, int]:
    """The deliveries that they lead to, with the number of each notice."""
    records = [
        Record(
            offset,
            a_line(
                id=f"article {reading.article}",
                title=HEADLINES[reading.headline],
                body=BODY,
                source=f"outlet {reading.article}",
                lang=LANGUAGES[reading.article],
            ),
            NOW,
        )
        for offset, reading in enumerate(readings)
    ]
    state = MemoryState()
    with asyncio.Runner() as runner:
        runner.run(Process(the_watch(), MemorySource({"p": records}), state).read_all())
    bodies = {id_: json.loads(waiting.delivery.body) for id_, waiting in state.waiting.items()}
    return {id_: body["data"]["alert"]["number"] for id_, body in bodies.items()}


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(READINGS, st.data())
def test_any_part_from_the_beginning_may_be_read_twice(readings: list[Reading], data: st.DataObject) -> None:
    part = data.draw(st.integers(0, len(readings)))

    once, twice = told(readings), told([*readings[:part], *readings[:part], *readings[part:]])

    assert once == twice
    assert sorted(once.values()) == list(range(1, len(once) + 1)), "the notices are one chain"
