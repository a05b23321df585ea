"""The ready pack, compiled once for all its tests."""

from datetime import UTC, datetime

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.packs.builtin import entity_files, pack
from processors.topics.watchlist import Watchlist, compile_watchlist


@pytest.fixture(scope="session")
def mena() -> Watchlist:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return compile_watchlist(pack("mena").loaded, load_gazetteer(entity_files()), clock=lambda: now)
