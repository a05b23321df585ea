"""TLS and SCRAM: right, a daemon reads; wrong, it says what is wrong and never speaks in the clear."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import receiver, wait_until
from tests.end_to_end.kafka import Stream
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker

USER, PASSWORD = "rasid", "a password of the tests"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for ``localhost`` that signs itself, its key, and both in one file."""
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder, "localhost")
    return folder


def make_certificate(folder: Path, name: str) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(folder / "key.pem")]
    subprocess.run([*command, "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    (folder / "both.pem").write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())


@pytest.fixture(scope="module")
def secured(certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker with a listener for one user, over TLS; tests publish over its plain one."""
    broker = Broker(tmp_path_factory.mktemp("secured"), secured=certificate / "both.pem", users={USER: PASSWORD})
    broker.start()
    broker.wait_until_ready()
    yield broker
    broker.kill()


@pytest.fixture
def stream(secured: Broker, runner: asyncio.Runner, request: pytest.FixtureRequest) -> Stream:
    held = Stream(secured.address, f"secured-{request.node.name.replace('_', '-')[:60]}", runner)
    held.do(create_topic(held.server, held.topic))
    return held


def settings(broker: Broker, folder: Path, *, ca: Path, password: str = PASSWORD) -> dict[str, object]:
    (folder / "kafka-password").write_text(password + "\n")
    return {
        "servers": [broker.secured_address],
        "tls": {"ca_file": str(ca)},
        "sasl": {"mechanism": "SCRAM-SHA-512", "username": USER, "password_file": "kafka-password"},
    }


def test_a_user_over_tls_reads(stream: Stream, secured: Broker, certificate: Path, tmp_path: Path) -> None:
    stream.add(a_flood(1))
    kafka = settings(secured, tmp_path, ca=certificate / "cert.pem")
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka=kafka) as running:
        wait_until(lambda: hook.posts, "the alert")
        assert running.stop() == 0

    assert PASSWORD not in (tmp_path / "log").read_text()


def test_a_wrong_password_is_refused(stream: Stream, secured: Broker, certificate: Path, tmp_path: Path) -> None:
    kafka = settings(secured, tmp_path, ca=certificate / "cert.pem", password="a wrong one of the tests")
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka=kafka) as running:
        assert running.process.wait(30) == 3

    assert "password" in running.event("refused")["reason"]
    assert "a wrong one of the tests" not in (tmp_path / "log").read_text()


def test_a_certificate_that_nobody_signed_is_refused(stream: Stream, secured: Broker, tmp_path: Path) -> None:
    make_certificate(tmp_path, "localhost")
    kafka = settings(secured, tmp_path, ca=tmp_path / "cert.pem")
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka=kafka) as running:
        assert running.process.wait(30) == 3

    assert "tls.ca_file" in running.event("refused")["reason"]


def test_a_certificate_for_another_name_is_refused(
    stream: Stream, secured: Broker, certificate: Path, tmp_path: Path
) -> None:
    kafka = settings(secured, tmp_path, ca=certificate / "cert.pem")
    kafka["servers"] = [secured.secured_address.replace("localhost", "127.0.0.1")]
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka=kafka) as running:
        assert running.process.wait(30) == 3

    assert "the name that it was made for" in running.event("refused")["reason"]


def test_tls_files_that_cannot_be_used_are_refused(stream: Stream, secured: Broker, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no certificate\n")
    kafka = settings(secured, tmp_path, ca=tmp_path / "no.pem")
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka=kafka) as running:
        assert running.process.wait(30) == 3

    assert "PEM is expected" in running.event("refused")["reason"]
