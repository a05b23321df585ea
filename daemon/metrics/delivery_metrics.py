"""What is shown of deliveries: requests, how they end, how receivers stand, how full the outbox is."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry

from alerts.dispatch.heart import Beat
from alerts.dispatch.observer import Ending
from alerts.dispatch.standing import Standing, State
from alerts.model import FLAWS, Attempt, Leased, Reply
from alerts.outbox.outbox import Depth
from daemon.metrics.metric_kinds import REQUEST_BUCKETS, Registered, begin
from daemon.metrics.metric_labels import Names

DEAD_REASONS = ("exhausted", "gone", "receiver_disabled", "receiver_removed")
"""Why a delivery is given up: the closed set of ``alerts.outbox.outbox.DeadLetter``."""

WAIT_BUCKETS = (0.01, 0.1, 0.5, 1, 5, 30, 300, 3600, 86400)
"""Seconds, from a prompt delivery to one that had to be tried again for days."""


class DeliveryMetrics(Registered):
    """The part of ``Metrics`` that is about the deliver side; it is the dispatcher's observer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.receivers = Names()
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

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        """The dispatcher's observer: a request was made."""
        self.attempts.labels(self.receivers.label(leased.delivery.receiver), attempt.reply.value).inc()
        self.attempt_seconds.observe(attempt.seconds)
        if attempt.reply is Reply.DELIVERED and attempt.error in FLAWS:
            self.flawed.labels(attempt.error).inc()

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
