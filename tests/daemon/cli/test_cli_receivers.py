"""``rasid receivers test``: what would be sent, or one event sent, without a daemon."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from daemon.cli.main import main
from tests.alerts.senders.sending import serving
from tests.daemon.build import SECRET, write_config

HOOK = "https://hooks.slack.com/services/T000AAAA1/B000BBBB2/canary7canary"


@contextlib.contextmanager
def a_server(seen: list[Any], status: int = 204) -> Iterator[str]:
    """A receiver in a thread of its own."""
    started, stop = threading.Event(), asyncio.Event()
    place: list[Any] = []

    async def serve() -> None:
        async def take(request: web.Request) -> web.Response:
            seen.append((dict(request.headers), await request.read()))
            return web.Response(status=status)

        async with serving(take) as url:
            place.extend([url, asyncio.get_running_loop()])
            started.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait()
    try:
        yield place[0]
    finally:
        place[1].call_soon_threadsafe(stop.set)
        thread.join()


def a_config(folder: Path, url: str = "http://127.0.0.1:9/hook") -> str:
    (folder / "hook").write_text(HOOK, encoding="utf-8")
    receivers = [
        {"name": "desk", "url": url, "secret_file": "secret", "allow": ["127.0.0.0/8"]},
        {"name": "chat", "type": "slack", "url_file": "hook", "locale": "ar"},
    ]
    return str(write_config(folder, receivers=receivers))


def test_a_dry_run_prints_all_that_would_be_sent_and_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = a_config(tmp_path)
    assert main(["receivers", "test", "-c", config, "desk", "--dry-run"]) == 0
    head, _, body = capsys.readouterr().out.partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])

    assert head.splitlines()[0] == "POST http://127.0.0.1:9/hook"
    assert Webhook(SECRET).verify(body.removesuffix("\n"), headers)["type"] == "alert.opened"

    assert main(["receivers", "test", "-c", config, "chat", "--dry-run", "--event", "alert.digest"]) == 0
    head, _, body = capsys.readouterr().out.partition("\n\n")
    assert head.splitlines()[0] == "POST https://hooks.slack.com***"
    assert "تنبيهات متأخرة" in json.loads(body)["text"]


@pytest.mark.parametrize(("status", "exit_status", "says"), [(204, 0, "desk: delivered 204"), (500, 1, "failed 500")])
def test_a_test_sends_one_event_and_says_what_came_of_it(
    status: int, exit_status: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Any] = []
    with a_server(seen, status) as url:
        assert main(["receivers", "test", "-c", a_config(tmp_path, url), "desk"]) == exit_status

    assert says in capsys.readouterr().out
    ((headers, body),) = seen
    assert Webhook(SECRET).verify(body, headers)["type"] == "alert.opened"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["desq"], "no receiver is called `desq`, did you mean `desk`?"),
        (["nobody"], "there are: desk, chat"),
        (["desk", "--event", "alert.open"], "did you mean `alert.opened`?"),
    ],
)
def test_a_name_that_is_none_is_told(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["receivers", "test", "-c", a_config(tmp_path), *arguments]) == 2
    assert says in capsys.readouterr().err
