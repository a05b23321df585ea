"""What is shown of requests to us, and of what people say of alerts."""

from prometheus_client import CollectorRegistry

from daemon.metric_kinds import Registered


class ApiMetrics(Registered):
    """The part of ``Metrics`` that is about the API."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        counter, says = self._counter, "Requests to us, by route, the scope that it needs, and kind of status."
        self.api_requests = counter("api_requests_total", says, "route", "scope", "status")
