"""A real Chromium on the live page, and everything in it that must not happen."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Dialog, Page, async_playwright

PATIENCE_MS = 30_000

WATCHED = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (event) => reports.push(event.violatedDirective));
addEventListener("error", (event) => reports.push(String(event.message)));
addEventListener("unhandledrejection", (event) => reports.push(String(event.reason)));
window.owned = (what) => reports.push(`ran: ${what}`);
"""
"""Runs before the page does. ``owned`` is what hostile texts try to call."""


@dataclass
class Seen:
    """The page, and what it must not do."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # addresses

    async def reports(self) -> list[str]:
        """Breaches of the policy, errors of scripts, and scripts that ran from texts; dialogs."""
        found: list[str] = await self.page.evaluate("reports")
        return found + self.dialogs

    async def headlines(self) -> list[str]:
        """Of the stories in the list, from the top."""
        return await self.page.locator(".story .headline").all_inner_texts()

    async def until(self, expression: str) -> None:
        """Wait until it is true in the page. From here: the page's policy lets no text become code."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not await self.page.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}"
            await asyncio.sleep(0.02)


@asynccontextmanager
async def empty_tab(browser: str, locale: str = "en-GB", **context: Any) -> AsyncIterator[Seen]:
    """A tab of a new profile, in this language. ``context`` as Playwright has it."""
    async with async_playwright() as playwright:
        opened = await (await playwright.chromium.connect_over_cdp(browser)).new_context(locale=locale, **context)
        try:
            await opened.add_init_script(WATCHED)
            seen = Seen(await opened.new_page())
            seen.page.set_default_timeout(PATIENCE_MS)

            async def dialog(shown: Dialog) -> None:
                seen.dialogs.append(f"dialog: {shown.message}")
                await shown.dismiss()

            seen.page.on("dialog", dialog)
            seen.page.on("request", lambda request: seen.asked.append(request.url))
            yield seen
        finally:
            await opened.close()


@asynccontextmanager
async def live_page(browser: str, address: str, locale: str = "en-GB", **context: Any) -> AsyncIterator[Seen]:
    """The page at an address, once it follows the stream."""
    async with empty_tab(browser, locale, **context) as seen:
        await seen.page.goto(f"http://{address}/")
        await seen.page.wait_for_selector(".line.live")
        yield seen
