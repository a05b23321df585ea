"""A set that was replaced is freed once nobody uses it, and in small parts."""

import asyncio
import gc
import threading
import weakref
from pathlib import Path

import pytest

from daemon.letting_go import LARGE, let_go, parts_of
from daemon.watch import Watch, load_watch
from processors.errors import InvalidInput, Problem
from tests.daemon.build import write_config
from tests.daemon.test_reload import Reloaded

MANY = "topics:\n" + "".join(f"  t{number}: {{match: كلمة{number} AND وصل}}\n" for number in range(2 * LARGE))


def test_the_parts_are_what_stands_in_large_containers(tmp_path: Path) -> None:
    watch = load_watch(write_config(tmp_path, topics=MANY))

    parts = parts_of(watch)

    held = {id(part) for part in parts}
    assert all(id(topic) in held for topic in watch.watchlist.topics.values())
    assert all(id(facts) in held for facts in watch.topics.values())


def test_what_is_used_is_kept_until_it_is_not(tmp_path: Path) -> None:
    watch: Watch | None = load_watch(write_config(tmp_path, topics=MANY))
    assert watch is not None
    topic = weakref.ref(watch.watchlist)
    thread = let_go(watch)

    thread.join(timeout=0.05)
    assert thread.is_alive()
    assert len(watch.watchlist.topics) == 2 * LARGE

    watch = None
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert topic() is None


def test_nobody_keeps_the_set_that_a_reload_replaced(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)
    first = weakref.ref(held.reloader.watch)
    names = weakref.ref(held.reloader.watch.watchlist._names)

    assert runner.run(held.reloader.reload()) == ()
    for thread in threading.enumerate():
        if thread.name == "let go":
            thread.join(timeout=10)

    assert first() is None
    assert names() is None
    assert held.reloader.needs_restart() == []


class Read:
    """Something that a load has read by the time it fails."""


@pytest.mark.parametrize("error", [InvalidInput([Problem("topics.yaml", 1, 1, "wrong")]), RuntimeError("a bug")])
def test_a_load_that_failed_keeps_nothing_of_what_it_read(
    tmp_path: Path, runner: asyncio.Runner, error: Exception
) -> None:
    kept: list[weakref.ref[Read]] = []

    def load(_: Path) -> Watch:
        read = Read()
        kept.append(weakref.ref(read))
        raise error.with_traceback(None)

    held = Reloaded(tmp_path, load)
    gc.collect()
    gc.disable()
    try:
        assert len(runner.run(held.reloader.reload())) == 1
        error.__traceback__ = None  # the test's own
        assert [each() for each in kept] == [None]
    finally:
        gc.enable()
