"""What ``compose.yaml`` and ``deploy/`` name is there, and runs together; only the containers are left out."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.senders.signature import parse_secrets, sign
from alerts.store.redis_connection import check_safety, connect
from alerts.store.redis_private import find_server
from daemon.demo.samples import sample_text
from tests.conftest import start_redis
from tests.daemon.publish.published import publish
from tests.end_to_end.daemon import Daemon, wait_until
from tests.kafka.broker import CLUSTER, Broker

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
STACK: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = STACK["services"]

IMAGE = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)?:v?\d+\.\d+(\.\d+)?")
"""A short name and a version: where images come from is for the machine to know."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_names_what_is_there(name: str) -> None:
    service = SERVICES[name]
    assert ("image" in service) != ("build" in service)
    if "build" in service:
        assert (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).samefile(DOCKERFILE)
    else:
        assert IMAGE.fullmatch(service["image"])
    for mount in service.get("volumes", []):
        source = mount.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in STACK["volumes"]
    for other, how in service.get("depends_on", {}).items():
        assert how["condition"] == "service_completed_successfully" or "healthcheck" in SERVICES[other]
    for path in re.findall(r"/etc/rasid/\S+", " ".join(service.get("entrypoint", []))):
        assert (COMPOSE / Path(path).name).is_file()


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("requirements", ["run", "otel"])
def test_the_image_copies_what_is_there_and_what_docker_may_see(requirements: str) -> None:
    text = DOCKERFILE.read_text(encoding="utf-8").replace("${REQUIREMENTS}", requirements)
    assert f"requirements/{requirements}.txt" in text
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for name in line.split()[:-1]]
    seen = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)

    assert copied and all((ROOT / name).exists() for name in copied)
    assert {name.split("/")[0] for name in copied} == set(seen)


def test_the_kafka_of_the_stack_is_the_one_of_the_tests() -> None:
    tested = re.search(r"<kafka.version>(.*)</", (ROOT / "tests" / "kafka" / "pom.xml").read_text(encoding="utf-8"))

    assert tested is not None
    assert {SERVICES[name]["image"] for name in ("kafka", "topics")} == {f"apache/kafka:{tested[1]}"}


def test_kafka_takes_these_settings(tmp_path: Path) -> None:
    settings = {
        key.removeprefix("KAFKA_").lower().replace("_", "."): value
        for key, value in SERVICES["kafka"]["environment"].items()
    }
    settings["log.dirs"] = str(tmp_path / "data")
    (tmp_path / "p").write_text("".join(f"{key}={value}\n" for key, value in settings.items()))

    command = Broker(tmp_path / "unused")._run("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c")
    done = subprocess.run([*command, str(tmp_path / "p")], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert all(key in KNOWN_TO_KAFKA for key in settings)


KNOWN_TO_KAFKA = """
node.id process.roles controller.quorum.voters controller.listener.names inter.broker.listener.name listeners
advertised.listeners listener.security.protocol.map log.dirs log.retention.hours auto.create.topics.enable
offsets.topic.replication.factor transaction.state.log.replication.factor transaction.state.log.min.isr
share.coordinator.state.topic.replication.factor share.coordinator.state.topic.min.isr
group.initial.rebalance.delay.ms
""".split()
"""Kafka passes over what it does not know, so a misspelt one would never be seen."""


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    for _ in range(2):
        subprocess.run([sys.executable, COMPOSE / "make_keys.py", tmp_path / "keys"], check=True)
    return tmp_path / "keys"


def test_keys_are_drawn_once_and_are_nobody_elses(keys: Path) -> None:
    before = {path.name: path.read_text() for path in keys.iterdir()}
    subprocess.run([sys.executable, COMPOSE / "make_keys.py", keys], check=True)

    assert {path.name: path.read_text() for path in keys.iterdir()} == before
    assert set(before) == {"secret", "token"}
    assert [path.stat().st_mode & 0o777 for path in keys.iterdir()] == [0o600, 0o600]


@pytest.fixture
def receiver(keys: Path, tmp_path: Path) -> Iterator[str]:
    """Where the subscriber of the stack listens; what it says goes to ``heard``."""
    command = [sys.executable, str(COMPOSE / "receiver.py"), "127.0.0.1:0", str(keys / "secret")]
    with (tmp_path / "heard").open("wb") as heard:
        process = subprocess.Popen(command, stdout=heard)
    wait_until(lambda: "listening on " in (tmp_path / "heard").read_text(), "the receiver")
    yield (tmp_path / "heard").read_text().split()[2]
    process.kill()
    process.wait()


def configured(keys: Path, **other: str) -> str:
    """The configuration of the stack with other addresses."""
    text = (COMPOSE / "rasid.yaml").read_text(encoding="utf-8")
    for written, instead in {"/var/lib/rasid-keys": str(keys), **other}.items():
        assert written in text
        text = text.replace(written, instead)
    return text


def test_the_configuration_of_the_stack_is_valid(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "rasid.yaml").write_text(configured(keys))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-m", "daemon", "check", "-c", "rasid.yaml"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_its_addresses_are_those_of_the_services() -> None:
    config = yaml.safe_load((COMPOSE / "rasid.yaml").read_text(encoding="utf-8"))
    kafka = config["sources"][0]["kafka"]

    assert f"INSIDE://{kafka['servers'][0]}" in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert f"--topic={kafka['subscribe'][0]}" in SERVICES["topics"]["command"]
    assert config["redis"]["url"] == "redis://valkey:6379"
    assert SERVICES["receiver"]["entrypoint"][2].endswith(":8080") and ":8080/" in config["receivers"][0]["url"]
    assert config["http"]["listen"].endswith(":9464") and SERVICES["rasid"]["ports"] == ["127.0.0.1:9464:9464"]


def test_the_subscriber_believes_only_what_is_signed(receiver: str, keys: Path, tmp_path: Path) -> None:
    now = int(time.time())
    body = json.dumps({"type": "alert.opened", "data": {"text": "خبر"}}).encode()
    signature = sign(parse_secrets((keys / "secret").read_text(), "test"), "evt_1", now, body)

    def post(sent: bytes) -> int:
        headers = {"webhook-id": "evt_1", "webhook-timestamp": str(now), "webhook-signature": signature}
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://{receiver}/webhook", sent, headers)) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    assert [post(body), post(body), post(body + b" ")] == [204, 204, 401]
    assert (tmp_path / "heard").read_text().splitlines()[1:] == ["alert.opened خبر"]


def valkey_settings() -> list[str]:
    """The file of the stack, as arguments."""
    lines = (COMPOSE / "valkey.conf").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith(("#", "dir ", "save "))]
    return [part for name, value in words for part in (f"--{name}", value)]


async def is_safe(url: str) -> None:
    redis = connect(url)
    try:
        await check_safety(redis)
    finally:
        await redis.aclose()


def test_the_stack_runs_from_publish_to_subscriber(
    kafka: str, kafka_topic: str, receiver: str, keys: Path, tmp_path: Path, runner: asyncio.Runner
) -> None:
    (tmp_path / "v").mkdir()
    server, url = start_redis(str(find_server()), tmp_path / "v", *valkey_settings())
    try:
        runner.run(is_safe(url))
        here = {
            "/var/lib/rasid": str(tmp_path / "state"),
            "kafka:9092": kafka,
            "subscribe: [articles]": f"subscribe: [{kafka_topic}]",
            "redis://valkey:6379": url,
            "receiver:8080": receiver,
            "10.0.0.0/8": "127.0.0.0/8",
            "0.0.0.0:9464": "127.0.0.1:0",
        }
        (tmp_path / "rasid.yaml").write_text(configured(keys, **here))
        (tmp_path / "a.jsonl").write_text(sample_text())
        running = Daemon(tmp_path)
        try:
            running.event("listening")
            assert publish(tmp_path, "-c", "rasid.yaml", "a.jsonl").returncode == 1  # some are no articles, on purpose
            wait_until(lambda: "alert.opened " in (tmp_path / "heard").read_text(), "an alert")
            assert running.stop() == 0
        finally:
            if running.process.poll() is None:
                running.process.kill()
                running.process.wait()
    finally:
        server.kill()
        server.wait()
