"""What is shown of requests to us, and of what people say of alerts."""

from collections import defaultdict

from prometheus_client import CollectorRegistry

from alerts.verdicts.verdict import precision
from alerts.verdicts.verdicts import Counts
from daemon.metrics.metric_kinds import Registered
from daemon.metrics.metric_labels import Names


class ApiMetrics(Registered):
    """The part of ``Metrics`` that is about the API."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        counter, says = self._counter, "Requests to us, by route, the scope that it needs, and kind of status."
        self.api_requests = counter("api_requests_total", says, "route", "scope", "status")
        self.judged = Names()
        self.costs: defaultdict[str, float] = defaultdict(float)  # seconds by topic, all topics: for the API
        self.looked_at = 0  # records
        self.precision = self._gauge(
            "topic_precision_ratio",
            "Relevant alerts of those that people judged relevant or not, of topics that they judged.",
            "topic",
        )

    def judge(self, counts: Counts) -> None:
        """What people said of alerts so far; topics beyond those with a label of their own are not shown."""
        self.judged.add(sorted(counts))
        self.precision.clear()
        for topic, said in counts.items():
            share = precision(said)
            if share is not None and self.judged.label(topic) == topic:
                self.precision.labels(topic).set(share)
