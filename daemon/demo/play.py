"""Runs the demo: a configuration like any user's, the real daemon, a stream, a receiver; then says what happened."""

import asyncio
import base64
import json
import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daemon.app import App
from daemon.demo.file_feed import feed
from daemon.demo.http_receiver import Receiver
from daemon.demo.redis_decisions import read_decisions
from daemon.demo.samples import sample_lines, sample_text
from daemon.demo.show import Style, alert_lines
from daemon.demo.summary import Ended, summary_lines
from daemon.metrics.metrics import Metrics
from daemon.watch import load_tested_watch, load_watch

NAME = "demo"

FINISH_SECONDS = 1.0
"""Kept from the time asked for, to read the last article, deliver, and stop."""

LATEST_SECONDS = 20.0
"""How long after the last article everything must have been delivered, on a slow machine."""

INTERRUPTED = 130
"""What a shell reports for a command ended by Ctrl-C."""

LOOK_SECONDS = 0.05
"""How soon an alert that arrived is shown."""


STREAM_SECONDS = 30.0
"""How long the articles take: whoever stays longer has the page with all of it."""


async def play(
    seconds: float | None, say: Callable[[str], None], style: Style, stream_seconds: float = STREAM_SECONDS
) -> int:
    """The whole demo in about ``seconds``; None: its page stays until somebody stops it.

    Returns the exit status: 0 if everything arrived and verified.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rasid-demo-") as folder:
        receiver = Receiver("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
        path = write_configuration(Path(folder), await receiver.start(), receiver.secret)
        watch = load_watch(path)
        app = App(watch, load=lambda: load_tested_watch(path), once=False)
        running = asyncio.create_task(app.run())
        try:
            await _until_ready(app, running)
            lines = sample_lines(sample_text(), datetime.now(UTC))
            say(f"The live page: http://{app.address}/  {_until(seconds)}")
            say(f"Metrics: http://{app.address}/metrics\n")
            say(f"Rasid watches {', '.join(watch.topics)}.")
            say(f"{len(lines)} invented articles follow.\n")
            left = min(seconds or stream_seconds, stream_seconds) - (time.monotonic() - began) - FINISH_SECONDS
            feeding = asyncio.create_task(feed(Path(folder) / "stream.jsonl", lines, max(1.0, left)))
            await _show(receiver, app.metrics, len(lines), running, feeding, say, style)
            stopped = running.done()
            if not stopped:
                ended = _ended(lines, await read_decisions(Path(folder) / "state", NAME), receiver, began)
                for line in await asyncio.to_thread(list, summary_lines(ended, watch.watchlist, style)):
                    say(line)
                await _stay(running, seconds, began, f"http://{app.address}/", say)
        finally:
            app.stopping.set()
            status = await running
            await receiver.close()
        if stopped:
            say("Stopped before the end.")
            return status or INTERRUPTED
        return status or int(receiver.refused > 0 or not receiver.received)


def _until(seconds: float | None) -> str:
    return "(until Ctrl-C)" if seconds is None else f"(for {seconds:.0f} s; longer: rasid demo --for 10m)"


def _ended(lines: list[bytes], decisions: list[dict[str, Any]], receiver: Receiver, began: float) -> Ended:
    updates = sum("delta" in received.data for received in receiver.received)
    return Ended(
        lines=lines,
        decisions=decisions,
        alerts=len(receiver.received) - updates,
        updates=updates,
        refused=receiver.refused,
        seconds=time.monotonic() - began,
    )


async def _stay(
    running: "asyncio.Task[int]", seconds: float | None, began: float, page: str, say: Callable[[str], None]
) -> None:
    """Everything was told: the page stays for what is left of the time, or until somebody stops us."""
    left = None if seconds is None else seconds - FINISH_SECONDS - (time.monotonic() - began)
    if left is not None and left <= 0:
        return
    until = "Ctrl-C ends it" if left is None else f"{left:.0f} s more, or until Ctrl-C"
    say(f"\nThe page stays, with all of this: {page}  ({until})")
    await asyncio.wait([running], timeout=left)


def write_configuration(folder: Path, url: str, secret: str) -> Path:
    """What a user would write for a followed file and one receiver on this machine."""
    (folder / "secret").write_text(secret + "\n", encoding="ascii")
    (folder / "stream.jsonl").touch()
    configuration = {
        "name": NAME,
        "state_dir": "state",
        "sources": [{"file": {"path": "stream.jsonl", "follow": True}}],
        "topics": ["builtin:mena"],
        "receivers": [{"name": "terminal", "url": url, "secret_file": "secret", "allow": ["127.0.0.0/8"]}],
        "http": {"listen": "127.0.0.1:0"},
    }
    path = folder / "rasid.yaml"
    path.write_text(json.dumps(configuration, indent=2), encoding="utf-8")  # JSON is YAML
    return path


async def _until_ready(app: App, running: "asyncio.Task[int]") -> None:
    """Or until it ended without getting so far."""
    ready = asyncio.create_task(app.ready.wait())
    await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()


async def _show(
    receiver: Receiver,
    metrics: Metrics,
    records: int,
    running: "asyncio.Task[int]",
    feeding: "asyncio.Task[None]",
    say: Callable[[str], None],
    style: Style,
) -> None:
    """Show alerts as they arrive, until all articles have been read and all alerts delivered, or somebody stops us."""
    shown, deadline = 0, float("inf")
    while not running.done() and time.monotonic() < deadline:
        for received in receiver.received[shown:]:
            shown += 1
            say("\n".join(alert_lines(shown, received.data, style)) + "\n")
        if feeding.done():
            deadline = min(deadline, time.monotonic() + LATEST_SECONDS)
            updates = sum("delta" in received.data for received in receiver.received[:shown])
            all_told = shown - updates >= _total(metrics, "rasid_alerts_total")
            all_told &= updates >= _total(metrics, "rasid_records_total", outcome="updated")
            if all_told and _total(metrics, "rasid_records_total") >= records:
                return
        await asyncio.sleep(LOOK_SECONDS)
    feeding.cancel()


def _total(metrics: Metrics, name: str, **labels: str) -> float:
    """A counter's sum over its other labels."""
    samples = (sample for family in metrics.registry.collect() for sample in family.samples if sample.name == name)
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())
