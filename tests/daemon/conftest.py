"""What several test files here open and must close."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.files import Opened


@pytest.fixture
def opened(tmp_path: Path, runner: asyncio.Runner) -> Iterator[Opened]:
    opened = Opened(tmp_path)
    yield opened
    for source in opened.sources:
        runner.run(source.close())
