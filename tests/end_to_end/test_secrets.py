"""No secret that a configuration can name is shown anywhere: a canary in each, everything that comes out searched.

The receivers are the worst there are: they answer with an error that repeats all that they were sent.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest

from tests.daemon.build import a_flood, write_config
from tests.end_to_end.canaries import Canaries, secret_keys
from tests.end_to_end.daemon import Daemon, wait_until
from tests.served import served


@contextmanager
def echoing() -> Iterator[int]:
    """A web server that fails and repeats everything; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            said = f"{self.path} {' '.join(map(str, self.headers.values()))}".encode()
            self.send_response(500)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *values: Any) -> None:
            return

    with served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield port


@contextmanager
def echoing_mail() -> Iterator[int]:
    """A mail server that takes no password and repeats it, as it came and decoded."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 hello\r\n")
            while line := self.rfile.readline():
                if line.startswith(b"EHLO"):
                    self.wfile.write(b"250-hello\r\n250 AUTH PLAIN\r\n")
                elif line.startswith(b"AUTH PLAIN"):
                    word = line.split()[-1]
                    plain = base64.b64decode(word).replace(b"\0", b" ")
                    self.wfile.write(b"535 not with " + word + b" which is " + plain + b"\r\n")
                else:
                    self.wfile.write(b"250 fine\r\n")

    with served(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        yield port


def receivers(canaries: Canaries, web: int, mail: int) -> list[dict[str, Any]]:
    """Every type, with each secret once from a file and once from a variable."""
    hook = f"http://127.0.0.1:{web}/services/"
    common: dict[str, Any] = {"allow": ["127.0.0.0/8"], "retry": ["0s"], "events": ["*"]}
    found: list[dict[str, Any]] = []
    for way in ("file", "env"):
        url, secret = f"receivers.url_{way}", f"receivers.secret_{way}"
        password, token = f"receivers.alertmanager.password_{way}", f"receivers.alertmanager.token_{way}"
        mail_word = f"receivers.email.password_{way}"
        address = {"server": f"127.0.0.1:{mail}", "encryption": "off", "from": "a@n.example", "to": ["b@n.example"]}
        found += [
            {"type": "webhook", "url": f"{hook}desk", f"secret_{way}": canaries.plant(secret, "whsec_", coded=True)},
            {"type": "slack", f"url_{way}": canaries.plant(url, hook, "?x=1")},
            {
                "type": "alertmanager", "url": hook,
                "alertmanager": {"username": "rasid", f"password_{way}": canaries.plant(password)},
            },
            {"type": "alertmanager", "url": hook, "alertmanager": {f"token_{way}": canaries.plant(token)}},
            {"type": "apprise", f"url_{way}": canaries.plant(f"{url} apprise", "json://u:", f"@127.0.0.1:{web}/x")},
            {"type": "email", "email": address | {"username": "u", f"password_{way}": canaries.plant(mail_word)}},
        ]  # fmt: skip
    return [{"name": f"r{number}", **common, **each} for number, each in enumerate(found)]


def stores(canaries: Canaries) -> dict[str, Any]:
    """A Redis and brokers that nobody runs, with every secret that they can have."""
    tls, sasl = "sources.kafka.tls", "sources.kafka.sasl"
    kafka = {"servers": ["127.0.0.1:9"], "subscribe": ["articles"]}
    word = {"mechanism": "SCRAM-SHA-512", "username": "rasid"}
    return {
        "redis": {
            "url": "redis://127.0.0.1:9",
            "username": "u",
            "password_file": canaries.plant("redis.password_file"),
        },
        "sources": [
            {"kafka": kafka | {"sasl": word | {"password_file": canaries.plant(f"{sasl}.password_file")}}},
            {
                "kafka": kafka
                | {"subscribe": ["others"], "sasl": word | {"password_env": canaries.plant(f"{sasl}.password_env")}}
                | {"tls": {"cert_file": "cert", "key_file": canaries.plant(f"{tls}.key_file", "-----BEGIN KEY-----\n")}}
            },
        ],
    }


def collector(canaries: Canaries, web: int) -> dict[str, Any]:
    """Where traces go, with a key."""
    headers = canaries.plant("tracing.headers_file", "authorization: Bearer ")
    return {"endpoint": f"http://127.0.0.1:{web}", "headers_file": headers}


def run(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """A command, and all that it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "daemon", *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    return (ended.stdout + ended.stderr).decode()


def asked(address: str, path: str, token: str) -> str:
    request = urllib.request.Request(f"http://{address}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        said: str = answer.read().decode()
        return said


def everything_in(folder: Path) -> str:
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return monkeypatch


@pytest.mark.timeout(300)  # thirty commands, each a process
def test_no_secret_of_a_receiver_or_of_the_api_is_shown_however_badly_receivers_behave(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    canaries = Canaries(tmp_path)
    with echoing() as web, echoing_mail() as mail:
        http = {"listen": "127.0.0.1:0", "token_file": canaries.plant("http.token_file")}
        written = receivers(canaries, web, mail)
        route = {"receiver": "r0", "routes": [{"receiver": each["name"], "continue": True} for each in written]}
        write_config(
            tmp_path,
            receivers=written,
            route=route,
            http=http,
            tracing=collector(canaries, web),
            sources=[{"file": {"path": "articles.jsonl", "follow": True}}],
        )
        (tmp_path / "articles.jsonl").write_bytes(b"".join(a_flood(number) + b"\n" for number in range(3)))
        for name, value in canaries.variables.items():
            environment.setenv(name, value)
        said = {"check": run(tmp_path, os.environ, "check", "-c", "rasid.yaml")}
        assert "0 failed" in said["check"], said["check"]
        said |= _what_a_daemon_says(tmp_path, canaries, len(written))
        for each in written:
            for more in ((), ("--dry-run",)):
                said[f"{each['name']} {more}"] = run(
                    tmp_path, os.environ, "receivers", "test", "-c", "rasid.yaml", each["name"], *more
                )
    said["state"] = everything_in(tmp_path / "state")

    assert {name: canaries.shown_in(text) for name, text in said.items() if canaries.shown_in(text)} == {}
    assert (
        "failed 500" in said["r0 ()"]
        and "***" in said["r1 ()"]
        and "535 auth" in said["r5 ()"]
        and "apprise" in said["r4 ()"]
    )
    assert "export spans" in said["log"], "the collector was asked, too"


def _what_a_daemon_says(folder: Path, canaries: Canaries, receivers: int) -> dict[str, str]:
    process = Daemon(folder)
    try:
        process.event("ready")
        wait_until(lambda: sum(line["event"] == "delivery_dead" for line in process.log()) >= 3 * receivers, "all dead")
        process.process.send_signal(signal.SIGHUP)
        process.event("reloaded")
        address, token = process.event("listening")["address"], canaries.planted["http.token_file"]
        said = {
            path: asked(address, path, token)
            for path in ("/metrics", "/api/v1/status", "/api/v1/dead-letters?limit=100", "/api/v1/deliveries")
        }
        said["list"] = run(folder, os.environ, "deliveries", "list", "-c", "rasid.yaml", "--format", "jsonl")
        assert said["list"].count("evt_") >= receivers
        for each in json.loads(said["/api/v1/deliveries"])["deliveries"]:
            said[each["id"]] = asked(address, f"/api/v1/deliveries/{each['id']}", token)
        assert sum('"reply": "' in each and '"reply": ""' not in each for each in said.values()) >= receivers - 1
        said["receivers"] = run(folder, os.environ, "receivers", "list", "-c", "rasid.yaml")
        # A file that became unusable is told with its place, and without what stands in it.
        for path in folder.glob("CANARY_*"):
            path.write_text("x" + path.read_text(encoding="utf-8") + "\x01", encoding="utf-8")
        process.process.send_signal(signal.SIGHUP)
        process.event("reload_failed")
    finally:
        process.stop()
    for path in folder.glob("CANARY_*"):
        path.write_text(path.read_text(encoding="utf-8")[1:-1], encoding="utf-8")
    return said | {"log": (folder / "log").read_text(encoding="utf-8")}


def test_no_secret_of_a_store_or_of_brokers_is_shown_when_they_cannot_be_reached(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    canaries = Canaries(tmp_path)
    sections = stores(canaries)
    (tmp_path / "cert").write_text("-----BEGIN CERTIFICATE-----", encoding="utf-8")
    write_config(tmp_path, **sections)
    for name, value in canaries.variables.items():
        environment.setenv(name, value)
    said = {"check": run(tmp_path, os.environ, "check", "-c", "rasid.yaml")}
    process = Daemon(tmp_path)
    wait_until(lambda: process.process.poll() is not None or process.log(), "a line")
    wait_until(lambda: process.process.poll() is not None or len(process.log()) > 1, "another line")
    process.process.kill()
    process.process.wait()
    said["log"] = (tmp_path / "log").read_text(encoding="utf-8")
    write_config(
        tmp_path,
        **{**sections, "redis": {"url": "redis://127.0.0.1:9", "password_env": canaries.plant("redis.password_env")}},
    )
    said["check again"] = run(tmp_path, os.environ, "check", "-c", "rasid.yaml")
    assert "is not set" in said["check again"]

    assert {name: canaries.shown_in(text) for name, text in said.items() if canaries.shown_in(text)} == {}


def test_every_secret_that_a_configuration_can_name_is_among_them(tmp_path: Path) -> None:
    canaries = Canaries(tmp_path)
    receivers(canaries, 1, 1)
    stores(canaries)
    collector(canaries, 1)
    planted = {*(key.partition(" ")[0] for key in canaries.planted), "http.token_file", "redis.password_env"}

    assert {key.replace("[]", "") for key in secret_keys()} == planted


def test_a_canary_is_found_in_every_form(tmp_path: Path) -> None:
    canaries = Canaries(tmp_path)
    canaries.plant("a_file")
    canaries.plant("b_file", coded=True)
    plain, coded = canaries.planted.values()

    for form in (plain, f"x{plain}y", base64.b64encode(f"u:{plain}".encode()).decode(), json.dumps({"x": plain})):
        assert canaries.shown_in(form) == ["a_file"]
    assert canaries.shown_in(coded) == canaries.shown_in("canary01" + "chirps" * 4) == ["b_file"]
    assert canaries.shown_in("nothing") == []
