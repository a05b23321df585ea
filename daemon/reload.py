"""Exchange topics and configuration while running: the new set whole, or the old one as it was.

Asked for by SIGHUP, by ``POST /-/reload``, or by a changed file.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from alerts.errors import Unavailable
from daemon.letting_go import let_go
from daemon.lifecycle import cancel
from daemon.metrics.metrics import Metrics
from daemon.watch import Watch
from processors.errors import InvalidInput, Problem

LOOK_SECONDS = 1.0
"""Between two looks at the files. A change is taken over when it was there at two looks: editors write in steps."""

LOAD_SECONDS = 120.0
"""Of one load: many times what tens of thousands of patterns take, so that whoever asked is told in the end."""

NEEDS_RESTART = (
    "name",
    "state_dir",
    "sources",
    "redis",
    "http",
    "instance",
    "dead_letters",
    "drain_timeout",
    "history",
    "tracing",
)
"""Keys that are read once. Changing them takes effect at the next start, which is said at every reload until then."""

MOST_WARNINGS = 20
"""In one line of the log: a desk's slips. More come of one cause, which these show; `rasid check` lists all."""

log = structlog.get_logger()

Look = tuple[tuple[str, int, int], ...]


class Reloader:
    """Knows the set in force and the problems of the one on disk."""

    def __init__(
        self,
        watch: Watch,
        *,
        load: Callable[[], Watch],
        took_over: Callable[[Watch], None],
        metrics: Metrics,
        now: Callable[[], float],
    ) -> None:
        self._load = load
        self._took_over = took_over
        self._metrics = metrics
        self._now = now
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[Sequence[Problem]] | None = None  # waits for its turn
        self._under_way: set[asyncio.Task[Sequence[Problem]]] = set()
        self._closed = False
        self.problems: Sequence[Problem] = ()
        self._warned: frozenset[Problem] = frozenset()  # of what is in force
        self.started = watch.loaded  # what ``NEEDS_RESTART`` keys say here is in force until the process ends
        self.watch = watch
        self.loaded_ms = 0  # when the set in force was loaded
        self._in_force(watch)

    async def reload(self) -> Sequence[Problem]:
        """Load everything anew. The problems that kept the old set in force; none if the new one is.

        All who ask before a load begins share it. Raises ``Unavailable`` once closed.
        """
        if self._closed:
            raise Unavailable("stopping")
        task = self._ask()
        try:
            return await asyncio.shield(task)  # whoever asked may go away: others wait for it too
        except asyncio.CancelledError:
            if task.cancelled():
                raise Unavailable("stopping") from None
            raise

    def reload_soon(self) -> None:
        """As ``reload``; only the log tells how it went. Nothing happens once closed."""
        if not self._closed:
            self._ask()

    async def close(self) -> None:
        """Reload no more; what is being loaded is dropped."""
        self._closed = True
        await cancel(list(self._under_way))

    def _ask(self) -> asyncio.Task[Sequence[Problem]]:
        if self._next is None:
            self._next = asyncio.create_task(self._load_in_turn(), name="reload")
            self._under_way.add(self._next)
            self._next.add_done_callback(self._under_way.discard)
        return self._next

    async def _load_in_turn(self) -> Sequence[Problem]:
        async with self._turn:
            self._next = None  # files may change from here on: who asks now means another load
            try:
                async with asyncio.timeout(LOAD_SECONDS) as limit:
                    fresh = await _in_thread(self._load)
            except InvalidInput as error:
                return self._failed(error.problems)
            except TimeoutError as error:
                return self._failed([self._overdue() if limit.expired() else self._unforeseen(error)])
            except Exception as error:
                # A bug of ours, but whoever saved a file must not have stopped the alerts by it.
                return self._failed([self._unforeseen(error)], exc_info=True)
            replaced = self.watch
            self._in_force(fresh)
            if changed := self.needs_restart():
                log.warning("restart_needed", keys=changed, hint="the other changes are in force")
            self._metrics.reloads.labels("done").inc()
            self._took_over(fresh)
            let_go(replaced)
            log.info("reloaded", topics=len(fresh.topics), receivers=len(fresh.receivers))
            return ()

    async def watch_files(self, files: Callable[[Watch], Iterable[Path]]) -> None:
        """Reload whenever one of ``files``, or a file that has a problem, changes, until cancelled."""
        # A file may have changed since the set in force was read, while the process started: that is a change too.
        known = pending = self._look(files)
        if read_ns := self.watch.loaded.begun_ns:
            known = tuple(each for each in known if each[1] < read_ns)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            seen = self._look(files)
            if seen != known and seen == pending:
                # What was seen before the load, not after it: a change made meanwhile may have come too late for it.
                # Files that are named for the first time therefore lead to a second load, which changes nothing.
                known = seen
                await self.reload()
            pending = seen

    def needs_restart(self) -> Sequence[str]:
        """Keys of the configuration whose new values are not in force yet."""
        now, then = self.watch.loaded.config, self.started.config
        return [key for key in NEEDS_RESTART if getattr(now, key) != getattr(then, key)]

    def _look(self, files: Callable[[Watch], Iterable[Path]]) -> Look:
        folder = self.watch.loaded.folder
        return _look([*files(self.watch), *sorted({folder / problem.path for problem in self.problems})])

    def _failed(self, problems: Sequence[Problem], **details: Any) -> Sequence[Problem]:
        self.problems = tuple(problems)
        self._metrics.reloads.labels("failed").inc()
        self._metrics.valid.set(0)
        log.error("reload_failed", problems=[str(each) for each in problems], hint="old set kept", **details)
        return self.problems

    def _overdue(self) -> Problem:
        message = (
            f"was not loaded within {LOAD_SECONDS:g} s and was given up: take back the last change, or make the topics "
            "smaller, and reload again; `rasid check` shows how long it takes"
        )
        return Problem(str(self.watch.loaded.path), 0, 0, message)

    def _unforeseen(self, error: Exception) -> Problem:
        message = (
            f"could not be loaded: {type(error).__name__}: {error}. This is a bug: report it with the traceback in the "
            "log, and take back the last change until it is mended"
        )
        return Problem(str(self.watch.loaded.path), 0, 0, message)

    def _in_force(self, watch: Watch) -> None:
        self.watch = watch
        self.problems = ()
        self._metrics.topics.add(watch.topics)
        self._metrics.receivers.add(watch.receivers)
        outlets = watch.loaded.config.stories.outlets.values()
        self._metrics.watch_outlets(name for group in outlets for name in group)
        self._metrics.watched.set(len(watch.topics))
        self.loaded_ms = round(self._now() * 1000)
        self._metrics.loaded.set(self.loaded_ms / 1000)
        self._metrics.valid.set(1)
        self._warn(watch.warnings)

    def _warn(self, warnings: Sequence[Problem]) -> None:
        """Each is logged once, and not at every reload while it stands."""
        fresh = [str(each) for each in warnings if each not in self._warned]
        self._warned = frozenset(warnings)
        if fresh:
            hint = "in force all the same; `rasid check -c FILE` lists every warning"
            log.warning(
                "loaded_with_warnings", warnings=fresh[:MOST_WARNINGS], more=len(fresh[MOST_WARNINGS:]), hint=hint
            )


async def _in_thread(load: Callable[[], Watch]) -> Watch:
    """Load while deliveries go on. The thread is given up with the waiting, and holds up no exit of the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    outcome: list[Watch | BaseException] = []

    def tell() -> None:
        if not done.done():
            done.set_result(None)

    def work() -> None:
        try:
            outcome.append(load())
        except BaseException as error:
            outcome.append(error)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=work, name="reload", daemon=True).start()
    await done
    result = outcome.pop()
    if isinstance(result, BaseException):
        try:
            raise result
        finally:
            del result  # it knows the calls that it goes through, and this one would know it: nobody would free them
    return result


def _look(files: Iterable[Path]) -> Look:
    seen = []
    for path in files:
        try:
            status = path.stat()
            seen.append((str(path), status.st_mtime_ns, status.st_size))
        except OSError:
            seen.append((str(path), 0, 0))
    return tuple(seen)
