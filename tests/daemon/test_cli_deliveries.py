"""``rasid deliveries`` and ``rasid receivers`` against a running server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from alerts.memory_state import Dead, MemoryState
from alerts.model import Delivery
from alerts.outbox.memory_outbox import MemoryOutbox
from daemon.cli import main
from daemon.http_admin import MOST_DEAD_LETTERS, AdminServer, Desk
from daemon.metrics import Metrics
from daemon.readiness import Readiness
from tests.daemon.build import write_config


def dead_letters(state: MemoryState, receiver: str, count: int, *, died_ms: int) -> list[str]:
    """Deliveries to ``receiver`` that were given up."""
    ids = [f"evt_{receiver}{number}" for number in range(count)]
    for each in ids:
        delivery = Delivery(
            id=each, receiver=receiver, lane=each, type="alert.opened", notice="n", created_ms=0, body=b"{}"
        )
        state.dead[each] = Dead(delivery, "exhausted", 9, died_ms)
    return ids


class Asked:
    """A server over a state, and one command that asks it."""

    def __init__(self, folder: Path, state: MemoryState) -> None:
        self._folder = folder
        outbox = MemoryOutbox(state, "one")
        self._desk = Desk(
            metrics=Metrics("test"),
            readiness=Readiness(),
            status=self._status,
            reload=lambda: asyncio.sleep(0, ()),
            outbox=lambda: outbox,
            now_ms=lambda: 0,
            woken=lambda: None,
        )

    async def _status(self) -> dict[str, Any]:
        return {"receivers": {"desk": {}, "night": {}}}

    async def __call__(self, *arguments: str) -> int:
        server = AdminServer(self._desk, host="127.0.0.1", port=0, token=None)
        path = write_config(self._folder, http={"listen": await server.start()})
        try:
            return await asyncio.to_thread(main, [*arguments[:2], "-c", str(path), *arguments[2:]])
        finally:
            await server.close()


def test_every_dead_letter_of_a_receiver_is_sent_again_whatever_others_died_since(
    tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    state = MemoryState()
    of_desk = dead_letters(state, "desk", MOST_DEAD_LETTERS + 5, died_ms=1)
    of_night = dead_letters(state, "night", MOST_DEAD_LETTERS + 5, died_ms=2)

    status = runner.run(Asked(tmp_path, state)("deliveries", "replay", "--receiver", "desk"))

    assert (status, capsys.readouterr().out) == (0, f"{len(of_desk)} sent again, 0 unknown\n")
    assert set(state.waiting) == set(of_desk)
    assert set(state.dead) == set(of_night)


@pytest.mark.parametrize(
    ("receiver", "said"),
    [
        ("desk", "rasid: no dead letters for `desk`\n"),
        ("dsk", "rasid: no dead letters for `dsk`, did you mean `desk`?\n"),
    ],
)
def test_nothing_to_send_again_is_no_success(
    receiver: str, said: str, tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    state = MemoryState()
    dead_letters(state, "night", 1, died_ms=1)

    status = runner.run(Asked(tmp_path, state)("deliveries", "replay", "--receiver", receiver))

    assert (status, capsys.readouterr().err) == (1, said)


def test_an_unknown_receiver_is_not_enabled_and_the_known_ones_are_named(
    tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    status = runner.run(Asked(tmp_path, MemoryState())("receivers", "enable", "nobody"))

    assert (status, capsys.readouterr().err) == (1, "rasid: no receiver is called `nobody`: there are desk, night\n")
