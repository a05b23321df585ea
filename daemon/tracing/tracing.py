"""What a daemon traces: wraps what it reads with and what it sends with. Without ``tracing`` both stay as they are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from alerts.senders.sender import Sender
from daemon.config.config import SourceConfig
from daemon.tracing.record_spans import BatchSpans, RecordSpans, no_spans
from daemon.tracing.span import Span
from daemon.tracing.traced_sender import TracedSender


async def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Tracing:
    """``tell`` takes each span that ended and never waits; None: nothing is traced. ``sample`` is the part of records
    without a trace of their own that begin one."""

    name: str = ""
    sample: float = 0.0
    now_ns: Callable[[], int] = lambda: 0
    tell: Callable[[Span], None] | None = None
    close: Callable[[], Awaitable[None]] = _nothing

    def spans_of(self, source: SourceConfig) -> Callable[[str], RecordSpans]:
        """The spans of each batch of a source, by its partition."""
        if (tell := self.tell) is None:
            return no_spans
        system = "kafka" if source.kafka else "file" if source.file else "stdin"
        return lambda partition: BatchSpans(
            name=self.name,
            system=system,
            partition=partition,
            sample=self.sample,
            now_ns=self.now_ns,
            tell=tell,
        )

    def sender(self, sender: Sender) -> Sender:
        """It, with a span for each attempt of a delivery that is traced."""
        return sender if self.tell is None else TracedSender(sender, now_ns=self.now_ns, tell=self.tell)
