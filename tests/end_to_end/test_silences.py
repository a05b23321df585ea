"""Silences of running daemons: known to every process, and there after a restart."""

from itertools import count
from pathlib import Path

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import Daemon, append, daemon, receiver, wait_until


def silenced(running: Daemon) -> bool:
    """Whether a record ended so in this process."""
    return 'rasid_records_total{outcome="silenced"} 0.0' not in running.ask("/metrics")[1]


def test_a_silence_holds_in_each_process_and_after_a_restart_until_it_is_ended(tmp_path: Path, redis_url: str) -> None:
    redis, numbers = {"url": redis_url}, count()
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    second.mkdir()

    def tells(folder: Path, running: Daemon) -> bool:
        """Another story is read; whether it, or one before, was silenced."""
        append(folder, a_flood(next(numbers)))
        return silenced(running)

    with receiver() as hook:
        with daemon(first, hook, redis=redis) as one, daemon(second, hook, redis=redis) as two:
            one.event("ready")
            two.event("ready")
            added = one.rasid("silence", "add", "topic=floods", "--for", "2h", "--comment", "كفى", "--author", "منى")
            id_ = added.stdout.strip()
            wait_until(lambda: tells(second, two), "silence in the other process")
            assert one.stop() == two.stop() == 0
        told = len(hook.posts)
        with daemon(first, hook, redis=redis) as one:
            one.event("ready")
            append(first, a_flood(next(numbers)))
            wait_until(lambda: silenced(one), "silence after a restart")
            assert len(hook.posts) == told
            assert one.rasid("silence", "expire", id_).stdout == f"{id_} ended\n"
            append(first, a_flood(next(numbers)))
            wait_until(lambda: len(hook.posts) == told + 1, "what comes after its end")
