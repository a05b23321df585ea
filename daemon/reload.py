"""Exchange topics and configuration while running: the new set whole, or the old one as it was.

Asked for by SIGHUP, by ``POST /-/reload``, or by a changed file.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import structlog

from daemon.metrics import Metrics
from daemon.watch import Watch
from processors.errors import InvalidInput, Problem

LOOK_SECONDS = 1.0
"""Between two looks at the files. A change is taken over when it was there at two looks: editors write in steps."""

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
)
"""Keys that are read once. Changing them takes effect at the next start, which is said at every reload until then."""

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
        self._lock = asyncio.Lock()
        self.problems: Sequence[Problem] = ()
        self.started = watch  # what ``NEEDS_RESTART`` keys say here is in force until the process ends
        self.watch = watch
        self._in_force(watch)

    async def reload(self) -> Sequence[Problem]:
        """Load everything anew. The problems that kept the old set in force; none if the new one is."""
        async with self._lock:
            try:
                # In a thread, so that deliveries go on while thousands of patterns are compiled.
                fresh = await asyncio.to_thread(self._load)
            except InvalidInput as error:
                return self._failed(error.problems)
            except Exception as error:
                # A bug of ours, but whoever saved a file must not have stopped the alerts by it.
                return self._failed([self._unforeseen(error)], exc_info=True)
            self._in_force(fresh)
            if changed := self.needs_restart():
                log.warning("restart_needed", keys=changed, hint="the other changes are in force")
            self._metrics.reloads.labels("done").inc()
            self._took_over(fresh)
            log.info("reloaded", topics=len(fresh.topics), receivers=len(fresh.receivers))
            return ()

    async def watch_files(self, files: Callable[[Watch], Iterable[Path]]) -> None:
        """Reload whenever one of ``files``, or a file that has a problem, changes, until cancelled."""
        known = pending = self._look(files)
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
        now, then = self.watch.loaded.config, self.started.loaded.config
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
        self._metrics.watched.set(len(watch.topics))
        self._metrics.loaded.set(self._now())
        self._metrics.valid.set(1)


def _look(files: Iterable[Path]) -> Look:
    seen = []
    for path in files:
        try:
            status = path.stat()
            seen.append((str(path), status.st_mtime_ns, status.st_size))
        except OSError:
            seen.append((str(path), 0, 0))
    return tuple(seen)
