"""``rasid status``: what a person reads, and from where it can be asked."""

from pathlib import Path
from typing import Any

import pytest

from daemon.cli.main import main
from daemon.cli.status import describe
from tests.daemon.build import write_config

WELL: dict[str, Any] = {
    "name": "prod",
    "instance": "one",
    "pid": 7,
    "version": "1",
    "reasons": [],
    "config": {"problems": [], "restart_needed": []},
    "outbox": {"ready": 3, "pending": 0, "oldest_ms": 0, "dead": 1},
    "receivers": {"desk": {"ready": 3, "disabled": None, "state": "working", "failing": None}},
    "positions": {"articles/0": 12, "file:a.jsonl#1": 900},
    "lag": {"articles/0": {"records": 5, "seconds": 61.4}},
    "redis": {
        "reachable": True,
        "server": "valkey",
        "version": "9.1.2",
        "used_bytes": 2_500_000,
        "limit_bytes": 512_000_000,
        "safe": True,
        "flaw": None,
    },
    "sources": [{"source": "kafka:articles", "fails": None}],
}


def test_a_partition_says_where_it_is_read_and_how_far_behind_where_that_is_known() -> None:
    lines = describe(WELL)

    assert lines[:2] == ["prod, instance one, pid 7, version 1", "ready"]
    assert "articles/0: at 12, 5 behind (61 s)" in lines
    assert "file:a.jsonl#1: at 900" in lines
    assert "Valkey 9.1.2: 2.5 MB used of 512.0 MB" in lines


def test_what_is_wrong_is_said() -> None:
    trouble = WELL | {
        "reasons": ["no broker lets us in"],
        "config": {"problems": ["rasid.yaml:3:1: unknown key"], "restart_needed": ["sources"]},
        "receivers": {
            "desk": {"ready": None, "disabled": "gone", "state": "disabled", "failing": None},
            "duty": {
                "ready": None,
                "disabled": None,
                "state": "waiting",
                "failing": {"since_ms": 1_795_608_000_000, "last_ms": 1_795_608_060_000, "failures": 7},
            },
        },
        "outbox": None,
        "positions": {},
        "lag": {},
        "redis": {"reachable": False, "flaw": None},
        "sources": [{"source": "kafka:articles", "fails": "no broker lets us in"}],
    }

    assert describe(trouble)[1:] == [
        "not ready: no broker lets us in",
        "configuration: rasid.yaml:3:1: unknown key",
        "changed, read at the next start only: sources",
        "Redis does not answer",
        "kafka:articles does not answer: no broker lets us in",
        "receiver desk: what waits is not known now, disabled: gone",
        "receiver duty: what waits is not known now, waiting since 2026-11-25T12:00:00.000Z (7 failures)",
        "no partition is read here",
    ]


def test_what_waits_for_its_hour_is_told_beside_what_is_unfinished() -> None:
    assert "deliveries: 3 unfinished, 1 given up" in describe(WELL)

    evening = WELL | {"outbox": {"ready": 0, "pending": 4, "oldest_ms": 0, "dead": 0}}
    assert "deliveries: 0 unfinished, 4 waiting for others or for their hour, 0 given up" in describe(evening)


def test_a_store_that_may_lose_alerts_is_called_so() -> None:
    unsafe = {**WELL["redis"], "safe": False, "flaw": "no_log", "limit_bytes": None}

    assert "Valkey 9.1.2: 2.5 MB used, may lose alerts: no_log" in describe(WELL | {"redis": unsafe})


def test_secrets_that_only_the_daemon_has_are_not_needed_to_ask_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], free_port: int
) -> None:
    desk = {"name": "desk", "url": "https://hooks.example.org/", "secret_env": "RASID_TEST_NOT_SET"}
    config = write_config(tmp_path, receivers=[desk], http={"listen": f"127.0.0.1:{free_port}"})

    assert main(["status", "-c", str(config)]) == 1
    assert "no daemon answers" in capsys.readouterr().err
