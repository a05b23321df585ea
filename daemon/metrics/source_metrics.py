"""What is shown of each configured source and of each outlet that a configuration names: so that silence is seen.

Whatever articles say their source is, there are no other labels than the configuration's.
"""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry

from daemon.metrics.metric_kinds import Registered, begin
from daemon.metrics.metric_labels import OWN_SERIES, Names
from processors.stories.credits import outlet_key

MOST_SOURCES = 20
"""Of one process, with series of their own: a configuration has two or three."""


class SourceMetrics(Registered):
    """The part of ``Metrics`` that is about sources."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.sources = Names(MOST_SOURCES)
        self.outlets: dict[str, str] = {}  # as names are compared → as the configuration writes it
        counter, gauge = self._counter, self._gauge
        self.source_records = counter("source_records_total", "Records read, by configured source.", "source")
        self.source_looked = gauge(
            "source_look_timestamp_seconds", "When reading last came round: each second.", "source"
        )
        self.source_partitions = gauge("source_partitions", "Partitions or files that this process reads.", "source")
        self.outlet_articles = counter(
            "outlet_articles_total", "Articles of the outlets that `stories.outlets` names.", "outlet"
        )

    def watch_sources(self, labels: Sequence[str]) -> None:
        """Name the configured sources, each with a series from the start."""
        self.sources.add(labels)
        begin(self.source_records, map(self.sources.label, labels))

    def watch_outlets(self, names: Iterable[str]) -> None:
        """Count the articles of these from now on, each from 0, so that the silence of one can be seen."""
        for name in names:
            if len(self.outlets) < OWN_SERIES:
                self.outlet_articles.labels(self.outlets.setdefault(outlet_key(name), name))

    def came_from(self, source: str) -> None:
        """An article was read for the first time. Of outlets that nobody watches nothing is counted."""
        if self.outlets and (name := self.outlets.get(outlet_key(source))) is not None:
            self.outlet_articles.labels(name).inc()

    def read_from(self, source: str, records: int) -> None:
        """The store took so many records of ``source``."""
        self.source_records.labels(self.sources.label(source)).inc(records)

    def looked(self, source: str, partitions: int, now_ms: int) -> None:
        """Reading of ``source`` came round."""
        label = self.sources.label(source)
        self.source_looked.labels(label).set(now_ms / 1000)
        self.source_partitions.labels(label).set(partitions)
