"""A batch on its way through the pipeline: what was read of it, then what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from alerts.admission.admission import RecordEffects
from alerts.model import Outcome
from daemon.history.noted import Noted
from daemon.look import Matched
from daemon.sources.dead_letters import Rejected
from daemon.sources.source import Record
from daemon.tracing.record_spans import RecordSpans


@dataclass(slots=True)
class Read:
    """A batch after decoding and matching: outcomes that are known already, and articles to decide about."""

    spans: RecordSpans
    settled: list[tuple[Record, Outcome]] = field(default_factory=list)
    matched: list[Matched] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    bad_dates: int = 0
    repeated: int = 0  # paragraphs that give no evidence because their source repeats them
    noted: Noted = field(default_factory=Noted)


@dataclass(slots=True)
class Decided:
    """A batch after the story decisions."""

    version: str  # of the story memory that they rest on
    effects: Sequence[RecordEffects]
    opened: list[str] = field(default_factory=list)  # the topics of alerts that are new
    updated: list[str] = field(default_factory=list)  # the reasons of updates
    withheld: list[str] = field(default_factory=list)  # why receivers are not told
    alerts: list[tuple[int, str]] = field(default_factory=list)  # offset and alert, new or not
