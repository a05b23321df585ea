"""The real processes of a run: the daemon with its private Valkey, and the receiver. Each can be killed."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import SAFE, start_redis
from tests.faults.articles import TOPICS

ROOT = Path(__file__).parents[2]
DAEMON = ("-m", "daemon")
SECRET = "whsec_" + base64.b64encode(b"a key for receivers that die, too").decode()
RETRY = ["0s", "100ms", "200ms", "500ms", *["1s"] * 40]

PATIENCE_SECONDS = 60.0
"""For anything that should take a second or two, on a machine that is busy with other things."""


def receiver_config(port: int) -> dict[str, Any]:
    """One receiver, and what it must be told."""
    receiver = {"name": "desk", "url": f"http://127.0.0.1:{port}/desk", "secret_file": "secret"}
    return {"topics": ["topics.yaml"], "receivers": [{**receiver, "allow": ["127.0.0.0/8"], "retry": RETRY}]}


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Receiver:
    """``receiver.py`` as a process."""

    def __init__(self, ledger: Path, seed: int) -> None:
        self._command = [sys.executable, "-m", "tests.faults.receiver", str(ledger), str(seed)]
        self.port = 0
        self.start()

    def start(self) -> None:
        """Where it listened before, if it ever did."""
        command = [*self._command, str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def close(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.communicate()


class OwnServer:
    """A Redis of the user's own, which a supervisor starts again at once. It outlives the daemon."""

    def __init__(self, program: str, folder: Path, *settings: str) -> None:
        self._program = program
        self._settings = (*SAFE, *settings)
        self._folder = folder / "redis"
        self._folder.mkdir()
        self.socket = self._folder / "s"
        self.logs = self._folder / "appendonlydir"
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self._process, self.url = start_redis(self._program, self._folder, *self._settings)

    def keep_running(self) -> None:
        """As a supervisor does. Redis 7.0 ends once more where a log was torn and a crash cut its rewriting short."""
        if self._process.poll() is not None:
            self.start()

    def kill_and_start(self) -> None:
        self.kill()
        self.start()


class Daemon:
    """``rasid run``, started, killed and started again over one state directory."""

    def __init__(
        self, folder: Path, config: Mapping[str, Any], server: OwnServer | None = None, program: Sequence[str] = DAEMON
    ) -> None:
        self._server = server
        self._program = program
        self.log = folder / "log"
        self.state = folder / "state"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(exist_ok=True)
        (folder / "secret").write_text(SECRET + "\n")
        (folder / "topics.yaml").write_text(TOPICS)
        (folder / "rasid.yaml").write_text(json.dumps({"state_dir": "state", **config}))

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, *self._program, "run", "-c", str(self._folder / "rasid.yaml")]
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def kill(self) -> None:
        """SIGKILL. The kernel then kills the private Valkey too."""
        if self._process is not None:
            self.process.kill()
            self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill_server(self) -> bool:
        """SIGKILL to the server alone; False where none runs just now."""
        if self._server is not None:
            self._server.kill_and_start()
            return True
        child = self.server_pid()
        if child is None:
            return False
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def server_pid(self) -> int | None:
        """The user's server, or the child that is the private one (and not still about to become it)."""
        if self._server is not None:
            return self._server.pid
        try:
            children = [
                int(child)
                for thread in Path(f"/proc/{self.process.pid}/task").iterdir()
                for child in (thread / "children").read_text().split()
            ]
            return next((child for child in children if "valkey" in Path(f"/proc/{child}/comm").read_text()), None)
        except OSError:  # it went while we looked
            return None

    def ready(self) -> bool:
        return self.get("/-/ready") is not None

    def status(self) -> dict[str, Any] | None:
        answer = self.get("/api/v1/status")
        return None if answer is None else json.loads(answer)

    def get(self, path: str) -> bytes | None:
        """None where nobody answers, or not well."""
        try:
            address = (self.state / "http_address").read_text().strip()
            with _opener.open(f"http://{address}{path}", timeout=5) as answer:
                return bytes(answer.read())
        except (OSError, ValueError, urllib.error.URLError):
            return None

    def wait_until_ready(self) -> None:
        wait_for(self.ready, self)

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


def wait_for(condition: Any, daemon: Daemon, seconds: float = PATIENCE_SECONDS) -> None:
    """Until ``condition()`` holds. Fails with the daemon's last words if it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert daemon.process.poll() is None, (
            f"the daemon ended with {daemon.process.returncode}:\n{daemon.last_words()}"
        )
        assert time.monotonic() < deadline, f"still not after {seconds} s:\n{daemon.status()}\n{daemon.last_words()}"
        time.sleep(0.01)  # another process sends no event
