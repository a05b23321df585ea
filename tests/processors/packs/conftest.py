"""The ready pack, compiled once for all its tests."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.packs.builtin import load_builtin
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist


def names() -> Iterator[tuple[str, str]]:
    for each in (files("processors.packs") / "mena" / "entities").iterdir():
        if each.name.endswith(".yaml"):
            yield each.name, each.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def mena() -> Watchlist:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return compile_watchlist(load_topics(load_builtin("mena")), load_gazetteer(names()), clock=lambda: now)
