"""A backtest against a real daemon that is killed in the middle of the same archive: the same ids."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from alerts.ids import delivery_id
from processors.model import Article
from tests.daemon.backtest.archive import archive
from tests.daemon.build import TOPICS, a_line
from tests.end_to_end.daemon import append, daemon, receiver, wait_until

# A file is read in a moment: what waits between updates would be told by the daemon's clock, not the archive's.
AT_ONCE = TOPICS.replace("    severity: warning\n", "    severity: warning\n    updates: {floor: 0s}\n")
ONCE = {"sources": [{"file": {"path": "articles.jsonl"}}], "topics": AT_ONCE}


def as_published(article: Article) -> bytes:
    fields = {name: getattr(article, name) for name in ("id", "title", "body", "source", "url", "lang")}
    return a_line(**fields, published_at=str(article.published_at))


def test_a_daemon_killed_in_the_middle_tells_what_the_backtest_tells_id_by_id(tmp_path: Path) -> None:
    append(tmp_path, *(as_published(article) for article in archive(days=40)))
    with receiver() as hook:
        for kill_after in (5, 60):
            with daemon(tmp_path, hook, "--once", **ONCE) as running:
                wait_until(lambda: len(hook.posts) > kill_after, "some alerts")  # noqa: B023 - asked at once
                running.process.send_signal(signal.SIGKILL)
                running.process.wait()
        with daemon(tmp_path, hook, "--once", **ONCE) as running:
            assert running.process.wait(60) == 0

    command = [sys.executable, "-m", "daemon", "backtest", "-c", "rasid.yaml", "--format", "jsonl", "articles.jsonl"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    lines = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True).stdout.splitlines()
    told = [json.loads(line) for line in lines]

    assert len(told) > 160
    assert {each["reason"] for each in told} > {"opened"}
    assert {webhook for webhook, _ in hook.posts} == {delivery_id("desk", each["notice"]) for each in told}
    assert {json.loads(body)["data"]["story"]["id"] for _, body in hook.posts} == {each["story"] for each in told}
