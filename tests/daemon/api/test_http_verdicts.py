"""What people say of alerts over HTTP, and what topics show of it."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch
from tests.daemon.following import ALERTS, a_harbour, ask

VERDICTS = "/api/v1/verdicts"


async def say(address: str, status: int = 200, **content: Any) -> dict[str, Any]:
    """The answer to a verdict."""
    url = f"http://{address}{VERDICTS}"
    async with aiohttp.ClientSession() as session, session.post(url, json=content) as answer:
        assert answer.status == status, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


def test_verdicts_are_kept_listed_and_shown_as_precision(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(*map(a_flood, range(4)), a_harbour(1))
        async with daemon.listening() as address:
            floods = [each["id"] for each in (await ask(address, f"{ALERTS}?topic=floods"))["alerts"]]
            for alert, verdict in zip(floods, ("relevant", "relevant", "not", "duplicate"), strict=True):
                await say(address, alert=alert, verdict=verdict, author="منى")
            changed = await say(address, alert=floods[1], verdict="not", comment="حريق")
            shown = await ask(address, VERDICTS)
            topics = {each["id"]: each for each in (await ask(address, "/api/v1/topics"))["topics"]}
        assert (changed["author"], changed["topic"], changed["comment"]) == ("local", "floods", "حريق")
        assert {each["alert"] for each in shown["verdicts"]} == set(floods)
        counts = {"relevant": 1, "not_relevant": 2, "duplicate": 1, "precision": 1 / 3}
        assert shown["topics"] == {"floods": counts}
        assert topics["floods"]["verdicts"] == counts
        assert topics["harbours"]["verdicts"]["precision"] is None
        assert b'rasid_topic_precision_ratio{topic="floods"} 0.333' in daemon.process.metrics.text()
        assert (topics["floods"]["opened_by_hour"][-1], topics["floods"]["opened"]) == (4, 4)
        assert (topics["harbours"]["opened"], len(topics["harbours"]["opened_by_hour"])) == (1, 24)
        assert topics["floods"]["cost"]["seconds"] > 0
        assert topics["floods"]["title"] == {"ar": "فيضانات", "en": "Floods"}

    runner.run(scenario())


def test_what_cannot_be_meant_is_said(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address:
            unknown = "a" * 26
            assert "no alert that is kept" in (await say(address, 404, alert=unknown, verdict="not"))["error"]
            assert "alert: " in (await say(address, 400, alert="../x", verdict="not"))["error"]
            wrong = (await say(address, 400, alert=unknown, verdict="good"))["error"]
            assert wrong == "verdict: write one of relevant, not, duplicate"
            wrong = (await say(address, 400, alert=unknown, verdict="not", mood="x"))["error"]
            assert wrong == "mood: there is no such field, only alert, verdict, author, comment"

    runner.run(scenario())


def test_receivers_are_listed_without_their_addresses(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address:
            (receiver,) = (await ask(address, "/api/v1/receivers"))["receivers"]
        assert (receiver["name"], receiver["type"], receiver["events"]) == ("desk", "webhook", ["alert.*"])
        assert "127.0.0.1" not in str(receiver)

    runner.run(scenario())
