"""What subscribers do with deliveries of a real daemon: verify, by programs that nobody here wrote, and reconcile."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from alerts.senders.signature import parse_secrets
from daemon.cli.main import main
from tests.alerts.senders.alertmanager import alertmanager, shown_by
from tests.daemon.build import SECRET, a_flood
from tests.end_to_end.daemon import append, daemon, receiver, wait_until
from tests.subscribers.fetch_packages import go_program, packages_folder

ROOT = Path(__file__).parents[2]
SUBSCRIBERS = ROOT / "tests" / "subscribers"
OTHER = "whsec_" + b64encode(b"the key that was before this").decode()
PRIVATE = "whsk_" + b64encode(b"of the tests, of the tests alone").decode()
PUBLIC = parse_secrets(PRIVATE, "tests")[0].public  # type: ignore[union-attr]
ALERTS = 8
LOOPBACK = ["127.0.0.0/8"]


@dataclass(frozen=True)
class Request:
    """As it came, or as somebody changed it, and the key to verify it with."""

    key: str
    headers: dict[str, str]
    body: bytes

    def line(self) -> str:
        named = {"Key": self.key, "Headers": self.headers, "Body": b64encode(self.body).decode()}
        return json.dumps({**named, **{name.lower(): value for name, value in named.items()}}) + "\n"


class Said(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Told:
    """What a desk and an on-call tool got of one run, and what the commands said."""

    posts: Sequence[tuple[str, bytes]]
    headers: Sequence[dict[str, str]]
    on_call: Sequence[dict[str, Any]]
    said: dict[str, Said]

    def cases(self) -> list[tuple[Request, bool]]:
        """Every delivery with every key, and what must be refused."""
        cases: list[tuple[Request, bool]] = []
        for (_, body), headers in zip(self.posts, self.headers, strict=True):
            for key in (SECRET, OTHER, PUBLIC):
                old = str(int(headers["webhook-timestamp"]) - 600)
                cases += [
                    (Request(key, headers, body), True),
                    (Request(key, headers, body + b" "), False),
                    (Request(key, headers, body.replace("فيضان".encode(), "فيصان".encode())), False),
                    (Request(key, {**headers, "webhook-id": "evt_other"}, body), False),
                    (Request(key, {**headers, "webhook-timestamp": old}, body), False),
                ]
            wrong = "whsec_" + b64encode(b"a key that nobody signs with").decode()
            cases.append((Request(wrong, headers, body), False))
        return cases


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A daemon that tells a desk, with two secrets and a private key, and an on-call tool; one alert is sent again."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "keys").write_text(f"{SECRET}\n{OTHER}\n{PRIVATE}\n")
    with receiver() as hook, alertmanager(tmp_path_factory.mktemp("on_call")) as on_call:
        desk = {"name": "desk", "url": hook.url, "secret_file": "keys", "allow": LOOPBACK}
        duty = {"name": "duty", "type": "alertmanager", "url": on_call, "allow": LOOPBACK}
        routes: list[dict[str, Any]] = [{"match": {}, "receiver": name, "continue": True} for name in ("desk", "duty")]
        route = {"receiver": "desk", "routes": routes}
        with daemon(folder, hook, receivers=[desk, duty], route=route) as running:
            running.event("ready")
            append(folder, *(a_flood(number) for number in range(ALERTS)))
            wait_until(lambda: len(hook.posts) == ALERTS, "every alert")
            wait_until(lambda: len(shown_by(on_call)) == ALERTS, "every alert on call")
            wait_until(lambda: running.ask(_SETTLED)[1].count("evt_") == ALERTS, "all to be settled")
            said = _reconciled(folder, hook.posts)
            wait_until(lambda: len(hook.posts) == ALERTS + 1, "the replay")
            yield Told(tuple(hook.posts), tuple(hook.headers), shown_by(on_call), said)
            assert running.stop() == 0


_SETTLED = "/api/v1/deliveries?receiver=desk&state=delivered"


def rasid(folder: Path, *arguments: str, given: str = "") -> Said:
    """A command beside the daemon, in this process: a dozen interpreters take long to start."""
    out, err, stdin = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(given)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = main([*arguments, "-c", str(folder / "rasid.yaml")])
    finally:
        sys.stdin = stdin
    return Said(status, out.getvalue(), err.getvalue())


def _reconciled(folder: Path, posts: Sequence[tuple[str, bytes]]) -> dict[str, Said]:
    """The desk lost its last alert, and holds one that we never made."""
    ids = [id_ for id_, _ in posts]
    asked = ("reconcile", "--receiver", "desk", "--since", "1h")
    held = "\n".join([*ids[:-1], "evt_forged"])
    said = {
        "should hold": rasid(folder, *asked),
        "holds all": rasid(folder, *asked, "-", given="\n".join(ids)),
        "differs": rasid(folder, *asked, "-", given=held),
        "missing": rasid(folder, *asked, "--missing", "-", given=held),
        "show": rasid(folder, "deliveries", "show", ids[0]),
        "why": rasid(folder, "why", "floods", "flood-0", "--format", "text"),
        "dry run": rasid(folder, "replay", "--receiver", "desk", "--since", "1h", "--dry-run"),
    }
    return said | {"replay": rasid(folder, "replay", "-", given=said["missing"].stdout)}


def guide(language: str) -> str:
    """The code of the page for subscribers."""
    page = (ROOT / "docs" / "receive.md").read_text(encoding="utf-8")
    found = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def in_python(folder: Path, cases: Sequence[Request]) -> list[bool]:
    seen: dict[str, Any] = {}
    exec(guide("python"), seen)  # the text of our own documentation
    return [seen["verified"](each.key, each.headers, each.body) for each in cases]


def in_javascript(library: str) -> Callable[[Path, Sequence[Request]], list[bool]]:
    def run(folder: Path, cases: Sequence[Request]) -> list[bool]:
        node = shutil.which("node")
        if node is None or not (packages_folder() / "complete").exists():
            missing = "node, or the packages of JavaScript subscribers, are missing: make services"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
        code = guide("js")
        assert 'from "standardwebhooks"' in code
        (folder / "verified.mjs").write_text(code.replace('"standardwebhooks"', f'"{library}"'), encoding="utf-8")
        shutil.copy(SUBSCRIBERS / "verify.mjs", folder)
        (folder / "node_modules").symlink_to(packages_folder() / "node_modules")
        return answers([node, "verify.mjs"], folder, cases)

    return run


def in_go(folder: Path, cases: Sequence[Request]) -> list[bool]:
    go = go_program()
    if go is None:
        missing = "go is missing: apt-get install golang-go (the vectors of docs/receive.md are checked all the same)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    (folder / "verified.go").write_text(guide("go"), encoding="utf-8")
    shutil.copy(SUBSCRIBERS / "verify.go", folder)
    return answers([go, "run", "verified.go", "verify.go"], folder, cases)


def answers(command: list[str], folder: Path, cases: Sequence[Request]) -> list[bool]:
    lines = "".join(each.line() for each in cases)
    done = subprocess.run(command, cwd=folder, input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout.split()
    assert set(said) <= {"verified", "refused"}
    return [each == "verified" for each in said]


@pytest.mark.parametrize(
    "verify",
    [in_python, in_javascript("standardwebhooks"), in_javascript("svix"), in_go],
    ids=["python", "standardwebhooks in node", "svix in node", "go"],
)
def test_every_delivery_verifies_with_each_key_and_nothing_else_does(
    verify: Callable[[Path, Sequence[Request]], list[bool]], told: Told, tmp_path: Path
) -> None:
    cases = told.cases()

    assert verify(tmp_path, [case for case, _ in cases]) == [expected for _, expected in cases]


def test_what_is_sent_again_has_the_same_id_and_bytes_and_says_so(told: Told) -> None:
    assert told.posts[-1] == told.posts[ALERTS - 1]
    assert [each.get("rasid-replay") for each in told.headers] == [*[None] * ALERTS, "true"]
    assert told.said["replay"].stdout == "1 will be sent again\n"
    assert f"{ALERTS} to send again ({ALERTS} arrived, 0 were given up)" in told.said["dry run"].stderr


def test_reconciling_finds_what_is_missing_and_what_is_forged(told: Told) -> None:
    ids = [id_ for id_, _ in told.posts[:ALERTS]]
    said = told.said

    assert sorted(said["should hold"].stdout.split()) == sorted(ids)
    assert (said["holds all"].returncode, said["holds all"].stdout) == (0, "")
    assert said["differs"].returncode == 1
    assert [line.split("\t")[:2] for line in said["differs"].stdout.splitlines()] == [
        ["missing", ids[-1]],
        ["unknown", "evt_forged"],
    ]
    assert said["missing"].stdout == f"{ids[-1]}\n"


def test_the_commands_tell_what_became_of_a_delivery(told: Told) -> None:
    shown = json.loads(told.said["show"].stdout)

    assert shown["body"] == json.loads(told.posts[0][1])
    assert [(each["attempt"], each["status"], each["outcome"]) for each in shown["history"]] == [(1, 204, "delivered")]
    assert re.search(r"desk: delivered at \d{4}-\d\d-\d\d \d\d:\d\d", told.said["why"].stdout)


def test_a_real_alertmanager_shows_each_alert_of_a_real_daemon(told: Told) -> None:
    texts = {json.loads(body)["data"]["alert"]["id"] for _, body in told.posts}

    assert len(told.on_call) == ALERTS == len(texts)
    assert {each["labels"]["alertname"] for each in told.on_call} == {"floods"}
    assert {each["status"]["state"] for each in told.on_call} == {"active"}
