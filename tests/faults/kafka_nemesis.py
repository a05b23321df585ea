"""Strikes a running world, writes down every blow, and measures how long alerts took to arrive again."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from tests.faults.check import Loss
from tests.faults.kafka_faults import Blow, Fault
from tests.faults.kafka_world import SESSION_SECONDS, KafkaWorld, wait_until
from tests.faults.ledger import Lines
from tests.faults.parts import Daemon
from tests.kafka.admin import add_partitions

PATIENCE_SECONDS = 60.0
METRICS_SECONDS = 0.5


class Nemesis:
    """Its chance is seeded; the world's own is not, so two runs of a seed are alike, not the same."""

    def __init__(self, world: KafkaWorld, seed: int) -> None:
        self._world = world
        self._chance = random.Random(seed)
        self._log = Lines(world.folder / "nemesis")
        self._bad: dict[Fault, float] = {}  # networks, and until when
        self._expected: set[str] = {"one"}  # daemons that should be running
        self._calm = True  # whether everything before has healed
        self._read_at = 0.0
        self.counts: Counter[str] = Counter()
        self.losses: list[Loss] = []
        self.recovered: dict[str, list[float]] = defaultdict(list)
        self.overlapping: dict[str, list[float]] = defaultdict(list)
        self.exits: list[str] = []  # of daemons that nobody ended
        self._blows: dict[Fault, Callable[[Blow], float]] = {
            Fault.DAEMON_KILLED: self._kill_daemon,
            Fault.REDIS_KILLED: self._kill_redis,
            Fault.REDIS_TORN: self._tear_redis,
            Fault.REDIS_WIPED: self._wipe_redis,
            Fault.SCRIPTS_FORGOTTEN: self._forget_scripts,
            Fault.KAFKA_KILLED: self._kill_kafka,
            Fault.RECEIVER_KILLED: self._kill_receiver,
            Fault.DAEMON_FROZEN: self._freeze,
            Fault.SECOND_JOINS: self._second_joins,
            Fault.SECOND_LEAVES: self._second_leaves,
            Fault.ROLLING: self._restart_both,
            Fault.PARTITION_ADDED: self._add_partition,
            Fault.REDIS_NETWORK: self._spoil,
            Fault.RECEIVER_NETWORK: self._spoil,
            Fault.KAFKA_NETWORK: self._spoil,
        }

    @property
    def faults(self) -> int:
        return self.counts.total()

    def strike(self, blow: Blow) -> None:
        """One blow. Returns at once, or when alerts of articles published since arrive from every partition."""
        self.wait(blow.after_seconds)
        name = f"{blow.fault}: {blow.toxic}" if blow.toxic else str(blow.fault)
        self._log.write({"at": time.time(), "fault": name, "heals": blow.heals, "bad": list(self._bad)})
        calm, self._calm = self._calm and not self._bad, blow.heals
        self.counts[name] += 1
        restart = self._blows[blow.fault](blow)
        self._log.write({"at": time.time(), "done": name, "restart": restart})
        if blow.heals:
            self.heal()
            seconds = self.recover(restart if blow.fault not in self._bad else time.time(), name)
            (self.recovered if calm else self.overlapping)[blow.fault].append(seconds)

    def heal(self) -> None:
        """All networks are well again once their time is over."""
        while self._bad:
            self.wait(0.02)

    def recover(self, restart: float, what: str) -> float:
        """How long it took from then on."""
        arrivals = self._world.arrivals

        def arrived() -> bool:
            self._tick()
            return arrivals.since(restart) is not None

        log = self._world.first.log
        wait_until(arrived, f"{what} (seed {self._world.seed}): alerts from every partition", PATIENCE_SECONDS, log)
        seconds = (arrivals.since(restart) or restart) - restart
        self._log.write({"at": time.time(), "recovered": what, "seconds": seconds})
        return seconds

    def wait(self, seconds: float) -> None:
        """And do meanwhile what must be done."""
        until = time.monotonic() + seconds
        self._tick()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.02))
            self._tick()

    def _end_networks(self) -> None:
        for network in [each for each, until in self._bad.items() if time.monotonic() >= until]:
            self._world.networks[network].use(None)
            del self._bad[network]

    def _tick(self) -> None:
        """End what is due, and do what a supervisor does."""
        world = self._world
        self._end_networks()
        world.redis.keep_running()
        for name, daemon in (("one", world.first), ("two", world.second)):
            if name in self._expected and not daemon.running:
                self.exits.append(f"daemon {name} ended with {daemon.process.returncode}")
                daemon.start()
        if time.monotonic() - self._read_at > METRICS_SECONDS:
            world.read_metrics()
            self._read_at = time.monotonic()
        world.look()

    def _running(self) -> list[Daemon]:
        return [self._world.first, *([self._world.second] if "two" in self._expected else [])]

    def _kill_daemon(self, _: Blow) -> float:
        daemon = self._chance.choice(self._running())
        daemon.kill()
        began = time.time()
        daemon.start()
        return began

    def _kill_redis(self, _: Blow) -> float:
        self._world.redis.kill()
        began = time.time()
        self._world.redis.start()
        return began

    def _tear_redis(self, _: Blow) -> float:
        redis, began = self._world.redis, time.time()
        redis.kill()
        gone = self._world.log_watch.tear(self._chance)
        redis.start()
        self.losses.append(Loss(began, time.time()))
        self._log.write({"at": time.time(), "torn": gone})
        self.wait(self._chance.uniform(0.0, 2.5))
        return self._kill_redis(_)

    def _wipe_redis(self, _: Blow) -> float:
        began = time.time()
        self._world.command_redis("FLUSHALL")
        self.losses.append(Loss(began, time.time()))
        return began

    def _forget_scripts(self, _: Blow) -> float:
        self._world.command_redis("SCRIPT", "FLUSH")
        return time.time()

    def _kill_kafka(self, _: Blow) -> float:
        broker = self._world.kafka.broker
        broker.kill()
        self.wait(self._chance.uniform(0.0, 1.0))
        began = time.time()
        broker.start()
        broker.wait_until_ready()
        return began

    def _kill_receiver(self, _: Blow) -> float:
        self._world.receiver.close()
        self.wait(self._chance.uniform(0.0, 0.5))
        began = time.time()
        self._world.receiver.start()
        return began

    def _freeze(self, blow: Blow) -> float:
        """For three sessions, while another has its partitions; then it wakes and believes that nothing happened."""
        self._second_joins(blow)
        self._await_ready(self._world.second)
        self.recover(time.time(), "the second daemon before a freeze")
        frozen = self._chance.choice(self._running())
        began = time.time()
        frozen.freeze()
        try:
            self._wait_blind(3 * SESSION_SECONDS)
        finally:
            frozen.thaw()
        if (taken_over := self._world.arrivals.since(began)) is not None:
            self.recovered["the other took over"].append(taken_over - began)
        return time.time()

    def _await_ready(self, daemon: Daemon) -> None:
        def ready() -> bool:
            self._tick()
            return daemon.ready()

        wait_until(ready, f"ready (seed {self._world.seed})", PATIENCE_SECONDS, daemon.log)

    def _wait_blind(self, seconds: float) -> None:
        """Without asking a frozen daemon for anything."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._end_networks()
            self._world.redis.keep_running()
            self._world.look()
            time.sleep(0.02)

    def _second_joins(self, _: Blow) -> float:
        began = time.time()
        if not self._world.second.running:
            self._world.second.start()
        self._expected.add("two")
        return began

    def _second_leaves(self, blow: Blow) -> float:
        if not self._world.second.running:
            self._second_joins(blow)
            self._await_ready(self._world.second)
        self._expected.discard("two")
        self._stop(self._world.second)
        return time.time()

    def _restart_both(self, blow: Blow) -> float:
        self._second_joins(blow)
        self._await_ready(self._world.second)
        began = time.time()
        for name, daemon in (("one", self._world.first), ("two", self._world.second)):
            self._expected.discard(name)
            self._stop(daemon)
            began = time.time()
            daemon.start()
            self._expected.add(name)
            self._await_ready(daemon)
        return began

    def _stop(self, daemon: Daemon) -> None:
        """In good order, except where a bad network holds it up for too long."""
        ended = daemon.stop()
        if ended and not (ended == 1 and self._bad):
            self.exits.append(f"a daemon that was told to stop ended with {ended}")

    def _add_partition(self, _: Blow) -> float:
        world = self._world
        asyncio.run(add_partitions(world.server, world.topic, world.partitions + 1))
        world.partitions += 1

        def used() -> bool:
            self._tick()
            return len(world.arrivals.partitions) >= world.partitions

        wait_until(used, "the new partition has an article", PATIENCE_SECONDS)
        return max(world.arrivals.partitions.values())

    def _spoil(self, blow: Blow) -> float:
        self._world.networks[blow.fault].use(blow.toxic)
        self._bad[blow.fault] = time.monotonic() + blow.for_seconds
        if blow.heals:
            self.heal()
        return time.time()

    def settle(self) -> None:
        """No more faults: everything that was published must come to its end."""
        self.heal()
        self._world.stop_producing()

        def finished() -> bool:
            self._tick()
            return self._world.done()

        wait_until(finished, f"everything finished (seed {self._world.seed})", PATIENCE_SECONDS, self._world.first.log)
        self._world.read_metrics()

    def close(self) -> None:
        self._log.close()
