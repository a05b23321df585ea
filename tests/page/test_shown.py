"""What the page shows, in a real Chromium."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_line, a_watch
from tests.page.articles import a_harbour
from tests.page.chromium import Seen, live_page


def test_a_story_is_shown_with_what_decided_and_what_there_is_of_it(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1), a_harbour(1))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            assert await seen.headlines() == ["The harbour of town 1", "فيضان في بلدة 1"]
            flood = seen.page.locator(".story").nth(1)
            assert await flood.locator("mark").all_inner_texts() == ["فيضان"]
            facts = await flood.locator(".facts > *").all_inner_texts()
            assert facts == ["Warning", "Floods", "example.org", "1 article", "1 source"]
            assert await seen.reports() == []

    runner.run(scenario())


def test_each_text_runs_as_its_language_does_in_either_language_of_the_page(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    mixed = a_line(id="m", title="فيضان في Marib يقطع طريق A1 الدولي", body="نص", lang="ar")

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_harbour(1), mixed)
        async with daemon.listening() as address, live_page(browser, address, "ar-EG") as seen:
            for page_runs in ("rtl", "ltr"):
                assert await seen.page.evaluate("document.documentElement.dir") == page_runs
                assert await _runs(seen) == ["rtl", "ltr"]
                assert await _words_run_to_the_left(seen)
                await seen.page.click("#language")

    runner.run(scenario())


def test_headlines_begin_on_one_side_whichever_way_they_run(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    places = "[...document.querySelectorAll('.headline bdi')].map((each) => getComputedStyle(each).textAlign)"

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_harbour(1), a_flood(1))
        async with daemon.listening() as address, live_page(browser, address, "ar-EG") as seen:
            assert await seen.page.evaluate(places) == ["right", "right"]
            await seen.page.click("#language")
            assert await seen.page.evaluate(places) == ["left", "left"]

    runner.run(scenario())


def test_a_story_of_another_day_says_the_day_above_the_time(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        then = datetime.fromtimestamp(daemon.process.now_ms / 1000, UTC)
        async with daemon.listening() as address, live_page(browser, address, timezone_id="UTC") as seen:
            time = seen.page.locator(".story > time")
            assert (await time.inner_text()).split("\n") == [f"{then:%-d %b}", f"{then:%H:%M}"]
            await seen.page.clock.set_fixed_time(then)
            await seen.page.click("#language")
            assert await time.inner_text() == f"{then:%H:%M}"

    runner.run(scenario())


async def _runs(seen: Seen) -> list[str]:
    """How the headlines are laid out."""
    found: list[str] = await seen.page.evaluate(
        "[...document.querySelectorAll('.headline bdi')].map((each) => getComputedStyle(each).direction)"
    )
    return found


async def _words_run_to_the_left(seen: Seen) -> bool:
    """Whether words of the first headline stand right to left, and letters of a Latin word in it left to right."""
    found: bool = await seen.page.evaluate(
        """() => {
          const node = document.querySelector(".headline bdi");
          const place = (word) => {
            const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
            for (let text = walk.nextNode(); text; text = walk.nextNode()) {
              const at = text.data.indexOf(word);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(text, at);
              range.setEnd(text, at + word.length);
              return range.getBoundingClientRect().x;
            }
            return NaN;
          };
          const [flood, marib, road, a, one] = ["فيضان", "Marib", "الدولي", "A", "1"].map(place);
          return flood > marib && marib > road && a < one;
        }"""
    )
    return found


def test_where_nothing_was_told_it_says_what_to_do_first(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            told = await seen.page.inner_text("#empty")
            assert "No story yet" in told
            assert "rasid topics list" in told
            assert "rasid run -c rasid.yaml" in told
            await daemon.read(a_flood(1))
            await seen.page.wait_for_selector(".story")
            assert not await seen.page.is_visible("#empty")

    runner.run(scenario())


TAKE = """async (count) => {
  const { Stories } = await import("/page/stories.js");
  const stories = new Stories(500);
  const notice = (number) => ({ cursor: `${number}-0`, topic: { id: "t" }, story: { id: `s${number}` } });
  for (let number = 1; number <= count; number += 1) stories.take(notice(number));
  const before = stories.size;
  const old = stories.take(notice(1));
  return [before, stories.size, old, stories.dropped, stories.newestFirst().map((each) => Number(each.id.slice(1)))];
}"""


def test_no_more_than_five_hundred_stories_are_kept_the_newest(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            kept, still, old, dropped, ids = await seen.page.evaluate(TAKE, 3_000)
            assert (kept, still, old, dropped) == (500, 500, None, True)
            assert ids == list(range(3_000, 2_500, -1))

    runner.run(scenario())


def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 4
    long_one = a_line(id="l", title=f"The harbour of {word}", body="text " * 9, source=word, lang="en")

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1), long_one)
        size = {"width": 360, "height": 700}
        async with daemon.listening() as address, live_page(browser, address, viewport=size) as seen:
            for act in ("", ".headline"):
                if act:
                    await seen.page.click(act)
                    await seen.page.wait_for_selector("#detail .articles")
                assert await seen.page.evaluate("document.documentElement.scrollWidth") <= 360

    runner.run(scenario())
