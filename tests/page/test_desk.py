"""What a desk does on the page: signs in, goes through stories, filters, silences."""

import asyncio
from pathlib import Path

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_line, a_watch
from tests.daemon.following import ask
from tests.page.articles import a_harbour
from tests.page.chromium import empty_tab, live_page

TOKEN = "a-token-that-nobody-guesses"


def test_a_token_is_asked_for_kept_in_the_tab_and_never_in_an_address(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening(token=TOKEN) as address, empty_tab(browser) as seen:
            page = seen.page
            await page.goto(f"http://{address}/")
            await page.wait_for_selector("#sign-in[open]")
            assert await page.locator(".story").count() == 0
            await page.fill("#token", "a wrong one")
            await page.keyboard.press("Enter")
            await seen.until("document.getElementById('sign-in-wrong').textContent.includes('does not take')")
            await page.fill("#token", TOKEN)
            await page.keyboard.press("Enter")
            await page.wait_for_selector(".line.live")
            await page.wait_for_selector(".story")
            assert not await page.is_visible("#sign-in")
            await page.reload()
            await page.wait_for_selector(".line.live")
            assert [url for url in seen.asked if TOKEN in url] == []
            assert TOKEN in await page.evaluate("JSON.stringify(sessionStorage)")
            assert TOKEN not in await page.evaluate("JSON.stringify(localStorage) + document.cookie + location.href")
            assert await seen.reports() == []

    runner.run(scenario())


def test_keys_go_through_the_stories_open_them_and_find(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    focused = "document.activeElement.innerText"

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(*map(a_harbour, range(3)))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            page = seen.page
            for key, headline in (("j", 2), ("j", 1), ("j", 0), ("j", 0), ("k", 1)):
                await page.keyboard.press(key)
                assert await page.evaluate(focused) == f"The harbour of town {headline}"
            await page.keyboard.press("Enter")
            await page.wait_for_selector("#detail h2:has-text('town 1')")
            await page.keyboard.press("j")
            await page.wait_for_selector("#detail h2:has-text('town 0')")
            await page.keyboard.press("Escape")
            assert not await page.is_visible("#detail")
            assert await page.evaluate(focused) == "The harbour of town 0"
            await page.keyboard.press("?")
            await page.wait_for_selector("#keys[open]")
            await page.keyboard.press("Escape")
            await page.keyboard.press("/")
            await page.keyboard.type("TOWN 2")
            await seen.until("document.querySelectorAll('.story').length === 1")
            assert await seen.headlines() == ["The harbour of town 2"]

    runner.run(scenario())


def test_stories_are_filtered_by_topic_severity_language_and_words(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    flood = a_line(id="f", title="فَيَضَانٌ في الأقصر", body="نص", lang="ar")

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(flood, a_harbour(1))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            page = seen.page

            async def shows(*headlines: str) -> None:
                await seen.until(f"document.querySelectorAll('.story').length === {len(headlines)}")
                assert await seen.headlines() == list(headlines)

            both = ("The harbour of town 1", "فَيَضَانٌ في الأقصر")
            await page.click("[data-topic=floods]")
            await shows(both[1])
            await daemon.read(a_harbour(2))  # comes, and does not fit
            await page.click("[data-topic=floods]")
            await shows("The harbour of town 2", *both)
            await page.check("[name=severity][value=warning]", force=True)
            await shows(both[1])
            await page.check("[name=severity][value='']", force=True)
            await page.select_option("#langs", "ar")
            await shows(both[1])
            await page.select_option("#langs", "")
            await page.fill("#text", "الاقصر")  # as people type: without hamza and vowel marks
            await shows(both[1])
            await page.fill("#text", "no such thing")
            await shows()
            assert "No story fits" in await page.inner_text("#empty")
            await page.click("#empty button")
            await shows("The harbour of town 2", *both)

    runner.run(scenario())


def test_an_open_story_tells_its_articles_why_each_is_there_and_who_got_it(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    words = " ".join(f"كلمة{step}نص" for step in range(60))
    first = a_line(id="a", title="فيضان في البلدة", body=words, source="الساحل", lang="ar", url="https://a.example/1")
    copy = a_line(id="b", title="فيضان في البلدة اليوم", body=words, source="الميناء", lang="ar")

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(first, copy)
        await daemon.settle()
        async with daemon.listening() as address, live_page(browser, address) as seen:
            await seen.page.click(".headline")
            await seen.page.wait_for_selector("#detail .articles")
            relations = await seen.page.locator("#detail .relation").all_inner_texts()
            assert relations == ["began the story", "the same text"]
            assert await seen.page.locator("#detail .because li").count() > 0
            assert "desk delivered" in await seen.page.inner_text("#detail .told")
            assert "2 articles" in await seen.page.inner_text("#detail .head")
            link = seen.page.locator("#detail .articles a").first
            assert await link.get_attribute("href") == "https://a.example/1"
            assert await link.get_attribute("rel") == "noopener noreferrer"

    runner.run(scenario())


def test_a_story_is_silenced_from_its_form_and_told_again_when_that_is_undone(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            page = seen.page
            await page.clock.set_fixed_time(daemon.process.now_ms / 1000)  # years from now
            await page.click(".headline")
            await page.click(".silence summary")
            await page.select_option(".silence [name=what]", "floods")
            await page.fill(".silence [name=author]", "سلمى")
            await page.fill(".silence [name=comment]", "يتابعها مكتب آخر")
            await page.click(".silence button.main")
            await page.wait_for_selector(".silence .said button")
            (made,) = (await ask(address, "/api/v1/silences"))["silences"]
            assert (made["match"], made["author"], made["state"]) == ({"topic": ["floods"]}, "سلمى", "active")
            await page.click(".silence .said button")
            await seen.until("document.querySelector('.silence .said').textContent === 'It is told again.'")
            assert [each["state"] for each in (await ask(address, "/api/v1/silences"))["silences"]] in (
                ["expired"],
                [],
            )
            assert await seen.reports() == []

    runner.run(scenario())


def test_a_verdict_is_kept_and_stays_pressed(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            page = seen.page
            await page.click(".headline")
            await page.fill(".verdict input", "سلمى")
            await page.click("[data-verdict=duplicate]")
            await seen.until("document.querySelector('.verdict .said').textContent === 'Noted: Duplicate.'")
            (kept,) = (await ask(address, "/api/v1/verdicts"))["verdicts"]
            assert (kept["topic"], kept["verdict"], kept["author"]) == ("floods", "duplicate", "سلمى")
            await page.reload()
            await page.click(".headline")
            await page.wait_for_selector("[data-verdict=duplicate][aria-pressed=true]")
            await page.click("[data-verdict=relevant]")
            await page.wait_for_selector("[data-verdict=relevant][aria-pressed=true]")
            (changed,) = (await ask(address, "/api/v1/verdicts"))["verdicts"]
            assert changed["verdict"] == "relevant"
            assert await seen.reports() == []

    runner.run(scenario())
