"""Every metric of the daemon: name, help and labels, in one place.

Labels come from closed sets. Topics and receivers have series of their own for the first 100 in the order of the
configuration, the rest share ``other``: however many there are, fewer than 2,000 series exist.
"""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import generate_latest

from alerts.grouped import HELD, SINGLE
from alerts.heart import Beat
from alerts.model import FLAWS, Attempt, Leased, Outcome, Reply, Wait
from alerts.observer import Ending
from alerts.outbox.outbox import Depth
from alerts.redis_safety import Flaw, Health
from alerts.standing import Standing, State
from alerts.withholding import Why
from daemon.metrics.api_metrics import ApiMetrics
from daemon.metrics.metric_kinds import begin
from daemon.metrics.metric_labels import Names
from daemon.metrics.source_metrics import SourceMetrics
from processors.stories.reasons import Reason

DEAD_REASONS = ("exhausted", "gone", "receiver_disabled", "receiver_removed")
"""Why a delivery is given up: the closed set of ``alerts.outbox.outbox.DeadLetter``."""

MATCH_BUCKETS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
REQUEST_BUCKETS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
WAIT_BUCKETS = (0.01, 0.1, 0.5, 1, 5, 30, 300, 3600, 86400)
"""Seconds, two steps in each power of ten. Matching usually takes less than a millisecond. A request may take the 15 s
of an attempt. A wait runs from a prompt delivery to one that had to be tried again for days."""

LATE_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 5, 30)
"""Seconds. The loop is promised to others at least every 50 ms; past a second health checks are late, too."""


class Metrics(SourceMetrics, ApiMetrics):
    """All metrics, on a registry of their own."""

    def __init__(self, version: str) -> None:
        # A second series for each counter, which says when the process began: one gauge is enough for that.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        super().__init__(CollectorRegistry())
        self.topics = Names()
        self.receivers = Names()
        self.partitions = Names()
        self._behind: dict[int, dict[str, tuple[int, float]]] = {}
        ProcessCollector(registry=self.registry)

        self._register_reading()
        self._register_telling()
        self._register_delivering()
        self._register_store()
        self._register_process(version)

    def _register_reading(self) -> None:
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

    def _register_telling(self) -> None:
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

    def _register_delivering(self) -> None:
        counter, gauge, histogram = self._counter, self._gauge, self._histogram
        self.attempts = counter("attempts_total", "Requests to receivers, by what came of them.", "receiver", "reply")
        self.flawed = counter(
            "flawed_deliveries_total",
            "Deliveries that arrived, but not as meant: `template` told in our words, `some_refused` mail recipients.",
            "reason",
        )
        begin(self.flawed, FLAWS)
        self.attempt_seconds = histogram("attempt_seconds", "One request to a receiver.", REQUEST_BUCKETS)
        self.deliveries = counter("settled_total", "Attempts settled, by ending.", "receiver", "ending")
        self.dead = counter("dead_deliveries_total", "Deliveries given up, by reason.", "reason")
        begin(self.dead, DEAD_REASONS)
        self.delivery_seconds = histogram("delivery_seconds", "From admission to the receiver's 2xx.", WAIT_BUCKETS)
        self.ready = gauge("outbox_ready", "Unfinished deliveries.")
        self.pending = gauge(
            "outbox_pending", "Notices that wait for others, for an hour, or for the digest of a backlog."
        )
        self.oldest = gauge("outbox_oldest_seconds", "Age of the oldest unfinished delivery, 0 if none.")
        self.dead_kept = gauge("outbox_dead", "Dead deliveries that can be replayed.")
        self.replays_waiting = gauge("replays_waiting", "Deliveries that wait for their turn to be sent again.")
        self.waiting = gauge("receiver_ready", "Unfinished deliveries, by receiver.", "receiver")
        self.heartbeats = counter(
            "heartbeats_total",
            "Heartbeats by what became of them: `dropped`, not taken in time; `withheld`, all was not well.",
            "receiver",
            "ending",
        )
        self.failing = gauge(
            "receiver_failing_seconds",
            "Since the first failure of a receiver that did not work since, 0 if none.",
            "receiver",
        )
        self.held_back = gauge(
            "receiver_held_back",
            "1 while a receiver is only probed now and then, for it failed in a row, or asked to be left alone.",
            "receiver",
        )
        self.disabled = gauge(
            "receiver_disabled",
            "1 while a receiver is not called any more: it answered 410, or failed for days.",
            "receiver",
        )

    def _register_store(self) -> None:
        gauge = self._gauge
        self.store_answers = gauge("redis_up", "1 while Redis answers.")
        self.store_flaws = gauge("redis_unsafe", "1 where Redis may lose what it acknowledged, by reason.", "reason")
        self.store_used = gauge("redis_memory_used_bytes", "Memory that Redis has used.")
        self.store_limit = gauge("redis_memory_limit_bytes", "Redis' maxmemory, 0 where it has none.")
        self.store_seconds = self._histogram("redis_answer_seconds", "One question about its health.", REQUEST_BUCKETS)
        begin(self.store_flaws, Flaw)

    def _register_process(self, version: str) -> None:
        counter, gauge = self._counter, self._gauge
        self.up = gauge("ready", "1 while /-/ready answers 200.")
        self.late = self._histogram("loop_late_seconds", "By how much a wake-up of the loop came late.", LATE_BUCKETS)
        self.reloads = counter("reloads_total", "Attempts to reload topics and configuration.", "result")
        self.loaded = gauge("config_loaded_timestamp_seconds", "When the configuration in force was loaded.")
        self.valid = gauge("config_valid", "0 while the file on disk has errors and an older one is in force.")
        self.watched = gauge("topics", "Topics watched.")
        gauge("build_info", "1; the label is the version.", "version").labels(version).set(1)

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        """The dispatcher's observer: a request was made."""
        self.attempts.labels(self.receivers.label(leased.delivery.receiver), attempt.reply.value).inc()
        self.attempt_seconds.observe(attempt.seconds)
        if attempt.reply is Reply.DELIVERED and attempt.error in FLAWS:
            self.flawed.labels(attempt.error).inc()

    def store(self, health: Health) -> None:
        """How Redis does."""
        self.store_answers.set(health.answers)
        for flaw in Flaw:
            self.store_flaws.labels(flaw.value).set(flaw is health.flaw)
        if not health.answers:
            return
        self.store_used.set(health.used_bytes)
        self.store_limit.set(health.limit_bytes)
        self.store_seconds.observe(health.seconds)

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        """The dispatcher's observer: the store took the outcome. A replay's wait was a person's, and is not shown."""
        self.deliveries.labels(self.receivers.label(leased.delivery.receiver), ending.value).inc()
        if ending is Ending.DEAD:
            self.dead.labels(reason).inc()
        if ending is Ending.DELIVERED and not leased.replay:
            self.delivery_seconds.observe(max(0, now_ms - leased.delivery.created_ms) / 1000)

    def beat(self, receiver: str, beat: Beat) -> None:
        """The heart's observer: what became of a heartbeat."""
        self.heartbeats.labels(self.receivers.label(receiver), beat.value).inc()

    def paced(self, outcome: str, notices: int) -> None:
        """The pacer's observer: what came of notices that waited."""
        self.paced_notices.labels(outcome).inc(notices)

    def silenced_late(self, notices: int, *, paced: bool) -> None:
        """The observer of silences: notices that waited are not told."""
        self.withheld.labels(Why.SILENCED.value).inc(notices)
        self.paced_notices.labels(Why.SILENCED.value).inc(notices * paced)

    def rebalanced(self) -> None:
        """The Kafka source's observer: partitions were given out anew."""
        self.rebalances.inc()

    def rebuilt(self, reason: str) -> None:
        """The Kafka source's observer: a consumer stood still and was replaced."""
        self.rebuilds.labels(reason).inc()

    def removed(self, deliveries: int) -> None:
        """The dispatcher's observer: the receiver of so many deliveries is no longer configured."""
        self.dead.labels("receiver_removed").inc(deliveries)

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        """The dispatcher's observer: how receivers stand. Those that share a label show the worst of them."""
        waiting: dict[str, bool] = {}
        failing: dict[str, float] = {}
        disabled: dict[str, bool] = {}
        for receiver, each in standings.items():
            label = self.receivers.label(receiver)
            waiting[label] = waiting.get(label, False) or each.state is State.WAITING
            disabled[label] = disabled.get(label, False) or each.state is State.DISABLED
            seconds = max(0, now_ms - each.failing.first_ms) / 1000 if each.failing else 0
            failing[label] = max(failing.get(label, 0), seconds)
        for gauge in (self.held_back, self.failing, self.disabled):
            gauge.clear()
        for label in failing:
            self.held_back.labels(label).set(waiting[label])
            self.failing.labels(label).set(failing[label])
            self.disabled.labels(label).set(disabled[label])

    def depth(self, depth: Depth, now_ms: int) -> None:
        """How full the outbox is."""
        self.ready.set(depth.ready)
        self.pending.set(depth.pending)
        self.oldest.set(max(0, now_ms - depth.oldest_ms) / 1000 if depth.oldest_ms else 0)
        self.dead_kept.set(depth.dead)
        waiting: dict[str, int] = {}
        for receiver, count in depth.by_receiver.items():
            label = self.receivers.label(receiver)
            waiting[label] = waiting.get(label, 0) + count
        self.waiting.clear()
        for label, count in waiting.items():
            self.waiting.labels(label).set(count)

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
