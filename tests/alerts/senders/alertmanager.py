"""A real Prometheus Alertmanager, for tests."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.debian import program


@contextmanager
def alertmanager(folder: Path) -> Iterator[str]:
    """A real server, Debian's, with its files in ``folder``; its address."""
    (folder / "am.yml").write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", encoding="utf-8")
    server = program("prometheus-alertmanager", "prometheus-alertmanager")
    with (folder / "log").open("w+b") as log:
        process = subprocess.Popen(
            [server, f"--config.file={folder / 'am.yml'}", f"--storage.path={folder / 'data'}",
             "--web.listen-address=127.0.0.1:0", "--cluster.listen-address="],
            stderr=log, stdout=log,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{_port(process, Path(log.name))}"
        finally:
            process.kill()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + 30
    while True:
        for line in log.read_text(encoding="utf-8").splitlines():
            if "address=127.0.0.1:" in line:
                return int(line.split("address=127.0.0.1:")[1].split()[0])
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)


def shown_by(address: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{address}/api/v2/alerts", timeout=10) as answer:
        found: list[dict[str, Any]] = json.loads(answer.read())
        return found
