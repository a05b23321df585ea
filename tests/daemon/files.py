"""File sources for tests: opened in one folder, with a clock that the test moves."""

import asyncio
from pathlib import Path

from daemon.sources.file_positions import Positions
from daemon.sources.file_source import FileSource
from daemon.sources.source import Committed


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Opened:
    """Opens sources in one folder, and closes them in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.sources: list[FileSource] = []

    def __call__(self, *, follow: bool = True, state: Path | None = None, max_open: int | None = None) -> FileSource:
        source = FileSource(
            str(self.folder / "*.jsonl"),
            follow=follow,
            positions=Positions(state or self.folder),
            monotonic=self.clock,
            max_open=max_open,
        )
        self.sources.append(source)
        return source


def read(source: FileSource, runner: asyncio.Runner) -> list[bytes | None]:
    found: list[bytes | None] = []
    while (fetched := runner.run(source.fetch(100, 0))) is not None:
        found += [record.value for record in fetched.records]
    return found


def settle(source: FileSource, runner: asyncio.Runner) -> None:
    """Commit that everything read is done."""
    done = {name: Committed(source.position(name), source.position(name), "i") for name in source.assigned()}
    runner.run(source.commit(done))
