"""Who waits for which load: shared, bounded in time, dropped at the end."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from alerts.errors import Unavailable
from daemon.watch import Watch, load_tested_watch
from tests.daemon.build import value_of
from tests.daemon.test_reload import Reloaded


class Held:
    """A reloader whose loads wait until they are let go."""

    def __init__(self, folder: Path, patience: float | None = 10) -> None:
        self._patience = patience
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.loads = 0
        self.reloaded = Reloaded(folder, self._load)
        self.reload = self.reloaded.reloader.reload

    def _load(self, path: Path) -> Watch:
        self.loads += 1
        self.begun.release()
        self.go_on.wait(self._patience)
        return load_tested_watch(path)

    async def until_one_begins(self) -> None:
        assert await asyncio.to_thread(self.begun.acquire, timeout=10)


@contextmanager
def held_loads(folder: Path) -> Iterator[Held]:
    held = Held(folder)
    try:
        yield held
    finally:
        held.go_on.set()


def test_all_who_ask_while_a_set_is_loading_share_the_next_load(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def ask_often(held: Held) -> None:
        first = asyncio.create_task(held.reload())
        await held.until_one_begins()
        others = [asyncio.create_task(held.reload()) for _ in range(20)]
        gone = asyncio.create_task(held.reload())
        await asyncio.sleep(0)
        gone.cancel()  # its client went away
        held.go_on.set()
        assert await asyncio.gather(first, *others) == [()] * 21

    with held_loads(tmp_path) as held:
        runner.run(ask_often(held))

    assert held.loads == 2


def test_a_load_that_takes_too_long_is_given_up_and_told(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.reload.LOAD_SECONDS", 0.01)
    with held_loads(tmp_path) as held:
        before = held.reloaded.reloader.watch

        (problem,) = runner.run(held.reload())

        assert "was not loaded within 0.01 s" in problem.message
        assert held.reloaded.reloader.watch is before
        assert value_of(held.reloaded.metrics, "rasid_config_valid") == 0


def test_nothing_is_taken_over_once_closed(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def close_meanwhile(held: Held) -> None:
        asked = asyncio.create_task(held.reload())
        await held.until_one_begins()
        await held.reloaded.reloader.close()
        held.go_on.set()
        with pytest.raises(Unavailable, match="stopping"):
            await asked
        with pytest.raises(Unavailable, match="stopping"):
            await held.reload()
        held.reloaded.reloader.reload_soon()

    with held_loads(tmp_path) as held:
        runner.run(close_meanwhile(held))

    assert held.reloaded.taken == []
    assert held.loads == 1


ENDS_WHILE_LOADING = """
import asyncio, pathlib, sys
from tests.daemon.test_reload_turns import Held

async def stop_while_loading():
    held = Held(pathlib.Path(sys.argv[1]), patience=None)
    asyncio.create_task(held.reload())
    await held.until_one_begins()
    await held.reloaded.reloader.close()

asyncio.run(stop_while_loading())
"""


def test_a_load_that_never_ends_holds_up_no_exit(tmp_path: Path) -> None:
    code = [sys.executable, "-c", ENDS_WHILE_LOADING, str(tmp_path)]

    assert subprocess.run(code, cwd=Path(__file__).parents[2], timeout=30, check=False).returncode == 0
