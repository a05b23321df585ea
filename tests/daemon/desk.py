"""Articles in, notices out, as the receivers of a desk get them: through the pipeline, over memory twins."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from itertools import count
from typing import Any

from jsonschema import Draft202012Validator

from alerts.model import Attempt, Reply
from alerts.store.memory_state import MemoryState
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Record
from daemon.watch import Watch
from tests.daemon.build import NOW, Process, a_line

MINUTE = 60_000
BEGUN = NOW - 600 * MINUTE
SCHEMAS = {
    type_: Draft202012Validator(json.loads(files("alerts").joinpath(f"schemas/{type_}.json").read_text("utf-8")))
    for type_ in ("alert.opened", "alert.updated", "alert.corrected")
}
TITLE = "فيضان يغمر سوق بلدة الحجر"
BODY = " ".join(f"كلمة{step}رقم" for step in range(40))
FLOODS = "topics:\n  floods: {{title: {{ar: فيضانات}}, match: فيضان OR flood, updates: {{{}}}}}\n"

NIGHT = {
    "name": "nights",
    "time_intervals": [
        {
            "location": "Africa/Cairo",
            "times": [
                {"start_time": "22:00", "end_time": "24:00"},
                {"start_time": "00:00", "end_time": "07:00"},
            ],
        }
    ],
}
MIDNIGHT, DAWN, MORNING = "2030-03-18T00:00+02:00", "2030-03-18T06:59+02:00", "2030-03-18T07:00+02:00"


def receivers(**events: list[str]) -> list[dict[str, object]]:
    """Receivers by name, with the events that each wants, for a configuration."""
    shared = {"url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}
    return [{"name": name, "events": wanted, **shared} for name, wanted in events.items()]


class Desk:
    """Articles in, notices out, through memory twins."""

    def __init__(self, watch: Watch, runner: asyncio.Runner) -> None:
        self.source = MemorySource({"p": []})
        self.process = Process(watch, self.source, MemoryState())
        self.runner = runner
        self.offsets = count()
        self.begun = BEGUN

    def at(self, moment: str) -> "Desk":
        """It is that moment now, and articles come from then on."""
        self.begun = self.process.now_ms = round(datetime.fromisoformat(moment).timestamp() * 1000)
        return self

    def reads(self, minute: float = 0, **article: Any) -> list[dict[str, Any]]:
        """What is told when the article comes, each body with its ``receiver``."""
        values = {"id": "a", "title": TITLE, "body": BODY, "source": "الساحل", "lang": "ar"} | article
        self.source.add("p", self.record(self.begun + round(minute * MINUTE), **values))
        self.runner.run(self.process.read_all())
        return self.runner.run(self.told())

    def record(self, appended_ms: int | None = None, **values: Any) -> Record:
        """The next of the source, come now unless told otherwise."""
        when = self.process.now_ms if appended_ms is None else appended_ms
        return Record(next(self.offsets), a_line(**values), when, "p")

    @property
    def log(self) -> list[dict[str, Any]]:
        """Lines of the decision log."""
        return [json.loads(line) for line in self.process.state.decisions]

    async def told(self) -> list[dict[str, Any]]:
        """What is to be delivered, taken as every receiver would take it."""
        found = []
        free = dict.fromkeys(self.process.watch.receivers, 100)
        while leased := (await self.process.outbox.lease(free, self.process.now_ms, 20_000)).leased:
            for each in leased:
                body = json.loads(each.delivery.body)
                if each.delivery.type in SCHEMAS:
                    SCHEMAS[each.delivery.type].validate(body)
                style = [each.delivery.locale, each.delivery.timezone]
                found.append({**body, "receiver": each.delivery.receiver, "style": style})
                await self.process.outbox.delivered(each, Attempt(Reply.DELIVERED, 204), self.process.now_ms)
        return found


def shown(told: Sequence[dict[str, Any]]) -> list[tuple[str, str, str, int]]:
    """Receiver, type, reason and number of each."""
    return [
        (each["receiver"], each["type"], each["data"]["alert"]["reason"], each["data"]["alert"]["number"])
        for each in told
    ]
