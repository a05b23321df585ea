"""Rows of many stories are read in pieces, between which everything else goes on."""

import asyncio
import json
from pathlib import Path

import pytest

from daemon.history import past
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_flood, a_watch


def test_others_have_their_turn_while_the_stories_of_a_digest_are_read(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "STORIES_AT_ONCE", 2)

    async def scenario() -> None:
        daemon, turns = AskedDaemon(a_watch(tmp_path)), 0
        await daemon.read(*map(a_flood, range(7)))
        stories = {json.loads(line)["story"]["id"]: NOW for line in daemon.state.alerts}

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        other = asyncio.create_task(others())
        rows = await daemon.past.story_rows({**stories, "forgotten": NOW})
        other.cancel()

        assert rows.keys() == stories.keys() and len(stories) == 7
        assert turns >= 4

    runner.run(scenario())
