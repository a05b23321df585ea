"""The spans of a batch: each record that matched a topic, and in it match, story and admit.

A record continues the trace that came with it, if that is sampled; one that came with none begins one, of which a part
is chosen. All ids are computed, so that a record read again after a crash has its spans again and no others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Protocol

from alerts.admission.admission import RecordEffects
from alerts.notices.plain_text import clean
from daemon.look import Matched
from daemon.sources.source import Record, traceparent
from daemon.tracing.span import Attribute, Span, SpanKind
from daemon.tracing.trace_context import TraceContext, is_chosen, read_traceparent, span_id, trace_id

MOST_IDS = 20
"""Of deliveries or topics in one attribute: a span is to be read by people, and a collector refuses huge ones."""

ID_CHARS = 200
"""Of an id that others gave, in an attribute."""


class RecordSpans(Protocol):
    """What the pipeline tells of one batch, in this order. ``begin`` comes for every record: it must cost nothing."""

    def begin(self) -> None:
        """A record's turn comes."""
        ...

    def matched(self, matched: Matched) -> Matched:
        """It matched; what it returns carries the trace on to its deliveries."""
        ...

    def deciding(self) -> None:
        """What the store remembers is asked for; again, if that changed meanwhile."""
        ...

    def decided(self, effects: RecordEffects, story: str) -> None:
        """What one of those that matched leads to is known."""
        ...

    def admitting(self) -> None:
        """The batch is about to be written."""
        ...

    def admitted(self) -> None:
        """The store has it: now the spans are told."""
        ...


class NoSpans:
    """Of a daemon that traces nothing."""

    def begin(self) -> None:
        """Nothing."""

    def matched(self, matched: Matched) -> Matched:
        """As it is."""
        return matched

    def deciding(self) -> None:
        """Nothing."""

    def decided(self, effects: RecordEffects, story: str) -> None:
        """Nothing."""

    def admitting(self) -> None:
        """Nothing."""

    def admitted(self) -> None:
        """Nothing."""


def no_spans(partition: str) -> RecordSpans:
    """For batches of a daemon that traces nothing."""
    return NoSpans()


@dataclass(slots=True)
class _Traced:
    """One record that is looked at."""

    context: TraceContext
    parent: TraceContext | None
    matched: Matched
    start_ns: int
    matched_ns: int
    decided_ns: int = 0
    effects: RecordEffects | None = None
    story: str = ""


class BatchSpans:
    """Those of one batch of ``partition``. ``system`` is where it was read: kafka, file or stdin."""

    def __init__(
        self,
        *,
        name: str,
        system: str,
        partition: str,
        sample: float,
        now_ns: Callable[[], int],
        tell: Callable[[Span], None],
    ) -> None:
        self._name = name
        self._system = system
        self._partition = partition
        self._sample = sample
        self._now_ns = now_ns
        self._tell = tell
        self._begun_ns = self._deciding_ns = self._admitting_ns = 0
        self._tries = 0
        self._traced: dict[int, _Traced] = {}  # by offset

    def begin(self) -> None:
        """A record's turn comes."""
        self._begun_ns = self._now_ns()

    def matched(self, matched: Matched) -> Matched:
        """It matched; what it returns carries the trace on to its deliveries."""
        came = read_traceparent(traceparent(matched.record))
        if came is not None and not came.sampled:
            return matched
        about = self._name, self._partition, str(matched.record.offset), _print_of(matched.record)
        trace = came.trace if came is not None else trace_id("trace", *about)
        if came is None and not is_chosen(trace, self._sample):
            return matched
        context = TraceContext(trace, span_id("record", trace, *about))
        matched = replace(matched, trace=context.header())
        self._traced[matched.record.offset] = _Traced(context, came, matched, self._begun_ns, self._now_ns())
        return matched

    def deciding(self) -> None:
        """What the store remembers is asked for; again, if that changed meanwhile."""
        self._deciding_ns = self._now_ns()
        self._tries += 1

    def decided(self, effects: RecordEffects, story: str) -> None:
        """What one of those that matched leads to is known."""
        if (traced := self._traced.get(effects.offset)) is not None:
            traced.effects, traced.story, traced.decided_ns = effects, story, self._now_ns()

    def admitting(self) -> None:
        """The batch is about to be written."""
        self._admitting_ns = self._now_ns()

    def admitted(self) -> None:
        """The store has it: now the spans are told."""
        end_ns = self._now_ns()
        for traced in self._traced.values():
            for span in self._spans_of(traced, end_ns):
                self._tell(span)

    def _spans_of(self, traced: _Traced, end_ns: int) -> Sequence[Span]:
        record = traced.context
        topic = self._partition.rpartition("/")[0] if self._system == "kafka" else ""

        def inner(name: str, start_ns: int, stop_ns: int, **attributes: Attribute) -> Span:
            context = TraceContext(record.trace, span_id(name, record.span))
            return Span(name, SpanKind.INTERNAL, context, record, start_ns, stop_ns, attributes)

        return [
            inner("match", traced.start_ns, traced.matched_ns),
            inner("story", self._deciding_ns, traced.decided_ns),
            inner("admit", self._admitting_ns, end_ns, **{"rasid.tries": self._tries}),
            Span(
                name=f"process {topic}".rstrip(),
                kind=SpanKind.CONSUMER,
                context=record,
                parent=traced.parent,
                start_ns=traced.start_ns,
                end_ns=end_ns,
                attributes=self._attributes(traced, topic),
            ),
        ]

    def _attributes(self, traced: _Traced, topic: str) -> dict[str, Attribute]:
        """Names of OpenTelemetry's conventions for messaging where there is one, ``rasid.…`` where there is none."""
        matched, effects = traced.matched, traced.effects
        attributes: dict[str, Attribute] = {
            "messaging.system": self._system,
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "rasid.partition": clean(self._partition, ID_CHARS),
            "rasid.offset": matched.record.offset,
            "rasid.article.id": clean(matched.article.id, ID_CHARS),
            "rasid.topics": tuple(verdict.topic for verdict in matched.verdicts[:MOST_IDS]),
        }
        if topic:
            attributes |= {
                "messaging.destination.name": topic,
                "messaging.destination.partition.id": self._partition.rpartition("/")[2],
                "messaging.kafka.offset": matched.record.offset,
            }
        if effects is not None:
            attributes |= {
                "rasid.story.id": traced.story,
                "rasid.outcome": effects.outcome,
            }
            for key, notices in (("rasid.deliveries", effects.deliveries), ("rasid.pending", effects.pending)):
                if notices:
                    attributes[key] = tuple(each.id for each in notices[:MOST_IDS])
        return attributes


def _print_of(record: Record) -> str:
    """What tells two records apart that stood in the same place, as when a topic was made anew."""
    return blake2b(record.value or b"", digest_size=16).hexdigest()
