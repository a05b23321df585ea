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
from pathlib import Path
from typing import Any

from tests.conftest import SAFE, start_redis
from tests.faults.articles import TOPICS

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"a key for receivers that die, too").decode()
RETRY = ["0s", "100ms", "200ms", "500ms", *["1s"] * 40]

PATIENCE_SECONDS = 60.0
"""For anything that should take a second or two, on a machine that is busy with other things."""

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Receiver:
    """``receiver.py`` as a process."""

    def __init__(self, ledger: Path, seed: int) -> None:
        command = [sys.executable, "-m", "tests.faults.receiver", str(ledger), str(seed)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class OwnServer:
    """A Redis of the user's own, which a supervisor starts again at once. It outlives the daemon."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder / "redis"
        self._folder.mkdir()
        self._process, self.url = start_redis(program, self._folder, *SAFE)

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def kill_and_start(self) -> None:
        self.kill()
        (self._folder / "s").unlink(missing_ok=True)
        self._process, self.url = start_redis(self._program, self._folder, *SAFE)


class Daemon:
    """``rasid run``, started, killed and started again over one state directory."""

    def __init__(self, folder: Path, port: int, server: OwnServer | None = None) -> None:
        self._server = server
        self.stream = folder / "stream.jsonl"
        self.log = folder / "log"
        self._folder = folder
        self._state = folder / "state"
        self._process: subprocess.Popen[bytes] | None = None
        self.stream.touch()
        (folder / "secret").write_text(SECRET + "\n")
        (folder / "topics.yaml").write_text(TOPICS)
        (folder / "rasid.yaml").write_text(json.dumps(self._configuration(port)))

    def _configuration(self, port: int) -> dict[str, Any]:
        receiver = {"name": "desk", "url": f"http://127.0.0.1:{port}/desk", "secret_file": "secret"}
        return {
            "name": "faults",
            "state_dir": "state",
            "sources": [{"file": {"path": "stream.jsonl", "follow": True}}],
            "topics": ["topics.yaml"],
            "receivers": [{**receiver, "allow": ["127.0.0.0/8"], "retry": RETRY}],
            "http": {"listen": "127.0.0.1:0"},
            **({"redis": {"url": self._server.url}} if self._server else {}),
        }

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "daemon", "run", "-c", str(self._folder / "rasid.yaml")]
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def kill(self) -> None:
        """SIGKILL. The kernel then kills the private Valkey too."""
        self.process.kill()
        self.process.wait()

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
        return self._get("/-/ready") is not None

    def status(self) -> dict[str, Any] | None:
        answer = self._get("/api/v1/status")
        return None if answer is None else json.loads(answer)

    def _get(self, path: str) -> bytes | None:
        try:
            address = (self._state / "http_address").read_text().strip()
            with _opener.open(f"http://{address}{path}", timeout=5) as answer:
                return bytes(answer.read())
        except (OSError, ValueError, urllib.error.URLError):
            return None

    def wait_until_ready(self) -> None:
        wait_for(self.ready, self)

    def done(self) -> bool:
        """Whether every record is in the store and nothing of it is unfinished, as far as the source was told.

        The position that the status shows is that of reading: what was read last may not be in the store yet.
        """
        try:
            kept = json.loads((self._state / "positions.json").read_text())["partitions"]
        except FileNotFoundError:
            return False
        size = self.stream.stat().st_size
        return bool(kept) and all((at, low) == (size, size) for at, low, _ in kept.values())

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
