"""Every metric of the daemon, by subject: what each part has is in the file of that part.

Labels come from closed sets. Topics and receivers have series of their own for the first 100 in the order of the
configuration, the rest share ``other``: however many there are, fewer than 2,000 series exist.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import generate_latest

from daemon.metrics.api_metrics import ApiMetrics
from daemon.metrics.delivery_metrics import DeliveryMetrics
from daemon.metrics.reading_metrics import ReadingMetrics
from daemon.metrics.source_metrics import SourceMetrics
from daemon.metrics.store_metrics import StoreMetrics
from daemon.metrics.telling_metrics import TellingMetrics
from daemon.metrics.trace_metrics import TraceMetrics

LATE_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 5, 30)
"""Seconds. The loop is promised to others at least every 50 ms; past a second health checks are late, too."""


class Metrics(ReadingMetrics, TellingMetrics, DeliveryMetrics, StoreMetrics, SourceMetrics, ApiMetrics, TraceMetrics):
    """All metrics, on a registry of their own."""

    def __init__(self, version: str) -> None:
        # A second series for each counter, which says when the process began: one gauge is enough for that.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        super().__init__(CollectorRegistry())
        ProcessCollector(registry=self.registry)
        counter, gauge = self._counter, self._gauge
        self.up = gauge("ready", "1 while /-/ready answers 200.")
        self.late = self._histogram("loop_late_seconds", "By how much a wake-up of the loop came late.", LATE_BUCKETS)
        self.reloads = counter("reloads_total", "Attempts to reload topics and configuration.", "result")
        self.loaded = gauge("config_loaded_timestamp_seconds", "When the configuration in force was loaded.")
        self.valid = gauge("config_valid", "0 while the file on disk has errors and an older one is in force.")
        self.watched = gauge("topics", "Topics watched.")
        gauge("build_info", "1; the label is the version.", "version").labels(version).set(1)

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)


def every_metric() -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, help and labels of each metric, for the documentation."""
    metrics = Metrics("")
    described = []
    for each in vars(metrics).values():
        if isinstance(each, Counter | Gauge | Histogram):
            family = next(iter(each.describe()))
            name = family.name + ("_total" if isinstance(each, Counter) else "")
            described.append((name, family.documentation, tuple(each._labelnames)))
    return sorted(described)
