"""The ready pack, compiled once for all its tests."""

from datetime import UTC, datetime

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.packs.builtin import packs
from processors.topics.watchlist import Watchlist, compile_watchlist


@pytest.fixture(scope="session")
def mena() -> Watchlist:
    (pack,) = packs()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return compile_watchlist(pack.loaded, load_gazetteer(pack.entities), clock=lambda: now)
