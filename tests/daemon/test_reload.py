"""A reload takes over the whole new set, or keeps the old one."""

import asyncio
from collections.abc import Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from daemon.reload import Reloader
from daemon.status import status_of
from daemon.watch import Watch, load_tested_watch, watched_files
from processors.errors import InvalidInput
from tests.daemon.build import TOPICS, value_of, write_config

FIRES = "topics:\n  fires:\n    match: حريق\n"


class Reloaded:
    """A reloader over a folder."""

    def __init__(self, folder: Path, load: Callable[[Path], Watch] = load_tested_watch) -> None:
        self.path = write_config(folder)
        self.metrics = Metrics("test")
        self.taken: list[Watch] = []
        self.reloader = Reloader(
            load_tested_watch(self.path),
            load=lambda: load(self.path),
            took_over=self.taken.append,
            metrics=self.metrics,
            now=lambda: 7.0,
        )


async def while_watched(held: Reloaded, change: Callable[[], object], done: Callable[[], bool]) -> None:
    """Make a change while the files are watched, and wait for what it leads to."""
    looking = asyncio.create_task(held.reloader.watch_files(watched_files))
    await asyncio.sleep(0)
    change()
    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0.001)
    looking.cancel()


def test_a_change_made_while_the_process_starts_is_taken_over(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)
    (tmp_path / "topics.yaml").write_text(FIRES, encoding="utf-8")  # read already, and not watched yet

    runner.run(while_watched(held, lambda: None, lambda: held.taken != []))

    assert list(held.reloader.watch.topics) == ["fires"]


def test_new_topics_and_receivers_are_taken_over(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)

    write_config(tmp_path, topics=TOPICS + "  fires:\n    match: حريق\n")
    problems = runner.run(held.reloader.reload())

    assert problems == ()
    assert list(held.reloader.watch.topics) == ["floods", "harbours", "fires"]
    assert held.taken == [held.reloader.watch]
    assert value_of(held.metrics, "rasid_reloads_total", {"result": "done"}) == 1


BROKEN = [
    ("no YAML", "topics: [", "not readable as YAML"),
    ("an unknown field", "topics:\n  a:\n    match: |\n      titel:x\n", "titel"),
    ("a topic that fails its test", TOPICS + "    tests:\n      - {text: nothing, expect: match}\n", "expects match"),
]


@pytest.mark.parametrize(("name", "topics", "message"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_bad_file_changes_nothing_and_is_told(
    name: str, topics: str, message: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    held = Reloaded(tmp_path)
    before = held.reloader.watch

    write_config(tmp_path, topics=topics)
    problems = runner.run(held.reloader.reload())

    assert held.reloader.watch is before
    assert message in "\n".join(map(str, problems))
    assert held.reloader.problems == problems
    assert held.taken == []
    assert value_of(held.metrics, "rasid_config_valid") == 0


def test_an_error_that_nobody_foresaw_changes_nothing_and_is_told(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)
    before = held.reloader.watch

    def fails() -> Watch:
        raise TypeError("no such thing was foreseen")

    reloader = Reloader(before, load=fails, took_over=held.taken.append, metrics=held.metrics, now=lambda: 7.0)
    with capture_logs() as logged:
        (problem,) = runner.run(reloader.reload())

    assert (reloader.watch, reloader.problems, held.taken) == (before, (problem,), [])
    assert problem.path == str(held.path)
    assert "TypeError: no such thing was foreseen" in problem.message
    assert [(each["event"], each["exc_info"]) for each in logged] == [("reload_failed", True)]
    assert value_of(held.metrics, "rasid_reloads_total", {"result": "failed"}) == 1
    assert value_of(held.metrics, "rasid_config_valid") == 0


def test_a_mended_file_is_taken_over(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)
    write_config(tmp_path, topics="topics: [")
    runner.run(held.reloader.reload())

    write_config(tmp_path)
    runner.run(held.reloader.reload())

    assert held.reloader.problems == ()
    assert value_of(held.metrics, "rasid_config_valid") == 1


def test_a_changed_file_reloads_by_itself(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.reload.LOOK_SECONDS", 0.001)
    held = Reloaded(tmp_path)

    runner.run(while_watched(held, lambda: write_config(tmp_path, topics=FIRES), lambda: bool(held.taken)))

    assert "fires" in held.reloader.watch.topics


def test_a_change_made_while_a_set_is_loading_is_taken_over_after_it(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.reload.LOOK_SECONDS", 0.001)
    later = iter([TOPICS + "  storms:\n    match: عاصفة\n"])

    def load_and_meanwhile_change(path: Path) -> Watch:
        watch = load_tested_watch(path)
        for topics in later:
            write_config(tmp_path, topics=topics)
        return watch

    held = Reloaded(tmp_path, load_and_meanwhile_change)

    runner.run(while_watched(held, lambda: write_config(tmp_path, topics=FIRES), lambda: len(held.taken) > 1))

    assert "storms" in held.reloader.watch.topics


def test_a_broken_file_that_only_a_failed_configuration_names_is_watched(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.reload.LOOK_SECONDS", 0.001)
    held = Reloaded(tmp_path)
    new = tmp_path / "new.yaml"

    def name_a_broken_file() -> None:
        new.write_text("topics: [", encoding="utf-8")
        held.path.write_text(held.path.read_text().replace('"topics.yaml"', '"topics.yaml", "new.yaml"'))

    runner.run(while_watched(held, name_a_broken_file, lambda: bool(held.reloader.problems)))
    runner.run(while_watched(held, lambda: new.write_text(FIRES, encoding="utf-8"), lambda: bool(held.taken)))

    assert "fires" in held.reloader.watch.topics


def test_what_needs_a_restart_is_said_until_it_is_in_force(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)

    def said() -> list[object]:
        with capture_logs() as logged:
            assert runner.run(held.reloader.reload()) == ()
        return [each["keys"] for each in logged if each["event"] == "restart_needed"]

    write_config(tmp_path, name="another", drain_timeout="5s")
    assert [said(), said()] == [[["name", "drain_timeout"]], [["name", "drain_timeout"]]]
    status = runner.run(status_of(held.reloader, Readiness(), None))
    assert status["name"] == "test"
    assert status["config"]["restart_needed"] == ["name", "drain_timeout"]

    write_config(tmp_path)
    assert said() == []


def test_a_warning_is_logged_once_as_long_as_it_stands(tmp_path: Path, runner: asyncio.Runner) -> None:
    held = Reloaded(tmp_path)

    def said_of(topic: str) -> list[str]:
        write_config(tmp_path, route={"receiver": "desk", "routes": [{"match": {"topic": topic}}]})
        with capture_logs() as logged:
            assert runner.run(held.reloader.reload()) == ()
        return warnings_in(logged)

    (first,) = said_of("flods")
    again = said_of("flods")
    (other,) = said_of("quakes")
    mended = said_of("floods")

    assert first.startswith(f"{held.path}:")
    assert first.endswith("no topic that is watched fits `flods`, did you mean `floods`?")
    assert "`quakes`" in other
    assert (again, mended) == ([], [])


def test_a_warning_is_logged_at_the_start(tmp_path: Path) -> None:
    below = {"routes": [{"match": {"topic": "flods"}}]}
    watch = load_tested_watch(write_config(tmp_path, route={"receiver": "desk", **below}))

    with capture_logs() as logged:
        Reloader(watch, load=lambda: watch, took_over=lambda _: None, metrics=Metrics("test"), now=lambda: 7.0)

    assert warnings_in(logged) == [str(each) for each in watch.warnings] != []


def warnings_in(logged: Iterable[MutableMapping[str, Any]]) -> list[str]:
    return [each for line in logged if line["event"] == "loaded_with_warnings" for each in line["warnings"]]


def test_the_topics_files_the_folder_and_the_secrets_are_watched(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.yaml").write_text("topics: {x: {match: ثلج}}", encoding="utf-8")

    watch = a_watch_of_folder(tmp_path)

    names = {str(path.relative_to(tmp_path)) for path in watched_files(watch)}
    assert names >= {"rasid.yaml", "topics.yaml", "more", "more/x.yaml", "secret"}


def a_watch_of_folder(folder: Path) -> Watch:
    path = write_config(folder)
    path.write_text(path.read_text().replace('"topics.yaml"', '"topics.yaml", "more"'))
    return load_tested_watch(path)


CHOICES = [
    ("an unknown built-in", "builtin:memna", "did you mean `mena`?"),
    ("a file that is not there", "absent.yaml", "cannot be read"),
]


@pytest.mark.parametrize(("name", "chosen", "message"), CHOICES, ids=[row[0] for row in CHOICES])
def test_what_cannot_be_found_is_told(name: str, chosen: str, message: str, tmp_path: Path) -> None:
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace('"topics.yaml"', f'"{chosen}"'))

    with pytest.raises(InvalidInput, match=message.replace("?", r"\?")):
        load_tested_watch(path)


def test_a_folder_whose_last_topic_was_deleted_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()

    watch = a_watch_of_folder(tmp_path)

    assert set(watch.topics) == {"floods", "harbours"}


def test_problems_of_the_configuration_and_of_its_topics_are_told_together(tmp_path: Path) -> None:
    topics = "topics:\n  a: {match: 'سوريا', severity: high}\n  b: {match: 'titel:x'}\n"
    path = write_config(tmp_path, topics=topics)
    (tmp_path / "secret").unlink()

    with pytest.raises(InvalidInput) as refused:
        load_tested_watch(path)

    told = [problem.message for problem in refused.value.problems]
    assert len(told) == 3
    assert any("secret" in each for each in told)
    assert any("severity" in each for each in told)
    assert any("did you mean `title:`?" in each for each in told)
