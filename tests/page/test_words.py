"""The page has words of its own, in both languages, for everything that the server says in codes."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alerts.ledger.ledger import State
from alerts.model import FLAWS, Severity, Wait
from alerts.store.redis_safety import Flaw
from alerts.verdicts.verdict import Says
from alerts.withholding import Why
from daemon.metrics.delivery_metrics import DEAD_REASONS
from processors.stories.decide import Relation
from processors.stories.grounds import GroundCode
from processors.stories.reasons import Reason
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_line, a_watch
from tests.page.chromium import Seen, live_page

ATTEMPTS = ("timeout", "connect", "disconnected", "protocol", "denied_address", *FLAWS)
"""Errors that any kind of receiver may have, but for two that are names: dns and tls."""

CODES: Mapping[str, Any] = {
    "state_": State,
    "wait_": Wait,
    "flaw_": Flaw,
    "dead_": DEAD_REASONS,
    "error_": ATTEMPTS,
    "relation_": Relation,
    "ground_": GroundCode,
    "reason_": Reason,
    "": [*Severity, *Why, *Says],
}
"""What stands before the code in the name of its words."""

TABLES = """async () => {
  const { arabic } = await import("/page/words_ar.js");
  const { english } = await import("/page/words_en.js");
  return [arabic, english];
}"""


async def tables(seen: Seen) -> tuple[dict[str, Any], dict[str, Any]]:
    arabic, english = await seen.page.evaluate(TABLES)
    return arabic, english


def test_there_are_words_for_every_code_in_both_languages(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            arabic, english = await tables(seen)
            needed = {f"{before}{code}" for before, codes in CODES.items() for code in codes}
            assert needed - arabic.keys() == set()
            # Grounds the server words in English.
            assert {each for each in needed - english.keys() if not each.startswith("ground_")} == set()

    runner.run(scenario())


TITLES = ("Floods", "harbours")
"""Of the topics: these have none in Arabic."""

WORDS = " ".join(f"كلمة{step}نص" for step in range(60))


def test_an_arabic_page_tells_in_arabic_why_each_article_is_in_its_story(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    first = a_line(id="a", title="فيضان في البلدة", body=WORDS, source="الساحل", lang="ar")
    copy = a_line(id="b", title="فيضان في البلدة", body=f"{WORDS} مضاف", source="الميناء", lang="ar")

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(first, copy, copy)
        await daemon.settle()
        async with daemon.listening() as address, live_page(browser, address, "ar-EG") as seen:
            await seen.page.click(".headline")
            await seen.page.wait_for_selector("#detail .because li")
            because = await seen.page.locator("#detail .because").all_inner_texts()
            assert "٪ من النصين مشترك" in because[0]
            assert "المعرّف نفسه" in because[1]
            shown = await seen.page.inner_text("body")
            # The name of the other language, and a receiver's.
            assert set(re.findall(r"[A-Za-z]{2,}", shown)) <= {"English", "desk", *TITLES}

    runner.run(scenario())
