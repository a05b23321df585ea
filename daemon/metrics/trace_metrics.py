"""What is shown of tracing: spans that a collector took, and spans that were dropped."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry

from daemon.metrics.metric_kinds import Registered, begin

EXPORTED, DROPPED = "exported", "dropped"


class TraceMetrics(Registered):
    """The part of ``Metrics`` that is about tracing."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.spans = self._counter(
            "spans_total",
            "Spans by what became of them: `exported`, or `dropped`, for the collector did not take them in time.",
            "outcome",
        )
        begin(self.spans, (EXPORTED, DROPPED))

    def count_spans(self) -> Callable[[int, bool], None]:
        """What an exporter tells: how many, and whether the collector took them."""
        return lambda spans, taken: self.spans.labels(EXPORTED if taken else DROPPED).inc(spans)
