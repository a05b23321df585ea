"""Schemathesis, which nobody here wrote, asks a real daemon what the OpenAPI document allows, and what it does not."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.api.http_table import openapi_text
from tests.daemon.build import a_flood
from tests.deploy.judges import judge
from tests.end_to_end.daemon import append, daemon, receiver, wait_until

TOKEN = "the token of everything, for this test"
NEVER_ASKED = "/api/v1/alerts/stream"
SETTINGS = Path(__file__).parent / "schemathesis.toml"


@contextmanager
def asked_daemon(folder: Path, *, token: bool) -> Iterator[str]:
    """The address of one that told of some articles already."""
    (folder / "token").write_text(TOKEN)
    http: dict[str, Any] = {"listen": "127.0.0.1:0", "requests_per_second": 10_000}
    http |= {"token_file": "token"} if token else {}
    with receiver() as hook, daemon(folder, hook, http=http) as running:
        append(folder, *map(a_flood, range(5)))
        wait_until(lambda: len(hook.posts) == 5, "the alerts")
        yield f"http://{running.event('listening')['address']}"
        assert running.stop() == 0


def ask(folder: Path, address: str, document: dict[str, Any], *options: str) -> subprocess.CompletedProcess[str]:
    """One run, with the file of settings beside this one."""
    program = judge("schemathesis")
    (folder / "openapi.json").write_text(json.dumps(document))
    command = [program, "--config-file", str(SETTINGS), "run", "openapi.json", "--url", address, *options]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=110, check=False, env={"NO_COLOR": "1", "PATH": ""}
    )


def the_document(*, token: bool) -> dict[str, Any]:
    """What the daemon says of itself. Where there is no token file, this machine needs none for anything."""
    document: dict[str, Any] = json.loads(openapi_text())
    if not token:
        for operation in (each for path in document["paths"].values() for each in path.values()):
            operation.pop("security", None)
    return document


@pytest.mark.parametrize(
    ("token", "phases"), [(True, "coverage,fuzzing,stateful"), (False, "coverage")], ids=["with a token", "open"]
)
def test_whatever_is_asked_is_answered_as_the_document_says(tmp_path: Path, token: bool, phases: str) -> None:
    """Where there is no token file the edges of the document are asked; the rest is as with one."""
    document = the_document(token=token)
    who = ["-H", f"Authorization: Bearer {TOKEN}"] if token else []
    with asked_daemon(tmp_path, token=token) as address:
        done = ask(tmp_path, address, document, "--phases", phases, *who)

    assert done.returncode == 0, done.stdout + done.stderr
    operations = sum(len(path) for path in document["paths"].values())
    assert f"Tested: {operations - 1}" in done.stdout, done.stdout  # all but the stream


def test_an_answer_that_is_not_in_the_document_is_found(tmp_path: Path) -> None:
    document = the_document(token=False)
    answers = document["paths"]["/api/v1/caller"]["get"]["responses"]
    answers["200"]["content"]["application/json"]["schema"] = {"type": "object", "required": ["never"]}
    with asked_daemon(tmp_path, token=False) as address:
        done = ask(tmp_path, address, document, "--include-path", "/api/v1/caller")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "'never' is a required property" in done.stdout or '"never" is a required property' in done.stdout
