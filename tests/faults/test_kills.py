"""``kill -9`` of the daemon and of its server in turn, under load: nothing is lost, nothing is told under two names.

RASID_KILLS sets how often (``make faults N=…``), RASID_SEED another plan. What a failed run leaves behind is named.
"""

import json
import os
import statistics
import time
from pathlib import Path

import pytest

from tests.conftest import redis_program
from tests.faults.check import check
from tests.faults.ledger import read_receipts
from tests.faults.nemesis import Blow, Victim, plan
from tests.faults.parts import SECRET, Daemon, OwnServer, Receiver, receiver_config, wait_for
from tests.faults.producer import Producer
from tests.faults.recovery import recovery_seconds

KILLS = int(os.environ.get("RASID_KILLS", "10"))
SEED = int(os.environ.get("RASID_SEED", "1"))


def strike(blow: Blow, daemon: Daemon) -> tuple[int, dict[str, float]]:
    """One blow; the daemon is started again where it fell. Returns kills, and when which part began again."""
    time.sleep(blow.after_seconds)
    kills, again = 0, {}
    if blow.victim is not Victim.DAEMON:
        wait_for(daemon.server_pid, daemon)
        kills += daemon.kill_server()
        again["server"] = time.time()
        if blow.victim is not Victim.SERVER:
            time.sleep(blow.between_seconds)
        if blow.victim is Victim.SERVER_TWICE:
            wait_for(daemon.server_pid, daemon)
            kills += daemon.kill_server()
            again["server"] = time.time()
    if blow.victim in (Victim.DAEMON, Victim.SERVER_THEN_DAEMON):
        daemon.kill()
        kills += 1
        daemon.start()
        again = {"daemon": time.time()}
    if blow.when_ready:
        daemon.wait_until_ready()
    return kills, again


def all_read(stream: Path, state: Path) -> bool:
    """Whether every record is in the store and nothing of it is unfinished, as far as the source was told.

    The position that the status shows is that of reading: what was read last may not be in the store yet.
    """
    try:
        kept = json.loads((state / "positions.json").read_text())["partitions"]
    except FileNotFoundError:
        return False
    size = stream.stat().st_size
    return bool(kept) and all((at, low) == (size, size) for at, low, _ in kept.values())


@pytest.mark.faults
@pytest.mark.timeout(180 + 15 * KILLS)
@pytest.mark.parametrize("store", ["private Valkey", "Debian's Redis"])
def test_whatever_is_killed_every_alert_arrives_once_under_one_id_in_order(tmp_path: Path, store: str) -> None:
    server = None if store == "private Valkey" else OwnServer(redis_program(), tmp_path)
    receiver = Receiver(tmp_path / "receipts", SEED)
    stream = tmp_path / "stream.jsonl"
    stream.touch()
    config = {
        "name": "faults",
        "sources": [{"file": {"path": "stream.jsonl", "follow": True}}],
        "http": {"listen": "127.0.0.1:0"},
        **receiver_config(receiver.port),
        **({"redis": {"url": server.url}} if server else {}),
    }
    daemon = Daemon(tmp_path, config, server)
    producer = Producer(stream, SEED)
    restarts: dict[str, list[float]] = {"daemon": [], "server": []}
    kills = 0
    began = time.monotonic()
    try:
        daemon.start()
        daemon.wait_until_ready()
        producer.start()
        for blow in plan(SEED, KILLS):
            made, again = strike(blow, daemon)
            kills += made
            for part, at in again.items():
                restarts[part].append(at)
        producer.stop()
        wait_for(lambda: all_read(stream, daemon.state), daemon)
        status = daemon.status()
        ended = daemon.stop()
    finally:
        producer.stop()
        daemon.kill()
        receiver.close()
        if server is not None:
            server.kill()
    receipts = read_receipts(tmp_path / "receipts")
    print(
        f"\n{store}: {kills} kills in {time.monotonic() - began:.0f} s, seed {SEED}: {producer.lines} articles,",
        end=" ",
    )
    print(f"{len(producer.expected)} alerts, {len(receipts)} requests")
    for part, times in restarts.items():
        seconds = recovery_seconds(times, receipts)
        if seconds:
            print(f"from a restart of the {part} to a delivery: median {statistics.median(seconds):.2f} s", end=", ")
            print(f"longest {max(seconds):.2f} s of {len(seconds)}")

    assert check(producer.expected, receipts, SECRET) == [], f"left in {tmp_path}"
    assert status is not None and status["outbox"] == {"ready": 0, "pending": 0, "oldest_ms": 0, "dead": 0}
    assert ended == 0
    assert kills >= KILLS
    assert len(producer.expected) > 10 * kills, "there was no load to speak of"
