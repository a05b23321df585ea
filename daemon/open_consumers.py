"""From each source to the consumer that reads it: the consume side, wired."""

import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from alerts.admission.admission import Admission
from alerts.outbox.outbox import Outbox
from alerts.parking.parker import Parker
from alerts.silences.silence import Silence
from daemon.announcer import Announcer
from daemon.clock import now_ms
from daemon.config.config import SourceConfig
from daemon.consumer import Consumer
from daemon.metrics.metrics import Metrics
from daemon.open_sources import Sources
from daemon.pipeline import Pipeline
from daemon.reload import Reloader
from daemon.sources.dead_letters import DeadLetters, Limit
from daemon.sources.decode import Decoder
from daemon.sources.watched_source import WatchedSource
from daemon.tracing.tracing import Tracing
from processors.topics.repeated import RepeatedParagraphs


@dataclass(frozen=True, slots=True)
class ConsumeSide:
    """What all consumers of one process share. ``added`` is called when something is ready, ``waits`` when something is
    pending."""

    reloader: Reloader
    metrics: Metrics
    admission: Admission
    outbox: Outbox
    parker: Parker | None
    tracing: Tracing
    silences: Callable[[], Sequence[Silence]]
    judged: Callable[[Sequence[str]], Awaitable[Collection[str]]]
    added: Callable[[], None]
    waits: Callable[[], None]
    repeated: RepeatedParagraphs = field(default_factory=RepeatedParagraphs)
    """One memory, for a publisher may come by several sources."""

    def open(self, stack: AsyncExitStack, sources: Sources) -> list[tuple[WatchedSource, Consumer]]:
        """A consumer of each source. ``stack`` closes the sources, then where their dead letters go."""
        limit = Limit(self.reloader.watch.loaded.config.dead_letters.max_ratio)
        dead_letters = sources.dead_letters()
        stack.push_async_callback(dead_letters.close)
        opened = sources.open()
        self.metrics.watch_sources([source.label for _, source in opened])
        consumers = []
        for written, source in opened:
            stack.push_async_callback(source.close)
            consumers.append((source, self._consumer(source, self._pipeline(written, dead_letters, limit))))
        return consumers

    def _pipeline(self, written: SourceConfig, dead_letters: DeadLetters, limit: Limit) -> Pipeline:
        return Pipeline(
            name=self.reloader.started.config.name,
            decoder=Decoder(written.fields),
            watch=lambda: self.reloader.watch,
            admission=self.admission,
            dead_letters=dead_letters,
            limit=limit,
            metrics=self.metrics,
            now_ms=now_ms,
            new_version=lambda: secrets.token_hex(8),
            admitted=self.added,
            repeated=self.repeated,
            silences=self.silences,
            judged=self.judged,
            waits=self.waits,
            spans=self.tracing.spans_of(written),
        )

    def _consumer(self, source: WatchedSource, pipeline: Pipeline) -> Consumer:
        announcer = Announcer(
            name=self.reloader.started.config.name,
            outbox=self.outbox,
            receivers=lambda: self.reloader.watch.receivers,
            now_ms=now_ms,
            added=self.added,
        )
        return Consumer(
            source=source,
            pipeline=pipeline,
            admission=self.admission,
            outbox=self.outbox,
            metrics=self.metrics,
            now_ms=now_ms,
            new_incarnation=lambda: secrets.token_hex(8),
            announcer=announcer,
            restore=self.parker.restore if self.parker is not None else None,
            label=source.label,
        )
