"""Replay an archive through the real daemon into a real receiver, and reconcile both ledgers.

    python benchmarks/replay.py ARCHIVE.jsonl.gz…

One ledger is what ``rasid match`` says of the archive: every (article, topic). The other is what the receiver got:
every POST with its id and bytes, kept before it was answered. They are reconciled through the daemon's decision log,
which says for each article to which story it went:

- every (article, topic) of the first ledger is in the log, and nothing else is;
- every (topic, story) of the log was told exactly once, and nothing else was;
- no webhook-id came twice, and every POST verifies with the public ``standardwebhooks`` library.

Prints the figures as one JSON object. Exit status 1 where the ledgers differ.
"""

import argparse
import asyncio
import base64
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

from alerts.store.redis_private import PrivateServer
from daemon.demo.redis_decisions import read_decisions

SECRET = "whsec_" + base64.b64encode(b"an archive replayed, both ledgers").decode()
RASID = str(Path(sys.executable).parent / "rasid")


class Receiver:
    """Keeps every POST it was sent, then answers 204."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, bytes]] = []
        self.unverified = 0
        self._webhook = Webhook(SECRET)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {key.lower(): value for key, value in request.headers.items()}
        try:
            self._webhook.verify(body, headers)
        except Exception:  # any failure to verify counts the same
            self.unverified += 1
        self.posts.append((headers["webhook-id"], body))
        return web.Response(status=204)


def matches(archives: list[str], topics: list[str]) -> tuple[set[tuple[str, str]], float]:
    """What ``rasid match`` says, and the CPU seconds it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [RASID, "match", *(part for topic in topics for part in ("-t", topic)), *archives]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        found = {(line["article"], line["topic"]) for line in map(json.loads, process.stdout)}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write_configuration(folder: Path, port: int, archives: list[str], topics: list[str]) -> Path:
    """A daemon that reads ``archives`` once and tells one receiver everything."""
    (folder / "secret").write_text(SECRET + "\n")
    configuration = {
        "name": "replay",
        "state_dir": str(folder / "state"),
        "sources": [{"file": {"path": str(Path(archive).resolve()), "follow": False}} for archive in archives],
        "topics": topics,
        "receivers": [
            {
                "name": "ledger",
                "type": "webhook",
                "url": f"http://127.0.0.1:{port}/hook",
                "secret_file": str(folder / "secret"),
                "allow": ["127.0.0.0/8"],
            }
        ],
        "route": {"receiver": "ledger"},
        "http": {"listen": "127.0.0.1:0"},
    }
    path = folder / "rasid.yaml"
    path.write_text(json.dumps(configuration, indent=1))  # JSON is YAML
    return path


async def read_log(state_dir: Path) -> list[dict[str, Any]]:
    """The decision log that the daemon left in its private Valkey."""
    server = PrivateServer(state_dir)
    await server.start()
    decisions = await read_decisions(state_dir, "replay")
    await server.stop()
    return decisions


async def run_daemon(
    folder: Path, archives: list[str], topics: list[str]
) -> tuple[Receiver, float, float, dict[str, int], list[dict[str, Any]]]:
    """Run to the end; returns the receiver, wall seconds, CPU seconds, outcomes, and the decision log."""
    receiver = Receiver()
    app = web.Application(client_max_size=1 << 20)
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    configuration = write_configuration(folder, port, archives, topics)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = await asyncio.create_subprocess_exec(
        RASID, "run", "-c", str(configuration), "--once", stderr=asyncio.subprocess.PIPE
    )
    _, log = await process.communicate()
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    await runner.cleanup()
    if process.returncode:
        sys.exit(f"the daemon ended with status {process.returncode}:\n{log.decode(errors='replace')[-4000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return receiver, wall, cpu, outcomes_in(log.decode(errors="replace")), await read_log(folder / "state")


def outcomes_in(log: str) -> dict[str, int]:
    """The outcome counts that the daemon prints in its last log line (event ``stopped``)."""
    for line in reversed(log.splitlines()):
        if '"stopped"' in line:
            return dict(json.loads(line)["outcomes"])
    sys.exit("the daemon's log has no line 'stopped'")


def reconcile(found: set[tuple[str, str]], receiver: Receiver, decisions: list[dict[str, Any]]) -> list[str]:
    """Every way in which the ledgers differ, in words."""
    problems = []
    ids = Counter(webhook_id for webhook_id, _ in receiver.posts)
    if receiver.unverified:
        problems.append(f"{receiver.unverified} POSTs did not verify")
    if repeated := [webhook_id for webhook_id, times in ids.items() if times > 1]:
        problems.append(f"{len(repeated)} webhook-ids came more than once")
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for webhook_id, body in receiver.posts:
        data = json.loads(body)["data"]
        for topic in data["alert"]["topics"]:
            told[topic["id"], data["story"]["id"]].add(webhook_id)
    if twice := [pair for pair, under in told.items() if len(under) > 1]:
        problems.append(f"{len(twice)} (topic, story) pairs were told under two ids")
    decided = {(line["article"], topic) for line in decisions for topic in line["topics"]}
    if missing := found - decided:
        problems.append(f"{len(missing)} (article, topic) pairs matched and were not decided, such as {min(missing)}")
    if extra := decided - found:
        problems.append(f"{len(extra)} (article, topic) pairs were decided and do not match, such as {min(extra)}")
    expected = {(topic, line["story"]) for line in decisions for topic in line["topics"]}
    if lost := expected - told.keys():
        problems.append(f"{len(lost)} (topic, story) pairs were lost, such as {min(lost)}")
    if invented := told.keys() - expected:
        problems.append(f"{len(invented)} (topic, story) pairs were told and never decided, such as {min(invented)}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+")
    parser.add_argument("-t", "--topics", action="append", help="as for rasid match; default builtin:mena")
    options = parser.parse_args()
    topics = options.topics or ["builtin:mena"]
    os.environ.pop("RASID_CONFIG", None)
    found, match_cpu = matches(options.archives, topics)
    with tempfile.TemporaryDirectory(prefix="rasid-replay-") as folder:
        receiver, wall, cpu, counts, decisions = asyncio.run(run_daemon(Path(folder), options.archives, topics))
    problems = reconcile(found, receiver, decisions)
    articles = sum(counts.values())
    figures = {
        "articles": articles,
        "outcomes": counts,
        "matched_pairs": len(found),
        "stories": len({line["story"] for line in decisions}),
        "posts": len(receiver.posts),
        "wall_seconds": round(wall, 2),
        "daemon_and_valkey_cpu_seconds": round(cpu, 2),
        "articles_per_wall_second": round(articles / wall),
        "match_cpu_seconds": round(match_cpu, 2),
        "match_articles_per_cpu_second": round(articles / match_cpu),
        "differences": problems,
    }
    print(json.dumps(figures, indent=1))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
