"""What is shown of reading: records and what came of them, positions, how far behind they are."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry

from alerts.model import Outcome
from daemon.metrics.metric_kinds import REQUEST_BUCKETS, Registered, begin
from daemon.metrics.metric_labels import Names

MATCH_BUCKETS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
"""Seconds. Matching usually takes less than a millisecond."""


class ReadingMetrics(Registered):
    """The part of ``Metrics`` that is about the consume side."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.partitions = Names()
        self._behind: dict[int, dict[str, tuple[int, float]]] = {}
        counter, gauge, histogram = self._counter, self._gauge, self._histogram
        self.records = counter("records_total", "Records that left the consume side, by outcome.", "outcome")
        self.invalid = counter("invalid_records_total", "Records that hold no article, by reason.", "reason")
        self.bad_dates = counter(
            "unreadable_dates_total", "Articles whose published_at was ignored: unreadable, impossible or yet to come."
        )
        self.repeated_paragraphs = counter(
            "repeated_paragraphs_total",
            "Paragraphs that gave no evidence, for their source carried them under another title within 72 hours.",
        )
        self.near_misses = counter(
            "near_misses_total",
            "Records noted for `rasid why`: articles that had a topic's words and did not match, and records that held "
            "none; left_out are those that were more than may be noted in a second.",
            "outcome",
        )
        self.match_seconds = histogram(
            "match_seconds", "Decoding and matching one article, averaged over a batch.", MATCH_BUCKETS
        )
        self.topic_seconds = counter(
            "topic_seconds_total", "Closer looks at articles for a topic, beyond what all topics share.", "topic"
        )
        self.admit_seconds = histogram("admit_seconds", "One batch from the look-up to the write.", REQUEST_BUCKETS)
        self.admits = counter("admit_answers_total", "Answers of the store to a batch.", "answer")
        self.seeks = counter("seeks_total", "Times the position was moved, by reason.", "reason")
        self.skipped = counter("skipped_offsets_total", "Offsets passed over, no longer in the source.", "reason")
        self.realerted = counter(
            "realerted_total",
            "Alerts of records read again because Redis had lost them: told twice at most.",
        )
        self.rebalances = counter("rebalances_total", "Times that Kafka gave out the partitions anew.")
        self.rebuilds = counter(
            "consumer_rebuilds_total", "Kafka consumers replaced by a new one, by reason.", "reason"
        )
        self.lag_records = gauge("consumer_lag_records", "Records in the source after our position.", "partition")
        self.lag_seconds = gauge(
            "consumer_lag_seconds", "Age of the last record read, 0 with no later one.", "partition"
        )
        self.committed = gauge("checkpoint_timestamp_seconds", "When the positions of a source were last committed.")
        self.paused = gauge("consumer_paused", "1 while reading waits for the outbox to empty.")
        begin(self.records, Outcome)
        begin(self.skipped, ("retention", "recreated"))
        begin(self.rebuilds, ("stuck", "not_joined"))

    def rebalanced(self) -> None:
        """The Kafka source's observer: partitions were given out anew."""
        self.rebalances.inc()

    def rebuilt(self, reason: str) -> None:
        """The Kafka source's observer: a consumer stood still and was replaced."""
        self.rebuilds.labels(reason).inc()

    def lag(self, reader: object, behind: Mapping[str, tuple[int, float]]) -> None:
        """How far ``reader`` is behind, by partition, in records and seconds; those of one label show the furthest."""
        self._behind[id(reader)] = dict(behind)
        self.partitions.add(behind)
        furthest: dict[str, tuple[float, float]] = {}
        for partition, lag in (each for known in self._behind.values() for each in known.items()):
            label = self.partitions.label(partition)
            most = furthest.get(label, (0, 0))
            furthest[label] = max(most[0], lag[0]), max(most[1], lag[1])
        self.lag_records.clear()
        self.lag_seconds.clear()
        for label, (records, seconds) in furthest.items():
            self.lag_records.labels(label).set(records)
            self.lag_seconds.labels(label).set(seconds)
