"""Which notices somebody asks for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.notices.timestamp import rfc3339
from daemon.history.alert_line import AlertRecord
from daemon.history.decision_line import as_written


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What must hold of a notice; of several values of one kind any. Empty ones always hold."""

    topics: Sequence[str] = ()
    severities: Sequence[str] = ()
    receivers: Sequence[str] = ()  # that get it, or from whom it was withheld
    stories: Sequence[str] = ()
    since_ms: int = 0

    def fits(self, record: AlertRecord) -> bool:
        """Whether all of it holds."""
        concerned = {each.receiver for each in record.receivers} | {each.receiver for each in record.withheld}
        return (
            (not self.topics or record.topic.id in self.topics)
            and (not self.severities or record.severity.value in self.severities)
            and (not self.receivers or not concerned.isdisjoint(self.receivers))
            and (not self.stories or record.story.id in self.stories)
            and not self.too_old(record)
        )

    def too_old(self, record: AlertRecord) -> bool:
        """Whether it, and so what stands before it in the log, was told before ``since_ms``."""
        return bool(self.since_ms) and record.at < rfc3339(self.since_ms)

    def needles(self) -> list[bytes]:
        """Texts that stand in the line of each notice that fits: the store looks for them, and sends less."""
        kinds = (self.topics, self.severities, self.receivers, self.stories)
        return [as_written(kind[0]) for kind in kinds if len(kind) == 1]
