"""A real Prometheus that scrapes daemons twice a second and evaluates the rules of ``deploy/``."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.debian import program
from tests.end_to_end.daemon import wait_until
from tests.free_port import free_port

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "deploy" / "prometheus" / "rasid.rules.yaml"


@dataclass(frozen=True)
class Prometheus:
    """One that runs."""

    address: str

    def ask(self, path: str, **parameters: object) -> Any:
        """The data of an answer; an error of a query is an assertion."""
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{parameters}: {error.read().decode()}") from None

    def number(self, query: str) -> float:
        """The first value now, 0 where there is none."""
        found = self.ask("query", query=query)["result"]
        return float(found[0]["value"][1]) if found else 0.0


@contextmanager
def prometheus(folder: Path, targets: Sequence[str], **sections: object) -> Iterator[Prometheus]:
    """One whose only job is ``rasid``; killed in the end."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [{"job_name": "rasid", "static_configs": [{"targets": list(targets)}]}],
        **sections,
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    command = [program("prometheus", "prometheus"), f"--config.file={folder / 'prometheus.yaml'}", "--log.level=error"]
    command += [f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address={address}"]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    running = Prometheus(address)
    try:
        wait_until(lambda: _answers(running, process, folder), "an answer of Prometheus")
        yield running
    finally:
        process.kill()
        process.wait()


def _answers(running: Prometheus, process: "subprocess.Popen[bytes]", folder: Path) -> bool:
    assert process.poll() is None, (folder / "prometheus.log").read_text()
    try:
        with urllib.request.urlopen(f"http://{running.address}/-/ready", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:  # it does not listen yet, or says 503 while it reads what it keeps
        return False
