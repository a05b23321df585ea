"""Everything around the daemons of one run over Kafka: a producer, Kafka, Redis, a receiver, and bad networks."""

import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from redis import Redis

from tests.conftest import redis_program
from tests.faults.evidence import DeadLetter
from tests.faults.kafka_faults import Fault
from tests.faults.kafka_reading import Position, read_positions, read_topic
from tests.faults.ledger import Published, Receipt, Tail, parse_published, parse_receipts, read_published, read_receipts
from tests.faults.parts import DAEMON, ROOT, SECRET, Daemon, OwnServer, Receiver, receiver_config
from tests.faults.proxy import ProxyProcess
from tests.faults.recovery import Arrivals
from tests.faults.torn_log import LogWatch
from tests.free_port import free_port
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker

REDIS_PASSWORD = "canary-6f1c-nobody-may-read-this"
SESSION_SECONDS = 2.0
PARTITIONS = 2
PER_SECOND = 60.0
"""Articles; about twenty alerts a second, so that at every fault some are in each state."""

LONGEST_RECORD = 3 * 1024 * 1024
"""More than an article may have: what is too long must be able to arrive."""


class Kafka:
    """A broker that daemons reach through a network of its own."""

    def __init__(self, folder: Path) -> None:
        inner = f"127.0.0.1:{free_port()}"
        self.network = ProxyProcess(inner, seed=1)
        self.outside = f"127.0.0.1:{self.network.port}"
        self.broker = Broker(folder, detour=(inner, self.outside))
        self.broker.start()
        self.broker.wait_until_ready()

    def close(self) -> None:
        self.broker.kill()
        self.network.close()


class KafkaWorld:
    """One run. ``seed`` 0 leaves the receiver well."""

    def __init__(self, folder: Path, kafka: Kafka, seed: int, *, program: Sequence[str] = DAEMON) -> None:
        self.folder = folder
        self.kafka = kafka
        self.seed = seed
        self.name = f"faults-{secrets.token_hex(4)}"
        self.topic, self.dead_topic = f"{self.name}.articles", f"{self.name}.dead"
        asyncio.run(create_topic(self.server, self.topic, PARTITIONS, max_message_bytes=str(LONGEST_RECORD)))
        self.partitions = PARTITIONS
        self.receiver = Receiver(folder / "receipts", seed)
        self.redis = OwnServer(redis_program(), folder, "--requirepass", REDIS_PASSWORD)
        self.log_watch = LogWatch(self.redis.logs)
        self.networks = {
            Fault.KAFKA_NETWORK: kafka.network,
            Fault.REDIS_NETWORK: ProxyProcess(str(self.redis.socket), seed),
            Fault.RECEIVER_NETWORK: ProxyProcess(f"127.0.0.1:{self.receiver.port}", seed),
        }
        self.first, self.second = (Daemon(folder / name, self._config(), program=program) for name in ("one", "two"))
        for daemon in (self.first, self.second):
            (daemon.state.parent / "password").write_text(REDIS_PASSWORD + "\n")
        self.arrivals = Arrivals()
        self._published, self._receipts = Tail(folder / "published"), Tail(folder / "receipts")
        self._producer: subprocess.Popen[str] | None = None
        self.realerted: dict[tuple[str, int], float] = {}  # by daemon and process, as last seen

    @property
    def server(self) -> str:
        return self.kafka.broker.address

    def _config(self) -> dict[str, Any]:
        source = {"servers": [self.kafka.outside], "subscribe": [self.topic], "start": "earliest"}
        return {
            "name": self.name,
            "sources": [{"kafka": {**source, "session_timeout": f"{SESSION_SECONDS:.0f}s"}}],
            "redis": {
                "url": f"redis://127.0.0.1:{self.networks[Fault.REDIS_NETWORK].port}",
                "password_file": "password",
            },
            "dead_letters": {"kafka_topic": self.dead_topic},
            "http": {"listen": "127.0.0.1:0"},
            **receiver_config(self.networks[Fault.RECEIVER_NETWORK].port),
        }

    def produce(self, per_second: float = PER_SECOND, count: int = 0) -> None:
        """Begin; without ``count``, until ``stop_producing``."""
        command = [sys.executable, "-m", "tests.faults.kafka_producer", self.server, self.topic]
        command += [str(self.folder / "published"), str(self.seed), str(per_second), str(count)]
        with (self.folder / "producer.log").open("ab") as log:
            self._producer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._producer.stdout is not None
        assert self._producer.stdout.readline() == "ready\n", (self.folder / "producer.log").read_text()

    def stop_producing(self, *, at_once: bool = True) -> None:
        """When everything is acknowledged."""
        assert self._producer is not None
        if at_once:
            self._producer.terminate()
        ended = self._producer.wait(150)
        assert ended == 0, (self.folder / "producer.log").read_text()[-3000:]

    def command_redis(self, *command: str) -> object:
        """Past the proxy, as the one who may do everything."""
        with Redis(unix_socket_path=str(self.redis.socket), password=REDIS_PASSWORD) as client:
            return client.execute_command(*command)

    def look(self) -> None:
        """At what was published and what arrived since the last look."""
        self.arrivals.add(parse_published(self._published.read()), parse_receipts(self._receipts.read()))

    def read_metrics(self) -> None:
        """What each process says of alerts told again. It dies with the process."""
        for daemon in (self.first, self.second):
            if daemon.running and (text := daemon.get("/metrics")) is not None:
                for line in text.decode().splitlines():
                    if line.startswith("rasid_realerted_total "):
                        self.realerted[daemon.state.parent.name, daemon.process.pid] = float(line.split()[1])

    def published(self) -> list[Published]:
        return read_published(self.folder / "published")

    def receipts(self) -> list[Receipt]:
        return read_receipts(self.folder / "receipts")

    def positions(self) -> list[Position]:
        return asyncio.run(read_positions(self.server, self.topic, self.name))

    def done(self) -> bool:
        """Whether the group has committed the end of everything, and nothing before is needed."""
        positions = self.positions()
        return bool(positions) and all(each.finished for each in positions)

    def dead_letters(self) -> list[DeadLetter]:
        letters = []
        for record in asyncio.run(read_topic(self.server, self.dead_topic)):
            headers = dict(record.headers)
            letters.append(DeadLetter(headers["rasid-origin"].decode(), headers["rasid-reason"].decode()))
        return letters

    def places(self) -> dict[str, bytes]:
        """Everything that was written where somebody may read it."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        open_to_all = [path for path in files if path.name not in ("secret", "password", "s")]
        places = {str(path): path.read_bytes() for path in open_to_all}
        places["status"] = json.dumps(self.first.status()).encode()
        places["metrics"] = self.first.get("/metrics") or b""
        for record in asyncio.run(read_topic(self.server, self.dead_topic)):
            places[f"dead letter {record.offset}"] = repr(record).encode()
        return places

    def close(self) -> None:
        """Everything of this run ends; the broker stays."""
        if self._producer is not None:
            self._producer.kill()
            self._producer.communicate()
        for daemon in (self.first, self.second):
            daemon.kill()
        self.log_watch.close()
        self.redis.kill()
        self.receiver.close()
        for fault, network in self.networks.items():
            if fault is Fault.KAFKA_NETWORK:
                network.use(None)
            else:
                network.close()


def wait_until(condition: Callable[[], bool], what: str, seconds: float, log: Path | None = None) -> None:
    """Fails, with the last words of a log, if it takes longer."""
    deadline = time.monotonic() + seconds
    while not condition():
        words = log.read_text(errors="replace")[-3000:] if log is not None and log.exists() else ""
        assert time.monotonic() < deadline, f"{what}: still not after {seconds:.0f} s\n{words}"
        time.sleep(0.05)  # another process sends no event


SECRETS = (SECRET, SECRET.removeprefix("whsec_"), REDIS_PASSWORD)
"""Canaries: nobody but those whom they are for may see them."""
