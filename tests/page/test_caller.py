"""Who is signed in sees so, and only the buttons that they may press."""

import asyncio
from pathlib import Path

import pytest

from daemon.access.scope import Scope
from tests.daemon.api.test_http_scopes import BY_FILE, a_token
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch
from tests.daemon.following import ask
from tests.page.chromium import Seen, empty_tab, live_page


async def signed_in(seen: Seen, token: str) -> None:
    """By the form, with a token."""
    await seen.page.wait_for_selector("#sign-in[open]")
    await seen.page.fill("#token", token)
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_selector(".line.live")


async def buttons(seen: Seen) -> set[str]:
    """Kinds of buttons of the first story."""
    await seen.page.click(".headline")
    await seen.page.wait_for_selector("#detail .told .receiver")
    kinds = {"verdict": "[data-verdict]", "silence": ".silence summary", "again": "[data-again]"}
    return {kind for kind, selector in kinds.items() if await seen.page.locator(f"#detail {selector}").count()}


@pytest.mark.parametrize(
    ("scopes", "shown", "says"),
    [
        ((Scope.READ,), set(), "test-0 · reads only"),
        ((Scope.SILENCE,), {"verdict", "silence"}, "test-0"),
        ((Scope.REPLAY,), {"again"}, "test-0 · reads only"),
        ((Scope.ADMIN,), {"verdict", "silence", "again"}, "test-0"),
    ],
)
def test_a_token_sees_the_buttons_of_its_scopes(
    tmp_path: Path, runner: asyncio.Runner, browser: str, scopes: tuple[Scope, ...], shown: set[str], says: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        await daemon.settle()
        async with daemon.listening(BY_FILE) as address, empty_tab(browser) as seen:
            await seen.page.goto(f"http://{address}/")
            await signed_in(seen, await a_token(daemon, *scopes))
            assert await buttons(seen) == shown
            assert await seen.page.inner_text("#caller .who") == says
            assert await seen.reports() == []

    runner.run(scenario())


def test_who_signs_out_and_in_again_as_another_gets_the_others_buttons(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        await daemon.settle()
        async with daemon.listening(BY_FILE) as address, empty_tab(browser) as seen:
            await seen.page.goto(f"http://{address}/")
            await signed_in(seen, await a_token(daemon, Scope.READ))
            assert await buttons(seen) == set()
            await seen.page.click("#leave")
            assert await seen.page.evaluate("sessionStorage.getItem('rasid.token')") is None
            await signed_in(seen, BY_FILE)
            await seen.page.wait_for_selector("#detail [data-again]")  # the story that was open
            assert await seen.page.inner_text("#caller .who") == "The main token"

    runner.run(scenario())


def test_where_no_token_is_needed_it_says_whose_machine_it_is_and_a_delivery_is_sent_again(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        await daemon.settle()
        async with daemon.listening() as address, live_page(browser, address) as seen:
            assert await seen.page.inner_text("#caller") == "This machine"
            assert await buttons(seen) == {"verdict", "silence", "again"}
            await seen.page.click("[data-again]")
            await seen.page.wait_for_selector(".resend .said:has-text('It is sent again.')")
            (delivery,) = (await ask(address, "/api/v1/deliveries"))["deliveries"]
            assert delivery["replay"]

    runner.run(scenario())
