"""Short builders for tests of the process."""

import base64
import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.admission.memory_admission import MemoryAdmission
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.silences.known import KnownSilences
from alerts.silences.memory_silences import MemorySilences
from alerts.store.memory_state import MemoryState
from alerts.verdicts.memory_verdicts import MemoryVerdicts
from daemon.announcer import Announcer
from daemon.consumer import Consumer
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit, Rejected
from daemon.sources.decode import Decoder
from daemon.sources.source import Source
from daemon.watch import Watch, load_watch

SECRET = "whsec_" + base64.b64encode(b"only for the tests of the daemon").decode()

TOPICS = """\
topics:
  floods:
    title: {ar: فيضانات, en: Floods}
    severity: warning
    match: |
      فيضان OR flood
  harbours:
    match: |
      ميناء OR harbour
"""

NOW = 1_900_000_000_000
DAY_MS = 86_400_000


def a_line(**fields: object) -> bytes:
    """One article as its publisher sends it."""
    return json.dumps({"title": "", "body": "", **fields}, ensure_ascii=False).encode()


def a_flood(number: int, place: str = "") -> bytes:
    """An article that ``floods`` is about; each number is another story."""
    words = " ".join(f"{place}كلمة{number}رقم{step}" for step in range(30))
    return a_line(id=f"flood-{number}", title=f"فيضان في بلدة {place}{number}", body=words, source="example.org")


def quiet(number: int) -> bytes:
    """An article that concerns no topic."""
    return a_line(id=f"quiet-{number}", title="أسعار الخضار مستقرة", body="لا جديد")


def write_config(folder: Path, *, topics: str = TOPICS, **sections: object) -> Path:
    """A configuration with one receiver, in JSON, which is YAML too."""
    (folder / "topics.yaml").write_text(topics, encoding="utf-8")
    (folder / "secret").write_text(SECRET, encoding="utf-8")
    content: dict[str, object] = {
        "name": "test",
        "state_dir": "state",
        "topics": ["topics.yaml"],
        "sources": [{"file": {"path": "articles.jsonl", "follow": True}}],
        "receivers": [
            {"name": "desk", "url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}
        ],
        "http": {"listen": "127.0.0.1:0", "requests_per_second": 10_000},  # tests ask until it is so
    }
    content |= sections
    path = folder / "rasid.yaml"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


def a_watch(folder: Path, **sections: object) -> Watch:
    """What ``write_config`` says, loaded. Without sections it is always the same and compiled once."""
    if not sections:
        return _plain_watch()
    return load_watch(write_config(folder, **sections))  # type: ignore[arg-type]


@cache
def _plain_watch() -> Watch:
    with TemporaryDirectory() as folder:
        return load_watch(write_config(Path(folder)))


class MemoryDeadLetters:
    """Keeps what is set aside."""

    def __init__(self) -> None:
        self.kept: list[Rejected] = []

    async def add(self, rejected: Sequence[Rejected]) -> None:
        self.kept += rejected


class Process:
    """One process over memory twins, without its loops: the test makes each step."""

    def __init__(
        self, watch: Watch, source: Source, state: MemoryState, *, max_ratio: float = 1.0, label: str = ""
    ) -> None:
        versions = count(1)
        self.state = state
        self.silences = KnownSilences(
            MemorySilences(state), now_ms=lambda: self.now_ms, new_version=lambda: f"s{next(versions)}", keep_ms=DAY_MS
        )
        self.verdicts = MemoryVerdicts()
        self.watch = watch  # replace it to reload
        self.outbox = MemoryOutbox(state, "one")
        self.admission = MemoryAdmission(state)
        self.dead_letters = MemoryDeadLetters()
        self.metrics = Metrics("test")
        self.metrics.topics.add(watch.topics)
        self.source = source
        self.woken = 0
        self.now_ms = NOW  # set it to let time pass
        tag = id(self)
        pipeline = Pipeline(
            name="test",
            decoder=Decoder(),
            watch=lambda: self.watch,
            admission=self.admission,
            dead_letters=self.dead_letters,
            limit=Limit(max_ratio),
            metrics=self.metrics,
            now_ms=lambda: self.now_ms,
            new_version=lambda: f"{tag}-{next(versions)}",
            admitted=self._wake,
            silences=lambda: self.silences.in_force,
            judged=lambda alerts: self.verdicts.judged(alerts),
        )
        self.consumer = Consumer(
            source=source,
            pipeline=pipeline,
            admission=self.admission,
            outbox=self.outbox,
            metrics=self.metrics,
            now_ms=lambda: self.now_ms,
            new_incarnation=lambda: f"incarnation-{tag}-{next(versions)}",
            announcer=Announcer(
                name="test",
                outbox=self.outbox,
                receivers=lambda: self.watch.receivers,
                now_ms=lambda: self.now_ms,
                added=self._wake,
            ),
            label=label,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def read_all(self) -> None:
        """Step until nothing comes."""
        while await self.consumer.step():
            pass

    def waiting(self) -> list[str]:
        """Deliveries that are unfinished."""
        return sorted(self.state.waiting)


def value_of(metrics: Metrics, name: str, labels: Mapping[str, str] | None = None) -> float:
    """A sample of the registry."""
    return metrics.registry.get_sample_value(name, dict(labels or {})) or 0.0
