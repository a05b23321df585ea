"""A real Kafka broker of our own: one node, loopback only, everything in one folder; it can be killed and come back."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.free_port import free_port
from tests.kafka.fetch_jars import HERE, jars_folder

START_SECONDS = 60.0
CLUSTER = "cmFzaWQtdGVzdC1rYWZrYQ"
"""A cluster's id is 16 bytes in URL-safe base64."""

JVM = ["-Xms192m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"]

SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,SASL_SSL:SASL_SSL",
    # One replica of the internal topics, one partition each: a node of 50 each opens and closes slowly.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # The first process need not wait for others.
    "group.initial.rebalance.delay.ms": "0",
    # A killed broker may register again once its old session ended, 9 s unless told otherwise.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    # Sessions shorter than 6 s are refused unless told otherwise.
    "group.min.session.timeout.ms": "1000",
    "auto.create.topics.enable": "false",
    "num.partitions": "2",
    "num.network.threads": "1",
    "num.io.threads": "2",
    "background.threads": "2",
    "num.recovery.threads.per.data.dir": "1",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.segment.bytes": "67108864",
    "log.retention.check.interval.ms": "1000",
}
"""Beside what an address and a folder make of it."""


def java() -> str:
    """Absent locally, a test is skipped with a clear line; absent in CI, it fails."""
    found = shutil.which("java")
    if found is None or not jars_folder().is_dir():
        missing = (
            "Java is missing: apt-get install openjdk-17-jre-headless" if found is None else "no jars: make services"
        )
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


class Broker:
    """One node. ``secured``, given as a PEM file with key and certificate, adds a TLS listener for SCRAM users.

    ``detour``, given as two addresses, adds a listener at the first that tells its clients to come to the second, where
    something forwards them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        secured: Path | None = None,
        users: Mapping[str, str] | None = None,
        detour: tuple[str, str] | None = None,
        **settings: str,
    ) -> None:
        self.folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self.secured_address = f"localhost:{free_port()}"
        self._java = java()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "server.log"
        folder.mkdir(parents=True, exist_ok=True)
        self._write_settings(secured, detour, settings)
        self._format(users or {})

    def _write_settings(
        self, secured: Path | None, detour: tuple[str, str] | None, settings: Mapping[str, str]
    ) -> None:
        controller = f"127.0.0.1:{free_port()}"
        listeners = f"PLAINTEXT://{self.address}"
        more = {}
        if secured is not None:
            listeners += f",SASL_SSL://{self.secured_address}"
            more = {
                "sasl.enabled.mechanisms": "SCRAM-SHA-512",
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;"
                ),
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": str(secured),
            }
        advertised = listeners
        if detour is not None:
            listeners, advertised = f"{listeners},DETOUR://{detour[0]}", f"{listeners},DETOUR://{detour[1]}"
        everything = SETTINGS | {
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"{listeners},CONTROLLER://{controller}",
            "advertised.listeners": advertised,
            "log.dirs": str(self.folder / "data"),
        }
        everything |= more | {name.replace("_", "."): value for name, value in settings.items()}
        lines = [f"{name}={value}\n" for name, value in everything.items()]
        (self.folder / "server.properties").write_text("".join(lines))

    def _run(self, *arguments: str) -> list[str]:
        classpath = ":".join(map(str, sorted(jars_folder().glob("*.jar"))))
        log = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
        return [self._java, *JVM, log, f"-Dkafka.logs.dir={self.folder}", "-cp", classpath, *arguments]

    def _format(self, users: Mapping[str, str]) -> None:
        command = self._run("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c")
        command.append(str(self.folder / "server.properties"))
        for name, password in users.items():
            command += ["--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Begin; ``wait_until_ready`` says when it takes requests."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._run("kafka.Kafka", str(self.folder / "server.properties")), stdout=log, stderr=subprocess.STDOUT
            )
            self._skip = log.tell()

    def wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while b"Kafka Server started" not in self._log.read_bytes()[self._skip :]:
            assert self._process.poll() is None, self._log.read_text()[-3000:]
            assert time.monotonic() < deadline, "Kafka did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """``kill -9``."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """In good order."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(number)
            self._process.wait(30)
            self._process = None
