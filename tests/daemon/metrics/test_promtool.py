"""Prometheus' own linter has nothing to say about our metrics."""

import subprocess

from alerts.model import Attempt, Delivery, Leased, Outcome, Reply
from daemon.metrics.metrics import Metrics
from tests.debian import promtool


def test_promtool_finds_nothing_to_mend() -> None:
    metrics = Metrics("1.0")
    metrics.receivers.add(["desk"])
    metrics.records.labels(Outcome.ALERTED.value).inc()
    delivery = Delivery(id="evt_1", receiver="desk", lane="l", type="alert.opened", notice="n", created_ms=1, body=b"")
    leased = Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)
    metrics.attempted(leased, Attempt(Reply.DELIVERED, 204, seconds=0.1))

    judged = subprocess.run([promtool(), "check", "metrics"], input=metrics.text(), capture_output=True, check=False)

    assert (judged.returncode, judged.stdout, judged.stderr) == (0, b"", b"")
