"""What is shown of matches, of the alerts and updates that they led to, and of what kept those from receivers."""

from prometheus_client import CollectorRegistry

from alerts.dispatch.grouped import HELD, SINGLE
from alerts.model import Wait
from alerts.withholding import Why
from daemon.metrics.metric_kinds import Registered, begin
from daemon.metrics.metric_labels import Names
from processors.stories.reasons import Reason


class TellingMetrics(Registered):
    """The part of ``Metrics`` that is about what is told."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.topics = Names()
        counter = self._counter
        self.matches = counter("matches_total", "Articles that matched a topic.", "topic")
        self.alerts = counter("alerts_total", "Alerts opened, by topic.", "topic")
        self.updates = counter(
            "updates_total", "Updates of alerts, by reason; one with several reasons counts for each.", "reason"
        )
        self.withheld = counter(
            "withheld_total",
            "Notices that routes led to a receiver and that it was not told, by why: hours, a silence, inhibition.",
            "reason",
        )
        self.paced_notices = counter(
            "paced_notices_total",
            "Notices on routes that pace them, by what came of it: told as themselves (`single`), in a digest "
            "(`group`, `scheduled`, `throttled`), `held` by a throttle for one, or `silenced` when their turn came.",
            "outcome",
        )
        begin(self.updates, Reason)
        begin(self.withheld, Why)
        begin(self.paced_notices, (SINGLE, HELD, Why.SILENCED, Wait.GROUP, Wait.SCHEDULED, Wait.THROTTLED))

    def paced(self, outcome: str, notices: int) -> None:
        """The pacer's observer: what came of notices that waited."""
        self.paced_notices.labels(outcome).inc(notices)

    def silenced_late(self, notices: int, *, paced: bool) -> None:
        """The observer of silences: notices that waited are not told."""
        self.withheld.labels(Why.SILENCED.value).inc(notices)
        self.paced_notices.labels(Why.SILENCED.value).inc(notices * paced)
