"""The page follows running daemons."""

import asyncio
import re
import signal
from functools import partial
from pathlib import Path

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch
from tests.end_to_end.daemon import Receiver, append, daemon, receiver
from tests.page.chromium import live_page

NOTED = """
window.seen = [];
new MutationObserver((changes) => {
  const now = Date.now();
  for (const change of changes) {
    for (const node of change.addedNodes) seen.push([node.querySelector(".headline").innerText, now]);
  }
}).observe(document.getElementById("list"), { childList: true });
"""
"""Rows that are added, with the moment."""

COUNT = 5


def test_an_alert_is_shown_within_a_second_of_its_admission(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario(address: str) -> list[float]:
        async with live_page(browser, address) as seen:
            await seen.page.evaluate(NOTED)
            for number in range(COUNT):
                append(tmp_path, a_flood(number))
                await seen.until(f"seen.length === {number + 1}")
            chart = seen.page.locator("[data-topic=floods] svg")
            assert await chart.get_attribute("aria-label") == f"Floods: {COUNT} in 24 hours"
            shown = dict(await seen.page.evaluate("seen"))
            answer = await (await seen.page.request.get(f"http://{address}/api/v1/alerts")).json()
            admitted = {each["headline"]: int(each["cursor"].partition("-")[0]) for each in answer["alerts"]}
            assert shown.keys() == admitted.keys()
            return [shown[headline] - admitted[headline] for headline in shown]

    with receiver() as hook, daemon(tmp_path, hook) as running:
        running.event("ready")
        delays = runner.run(scenario(running.event("listening")["address"]))
    # Whatever else the machine does meanwhile delays some of them; the page itself does so no more than the fastest.
    assert min(delays) < 1_000, delays


def test_after_a_kill_it_goes_on_without_a_gap_or_a_repeat(
    tmp_path: Path, runner: asyncio.Runner, browser: str, free_port: int
) -> None:
    address = f"127.0.0.1:{free_port}"
    start = partial(daemon, tmp_path, http={"listen": address})

    async def scenario(hook: Receiver) -> list[str]:
        with start(hook) as first:
            first.event("ready")
            async with live_page(browser, address) as seen:
                await seen.page.evaluate(NOTED)
                append(tmp_path, *map(a_flood, range(3)))
                await seen.until("seen.length === 3")
                first.stop(signal.SIGKILL)
                await seen.page.wait_for_selector(".line.away")
                lost = await seen.page.inner_text("#line")
                assert re.fullmatch(r"Connection lost since \d\d:\d\d, trying again …", lost)
                append(tmp_path, *map(a_flood, range(3, 6)))  # while nobody is there to read them
                with start(hook) as second:
                    second.event("ready")
                    await seen.until("seen.length >= 6")
                    await seen.page.wait_for_selector(".line.live")
                    append(tmp_path, a_flood(6))
                    await seen.until("seen.length >= 7")
                    assert await seen.reports() == []
                    return [headline for headline, _ in await seen.page.evaluate("seen")]

    with receiver() as hook:
        shown = runner.run(scenario(hook))
    assert sorted(shown) == [f"فيضان في بلدة {step}" for step in range(7)]


def test_a_desk_that_reads_further_down_is_not_moved_and_told_what_waits(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        desk = AskedDaemon(a_watch(tmp_path))
        await desk.read(*map(a_flood, range(12)))
        async with (
            desk.listening() as address,
            live_page(browser, address, viewport={"width": 900, "height": 400}) as seen,
        ):
            await seen.page.locator(".story").nth(6).scroll_into_view_if_needed()
            await seen.page.mouse.wheel(0, 200)
            await seen.until("scrollY > 60")
            before = await seen.headlines()
            await desk.read(a_flood(20))
            await seen.page.wait_for_selector("#held:visible")
            assert await seen.page.inner_text("#held") == "↑ 1 new story"
            assert await seen.headlines() == before
            await seen.page.click("#held")
            await seen.until("document.querySelectorAll('.story').length === 13")
            assert (await seen.headlines())[0] == "فيضان في بلدة 20"
            assert await seen.page.evaluate("scrollY") == 0

    runner.run(scenario())
