"""What is traced of a batch: through the real pipeline, over the memory twins."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from alerts.admission.memory_admission import MemoryAdmission
from alerts.model import Delivery
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.store.memory_state import MemoryState
from daemon.config.config import SourceConfig
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit
from daemon.sources.decode import Decoder
from daemon.sources.source import Fetched, Record
from daemon.tracing.span import Span, SpanKind
from daemon.tracing.trace_context import read_traceparent
from daemon.tracing.tracing import Tracing
from tests.daemon.build import NOW, MemoryDeadLetters, a_flood, a_line, a_watch, quiet

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

KAFKA = SourceConfig.model_validate({"kafka": {"servers": ["k:9092"], "subscribe": ["news"]}})
FILE = SourceConfig.model_validate({"file": {"path": "a.jsonl"}})


@dataclass
class Traced:
    """A pipeline whose clock goes on by one nanosecond at each look."""

    folder: Path
    runner: asyncio.Runner
    sample: float = 1.0
    source: SourceConfig = KAFKA
    told: list[Span] = field(default_factory=list)
    state: MemoryState = field(default_factory=MemoryState)

    def __post_init__(self) -> None:
        watch, ticks, versions = a_watch(self.folder), count(1), count(1)
        tracing = Tracing(name="test", sample=self.sample, now_ns=lambda: next(ticks), tell=self.told.append)
        admission = MemoryAdmission(self.state)
        self.runner.run(admission.recover("news/0", 0, "incarnation"))
        self.pipeline = Pipeline(
            name="test",
            decoder=Decoder(),
            watch=lambda: watch,
            admission=admission,
            dead_letters=MemoryDeadLetters(),
            limit=Limit(1.0),
            metrics=Metrics("test"),
            now_ms=lambda: NOW,
            new_version=lambda: str(next(versions)),
            admitted=lambda: None,
            spans=tracing.spans_of(self.source),
        )

    def read(self, *records: Record) -> Sequence[Span]:
        """The spans of one batch of them."""
        before = len(self.told)
        self.runner.run(self.pipeline.process(Fetched("news/0", 0, len(records), records), "incarnation"))
        return self.told[before:]

    def deliveries(self) -> Sequence[Delivery]:
        """What waits to be sent."""
        lease = self.runner.run(MemoryOutbox(self.state, "one").lease({"desk": 100}, NOW, 1000))
        return [each.delivery for each in lease.leased]


def a_record(offset: int, value: bytes, *, parent: str = "") -> Record:
    return Record(offset, value, headers=[("traceparent", parent.encode())] if parent else [])


def test_an_article_that_concerns_no_topic_has_no_span(tmp_path: Path, runner: asyncio.Runner) -> None:
    records = a_record(0, quiet(1)), a_record(1, b"no article"), Record(2, None)

    assert Traced(tmp_path, runner).read(*records) == []


def test_a_record_that_matches_has_a_span_with_three_in_it(tmp_path: Path, runner: asyncio.Runner) -> None:
    match, story, admit, record = Traced(tmp_path, runner).read(a_record(0, a_flood(1)))

    assert (record.name, record.kind, record.parent) == ("process news", SpanKind.CONSUMER, None)
    inner = [(each.name, each.kind, each.parent) for each in (match, story, admit)]
    assert inner == [(name, SpanKind.INTERNAL, record.context) for name in ("match", "story", "admit")]
    assert {each.context.trace for each in (match, story, admit)} == {record.context.trace}
    assert len({each.context.span for each in (match, story, admit, record)}) == 4
    times = [record.start_ns, match.end_ns, story.start_ns, story.end_ns, admit.start_ns, admit.end_ns]
    assert times == sorted(times)
    assert (match.start_ns, admit.end_ns) == (record.start_ns, record.end_ns)


def test_the_span_of_a_record_names_what_came_of_it(tmp_path: Path, runner: asyncio.Runner) -> None:
    traced = Traced(tmp_path, runner)
    *_, record = traced.read(a_record(0, quiet(1)), a_record(1, a_flood(1)))
    (delivery,) = traced.deliveries()

    attributes = dict(record.attributes)
    assert attributes.pop("rasid.story.id")
    assert attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "news",
        "messaging.destination.partition.id": "0",
        "messaging.kafka.offset": 1,
        "rasid.partition": "news/0",
        "rasid.offset": 1,
        "rasid.article.id": "flood-1",
        "rasid.topics": ("floods",),
        "rasid.outcome": "alerted",
        "rasid.deliveries": (delivery.id,),
    }


def test_a_record_of_a_file_is_said_to_be_one(tmp_path: Path, runner: asyncio.Runner) -> None:
    *_, record = Traced(tmp_path, runner, source=FILE).read(a_record(0, a_flood(1)))

    assert (record.name, record.attributes["messaging.system"]) == ("process", "file")
    assert "messaging.kafka.offset" not in record.attributes


def test_a_delivery_keeps_where_its_record_stands_in_the_trace(tmp_path: Path, runner: asyncio.Runner) -> None:
    traced = Traced(tmp_path, runner)
    *_, record = traced.read(a_record(0, a_flood(1)))

    (delivery,) = traced.deliveries()
    assert read_traceparent(delivery.trace) == record.context


def test_the_trace_of_the_producer_goes_on_whatever_part_is_sampled(tmp_path: Path, runner: asyncio.Runner) -> None:
    traced = Traced(tmp_path, runner, sample=0)
    *_, record = traced.read(a_record(0, a_flood(1), parent=f"00-{TRACE}-{SPAN}-01"))

    assert record.parent == read_traceparent(f"00-{TRACE}-{SPAN}-01")
    assert record.context.trace == TRACE
    assert [read_traceparent(each.trace) for each in traced.deliveries()] == [record.context]


def test_what_the_producer_does_not_sample_has_no_span_and_its_header_goes_on(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    traced, header = Traced(tmp_path, runner), f"00-{TRACE}-{SPAN}-00"

    assert traced.read(a_record(0, a_flood(1), parent=header)) == []
    assert [each.trace for each in traced.deliveries()] == [header]


def test_a_header_that_names_no_trace_begins_one(tmp_path: Path, runner: asyncio.Runner) -> None:
    *_, record = Traced(tmp_path, runner).read(a_record(0, a_flood(1), parent=f"00-{'0' * 32}-{SPAN}-01"))

    assert record.parent is None
    assert int(record.context.trace, 16) > 0


def test_with_a_sample_of_nothing_there_are_no_spans_and_no_headers(tmp_path: Path, runner: asyncio.Runner) -> None:
    traced = Traced(tmp_path, runner, sample=0)

    assert traced.read(a_record(0, a_flood(1))) == []
    assert [each.trace for each in traced.deliveries()] == [""]


def test_a_record_read_again_after_a_loss_has_the_same_ids(tmp_path: Path, runner: asyncio.Runner) -> None:
    records = a_record(0, a_flood(1)), a_record(1, a_flood(2))
    first, again = Traced(tmp_path, runner).read(*records), Traced(tmp_path, runner).read(*records)

    assert [each.context for each in first] == [each.context for each in again]
    assert len({each.context.span for each in first}) == 8
    assert len({each.context.trace for each in first}) == 2


def test_another_record_in_the_same_place_is_another_trace(tmp_path: Path, runner: asyncio.Runner) -> None:
    *_, first = Traced(tmp_path, runner).read(a_record(0, a_flood(1)))
    *_, other = Traced(tmp_path, runner).read(a_record(0, a_flood(2)))

    assert first.context.trace != other.context.trace


def test_what_a_publisher_calls_an_article_is_made_fit_to_show(tmp_path: Path, runner: asyncio.Runner) -> None:
    line = a_line(id="x\u202e" + "y" * 100_000, title="فيضان", body="")
    *_, record = Traced(tmp_path, runner).read(a_record(0, line))

    shown = str(record.attributes["rasid.article.id"])
    assert len(shown) <= 200
    assert "\u202e" not in shown


def test_one_record_of_a_batch_may_be_traced_and_another_not(tmp_path: Path, runner: asyncio.Runner) -> None:
    records = (
        a_record(0, a_flood(1), parent=f"00-{TRACE}-{SPAN}-00"),
        a_record(1, a_flood(2), parent=f"00-{TRACE}-{SPAN}-01"),
        a_record(2, quiet(1), parent=f"00-{TRACE}-{SPAN}-01"),
    )
    spans = Traced(tmp_path, runner).read(*records)

    assert [each.attributes["rasid.offset"] for each in spans if each.kind is SpanKind.CONSUMER] == [1]
    assert len(spans) == 4
