"""A real daemon as a user starts it, and a real receiver that keeps what it gets."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook

from tests.daemon.build import SECRET, write_config
from tests.served import served

PATIENCE_SECONDS = 30.0


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """The first true answer of ``condition``."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.02)
    return answer


@dataclass
class Receiver:
    """What arrived, verified; answers what it is told to."""

    posts: list[tuple[str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)  # of each of them, names in small letters
    answer: int = 204
    url: str = ""
    go_on: threading.Event = field(default_factory=threading.Event)  # unset: requests hang

    def __post_init__(self) -> None:
        self.go_on.set()

    def alerts(self) -> list[tuple[str, str]]:
        """Topic and article of each POST, in order."""
        read = [json.loads(body)["data"] for _, body in self.posts]
        return [(data["alert"]["topics"][0]["id"], data["article"]["id"]) for data in read]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port."""
    held = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            Webhook(SECRET).verify(body, headers)
            held.headers.append(headers)
            held.posts.append((self.headers["webhook-id"], body))
            held.go_on.wait(PATIENCE_SECONDS)
            self.send_response(held.answer)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *values: Any) -> None:
            return

    with served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        held.url = f"http://127.0.0.1:{port}/hook"
        try:
            yield held
        finally:
            held.go_on.set()


class Daemon:
    """``rasid run`` in a folder."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self._log = folder / "log"
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        with self._log.open("ab") as log:
            self._skip = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "daemon", "run", "-c", "rasid.yaml", *arguments],
                cwd=folder,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def log(self) -> list[dict[str, Any]]:
        """Every whole line of the log of this process."""
        text = self._log.read_bytes()[self._skip :].decode()
        return [json.loads(line) for line in text.splitlines() if line.startswith("{") and line.endswith("}")]

    def event(self, name: str) -> dict[str, Any]:
        """The first log line of this name; waits for it."""

        def find() -> dict[str, Any] | None:
            found = next((line for line in self.log() if line["event"] == name), None)
            assert found or self.process.poll() is None, f"ended: {self._log.read_text()}"
            return found

        line: dict[str, Any] = wait_until(find, f"log line {name}")
        return line

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        """One request to the admin server."""
        url = f"http://{self.event('listening')['address']}{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def rasid(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """A command beside it, with its configuration."""
        return rasid(self.folder, *arguments, given=given)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


def rasid(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A command with the configuration in ``folder``, and with nothing of ours in its environment."""
    command = [sys.executable, "-m", "daemon", *arguments, "-c", "rasid.yaml"]
    where: dict[str, Any] = {"cwd": folder, "env": {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""}}
    return subprocess.run(command, **where, input=given, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def daemon(folder: Path, hook: Receiver, *arguments: str, **sections: object) -> Iterator[Daemon]:
    """A daemon that delivers to ``hook``; killed in the end if it still runs."""
    desk = {"name": "desk", "url": hook.url, "secret_file": "secret", "allow": ["127.0.0.0/8"]}
    settings: dict[str, Any] = {"receivers": [desk], **sections}
    write_config(folder, **settings)
    running = Daemon(folder, *arguments)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def append(folder: Path, *lines: bytes) -> None:
    """More articles."""
    with (folder / "articles.jsonl").open("ab") as file:
        file.write(b"".join(line + b"\n" for line in lines))
