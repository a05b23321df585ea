"""What is shown of Redis."""

from prometheus_client import CollectorRegistry

from alerts.store.redis_safety import Flaw, Health
from daemon.metrics.metric_kinds import REQUEST_BUCKETS, Registered, begin


class StoreMetrics(Registered):
    """The part of ``Metrics`` that is about the store."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        gauge = self._gauge
        self.store_answers = gauge("redis_up", "1 while Redis answers.")
        self.store_flaws = gauge("redis_unsafe", "1 where Redis may lose what it acknowledged, by reason.", "reason")
        self.store_used = gauge("redis_memory_used_bytes", "Memory that Redis has used.")
        self.store_limit = gauge("redis_memory_limit_bytes", "Redis' maxmemory, 0 where it has none.")
        self.store_seconds = self._histogram("redis_answer_seconds", "One question about its health.", REQUEST_BUCKETS)
        begin(self.store_flaws, Flaw)

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
