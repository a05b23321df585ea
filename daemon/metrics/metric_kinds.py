"""How a metric of ours is made: named ``rasid_…``, on one registry."""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REQUEST_BUCKETS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
"""Seconds, two steps in each power of ten. A request may take the 15 s of an attempt."""


class Registered:
    """Makes metrics on its registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"rasid_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"rasid_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(f"rasid_{name}", text, buckets=buckets, registry=self.registry)


def begin(metric: Counter | Gauge, values: Iterable[str]) -> None:
    """A series that exists from the start can be watched for its first."""
    for value in values:
        metric.labels(value)
