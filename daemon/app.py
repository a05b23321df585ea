"""Open everything, wire it, run, close in mirror order. Reads from top to bottom; the only place that knows it all."""

import asyncio
import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

import structlog
from redis.asyncio import Redis

from alerts.admission.redis_admission import RedisAdmission
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.late_silences import LateSilences
from alerts.dispatch.pacer import Pacer
from alerts.errors import Refused
from alerts.outbox.outbox import Outbox
from alerts.parking.parker import Parker
from alerts.senders.senders import Senders
from alerts.store.state_lock import StateLock
from daemon import __version__
from daemon.access.redis_tokens import RedisTokens
from daemon.access.token_store import TokenStore
from daemon.api.desk import Desk
from daemon.api.http_open import open_http
from daemon.api.http_silences import Silencing
from daemon.clock import now_ms
from daemon.consumer import Consumer
from daemon.history.past import Past, judged_of
from daemon.history.redis_past import open_past
from daemon.lifecycle import Drain, cancel, freeze_loaded, signals, supervise
from daemon.loops import loop, senders, watchers
from daemon.metrics.metrics import Metrics
from daemon.metrics.redis_gauges import gauges
from daemon.once import stop_when_done
from daemon.open_consumers import ConsumeSide
from daemon.open_pacer import open_pacer
from daemon.open_sources import Sources
from daemon.open_tracing import open_tracing
from daemon.readiness import Readiness
from daemon.redis_open import open_redis
from daemon.redis_parker import open_parker
from daemon.redis_sending import open_sending
from daemon.redis_silencing import open_silencing
from daemon.redis_standing import RedisStanding
from daemon.reload import Reloader
from daemon.sources.watched_source import WatchedSource
from daemon.state_names import instance_name
from daemon.status import outcomes_of, read_to, status_of
from daemon.tracing.tracing import Tracing
from daemon.watch import Watch
from daemon.wellness import heart_of

log = structlog.get_logger()


class App:
    """One running daemon. ``run`` is its whole life."""

    def __init__(
        self,
        watch: Watch,
        *,
        load: Callable[[], Watch],
        instance: str | None = None,
        once: bool = False,
        told_to_stop: Sequence[int] = (),
    ) -> None:
        self._config = watch.loaded.config
        self._once = once
        self._told_to_stop = told_to_stop  # signals that came before there was a loop
        self._instance = instance or self._config.instance
        self.stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self.address = ""  # of the HTTP server, once it listens
        self._started_ms = now_ms()
        self.metrics = Metrics(__version__)
        self._readiness = Readiness()
        self._reloader = Reloader(watch, load=load, took_over=self._took_over, metrics=self.metrics, now=time.time)
        self._outbox: Outbox | None = None
        self._past: Past | None = None
        self._silencing: Silencing | None = None
        self._tokens: TokenStore | None = None
        self._tracing = Tracing()
        self._dispatcher: Dispatcher | None = None
        self._consumers: list[Consumer] = []
        self._sources: list[WatchedSource] = []
        self._standing: RedisStanding | None = None
        self._crash: BaseException | None = None

    async def run(self) -> int:
        """Run until stopped: 0 drained, 1 the drain deadline passed or a file was too damaged to be read whole.

        Raises ``Refused`` and whatever is a bug."""
        config, drain = self._config, Drain(self._config.drain_timeout.total_seconds())
        async with AsyncExitStack() as stack:
            stack.enter_context(signals(self.stopping.set, self._reloader.reload_soon, self._told_to_stop))
            stack.push_async_callback(self._reloader.close)
            stack.callback(StateLock(config.state_dir).close)
            self._instance = instance_name(config.state_dir, self._instance)
            await self._listen(stack)
            redis = await self._open_redis(stack)
            if redis is None:
                return 0  # told to stop before there was anything to stop
            admission, keep_ms = RedisAdmission(redis, config.name), round(config.history.keep.total_seconds() * 1000)
            sources = Sources(self._reloader, self._instance, self.metrics, self._once)
            parker = open_parker(
                stack, sources.parked_topic(), redis, config.name, dead_kept_ms=keep_ms, now_ms=now_ms, added=self._wake
            )
            self._outbox, replayer = open_sending(redis, config, self._instance, parker, self.metrics, self._wake)
            dispatcher = self._dispatcher = await self._open_dispatcher(stack, self._outbox)
            teller, pacer = open_pacer(self._outbox, self._past, dispatcher, self.metrics, log, now_ms)
            self._open_consumers(stack, admission, self._outbox, dispatcher, pacer, sources, parker)
            self._say_ready()

            reading, sending = asyncio.Event(), asyncio.Event()  # set: stop
            readers = [loop(consumer.run(reading), "consumer") for consumer in self._consumers]
            sender_loops = senders(dispatcher, pacer, replayer, parker, sending)
            beside = watchers(self._reloader, self._silencing, reading)
            whose = self._reloader, self._readiness, self._consumers
            heart = heart_of(*whose, dispatcher, self._outbox, self.metrics, now_ms)
            beside += [loop(heart.run(reading), "heart"), *gauges(redis, config.name, self.metrics, reading)]
            if self._once:
                beside.append(loop(stop_when_done(self._consumers, teller, now_ms, self.stopping), "once"))
            stack.push_async_callback(cancel, [*readers, *sender_loops, *beside])
            await supervise([*readers, *sender_loops, *beside], self.stopping)

            if self._crash is not None:
                raise self._crash
            self._readiness.phase("stopping")
            await self._reloader.close()
            await cancel(beside)
            log.info("stopping", drain_timeout_s=config.drain_timeout.total_seconds())
            reading.set()
            await drain.finish("reading", readers)
            sending.set()
            await drain.finish("sending", sender_loops)
            log.info("stopped", drained=not drain.late, outcomes=await outcomes_of(admission))
        return 1 if drain.late or any(each.damaged for each in self._sources) else 0

    async def _listen(self, stack: AsyncExitStack) -> None:
        desk = Desk(
            metrics=self.metrics,
            readiness=self._readiness,
            status=self._status,
            reload=self._reloader.reload,
            outbox=lambda: self._outbox,
            now_ms=now_ms,
            woken=self._wake,
            past=lambda: self._past,
            silencing=lambda: self._silencing,
            tokens=lambda: self._tokens,
        )
        self.address = await open_http(stack, desk, self._config, self._reloader.watch.loaded.token)

    async def _open_redis(self, stack: AsyncExitStack) -> Redis | None:
        redis = await open_redis(
            stack,
            self._config.redis,
            state_dir=self._config.state_dir,
            password=self._reloader.watch.loaded.redis_password,
            readiness=self._readiness,
            stopping=self.stopping,
            lost=self._lost,
        )
        self._past = open_past(redis, self._config.name, self._reloader, now_ms)
        self._tokens = RedisTokens(redis, self._config.name) if redis is not None else None
        self._standing = RedisStanding(redis) if redis is not None else None
        self._silencing = await open_silencing(redis, self._config, self._reloader, now_ms, self.stopping)
        return redis if self._silencing is not None else None

    def _lost(self, error: BaseException) -> None:
        """The private server is gone for good: stop, and say so by the status."""
        self._crash = error
        self.stopping.set()

    async def _open_dispatcher(self, stack: AsyncExitStack, outbox: Outbox) -> Dispatcher:
        self._tracing = open_tracing(stack, self._reloader.started, self._instance or "", self.metrics)
        sender = Senders(user_agent=f"rasid/{__version__}", log=log)
        stack.push_async_callback(sender.close)
        return Dispatcher(
            outbox=outbox,
            sender=self._tracing.sender(sender),
            receivers=self._reloader.watch.receivers,
            observer=self.metrics,
            log=log,
            now_ms=now_ms,
            chance=random.random,
            silences=LateSilences(
                outbox, lambda: self._silencing.holding() if self._silencing else (), self.metrics, log
            ),
        )

    def _open_consumers(
        self,
        stack: AsyncExitStack,
        admission: RedisAdmission,
        outbox: Outbox,
        dispatcher: Dispatcher,
        pacer: Pacer,
        sources: Sources,
        parker: Parker | None,
    ) -> None:
        consuming = ConsumeSide(
            reloader=self._reloader,
            metrics=self.metrics,
            admission=admission,
            outbox=outbox,
            parker=parker,
            tracing=self._tracing,
            silences=lambda: self._silencing.known.in_force if self._silencing else (),
            judged=lambda alerts: judged_of(self._past, alerts),
            added=dispatcher.wake.set,
            waits=pacer.wake.set,
        )
        for source, consumer in consuming.open(stack, sources):
            self._sources.append(source)
            self._consumers.append(consumer)
            self._readiness.add(lambda consumer=consumer: consumer.waiting_for)  # type: ignore[misc]

    def _took_over(self, watch: Watch) -> None:
        if self._dispatcher is not None:
            self._dispatcher.replace_receivers(watch.receivers)

    def _wake(self) -> None:
        if self._dispatcher is not None:
            self._dispatcher.look_again()

    def _say_ready(self) -> None:
        freeze_loaded()
        self._readiness.phase("")
        self.ready.set()
        log.info(
            "ready",
            version=__version__,
            name=self._config.name,
            instance=self._instance,
            pid=os.getpid(),
            topics=len(self._reloader.watch.topics),
            receivers=len(self._reloader.watch.receivers),
            seconds=round((now_ms() - self._started_ms) / 1000, 3),
        )

    async def _status(self) -> dict[str, Any]:
        own = {"version": __version__, "instance": self._instance, "pid": os.getpid(), "started_ms": self._started_ms}
        asked = await status_of(self._reloader, self._readiness, self._outbox, self._dispatcher, self._standing)
        return own | read_to(self._consumers, self._sources) | asked


async def run(
    first: list[Watch], load: Callable[[], Watch], *, instance: str | None, once: bool, told_to_stop: Sequence[int]
) -> int:
    """Run the daemon until it is told to stop. Returns the exit status; ``Refused`` becomes 3. ``first`` is emptied."""
    try:
        return await App(first.pop(), load=load, instance=instance, once=once, told_to_stop=told_to_stop).run()
    except Refused as error:
        log.error("refused", reason=str(error))
        return 3
