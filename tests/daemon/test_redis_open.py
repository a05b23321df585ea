"""Opening the store: whatever it takes, a stop ends the wait."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from daemon.readiness import Readiness
from daemon.redis_open import open_redis


def test_a_stop_ends_the_wait_for_a_private_server_that_is_still_starting(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    never, begun = tmp_path / "never-ready", tmp_path / "begun"
    never.write_text(f"#!/bin/sh\ntouch {begun}\nexec sleep 1000\n")
    never.chmod(0o700)
    monkeypatch.setattr("alerts.store.redis_private.find_server", lambda: never)

    async def scenario() -> None:
        readiness, stopping = Readiness(), asyncio.Event()
        lost: list[BaseException] = []
        async with asyncio.timeout(10), AsyncExitStack() as stack:
            opening = asyncio.create_task(
                open_redis(
                    stack,
                    None,
                    state_dir=tmp_path / "state",
                    password=None,
                    readiness=readiness,
                    stopping=stopping,
                    lost=lost.append,
                )
            )
            while not begun.exists():
                await asyncio.sleep(0.01)
            assert readiness.reasons() == ("the private Valkey is starting",)
            stopping.set()
            assert await opening is None
        assert lost == []

    runner.run(scenario())
