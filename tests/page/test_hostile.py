"""Texts that want to be more than texts."""

import asyncio
import json
from pathlib import Path

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch
from tests.page.articles import a_harbour, own_words
from tests.page.chromium import live_page

TRIES = [
    "<script>owned({n})</script>",
    "<img src=x onerror=owned({n})>",
    "<svg/onload=owned({n})>",
    '"><iframe srcdoc="<script>parent.owned({n})</script>">',
    "</bdi></button><a href=javascript:owned({n})>x</a>",
    "javascript:owned({n})",
    "<style>*{{display:none}}</style><link rel=stylesheet href=//evil.example/{n}>",
    "'-owned({n})-' ${{owned({n})}} {{{{owned({n})}}}}",
    "<meta http-equiv=refresh content=0;url=javascript:owned({n})>",
    "<base href=//evil.example/><form action=javascript:owned({n})><button autofocus onfocus=owned({n})>",
    "&lt;script&gt;owned({n})&lt;/script&gt; <!--><script>owned({n})</script-->",
    "<math><mtext></p><mglyph><svg><mtext><style><img src=x onerror=owned({n})>",
    "\u202eowned({n})\u2066 <details open ontoggle=owned({n})>",
]

ADDRESSES = [
    "javascript:owned({n})",
    "data:text/html,<script>owned({n})</script>",
    "https://outlet.example/{n}",
    'https://outlet.example/{n}"onmouseover=owned({n})',
]


def hostile(number: int) -> bytes:
    """An article all of whose texts try it."""
    attempt = TRIES[number % len(TRIES)].format(n=number)
    return a_harbour(
        number,
        id=f"{attempt}{number}",
        title=f"harbour {number} {attempt}",
        body=f"{own_words(number)} harbour {attempt}",
        source=attempt,
        url=ADDRESSES[number % len(ADDRESSES)].format(n=number),
        lang=f"x-{attempt}"[:20],
    )


def test_a_hundred_hostile_articles_are_shown_as_text_and_do_nothing(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address, live_page(browser, address) as seen:
            await daemon.read(*map(hostile, range(100)))
            told = len({each["story"] for each in map(json.loads, daemon.state.decisions) if each.get("told")})
            assert told == 100
            await seen.until(f"document.querySelectorAll('.story').length === {told}")
            headlines = "\n".join(await seen.headlines())
            for attempt in ("<script>owned(", "<img src=x onerror=owned(", "javascript:owned("):
                assert attempt in headlines
            for number in range(0, told, 13):
                await seen.page.locator(".headline").nth(number).click()
                await seen.page.wait_for_selector("#detail .articles")
            elsewhere = {address_ for address_ in seen.asked if not address_.startswith(f"http://{address}/")}
            assert (await seen.reports(), elsewhere) == ([], set())
            links = await seen.page.evaluate(
                "[...document.querySelectorAll('a[target]')].map((a) => [a.protocol, a.rel])"
            )
            assert all(protocol == "https:" and rel == "noopener noreferrer" for protocol, rel in links)
            assert (
                await seen.page.locator("iframe, main img, main script, main style, aside img, aside script").count()
                == 0
            )

    runner.run(scenario())


PLAIN = """async (text) => {
  const { foreign, marked } = await import("/page/elements.js");
  const row = foreign(text);
  document.body.append(row);
  const marks = [...row.querySelectorAll(".hidden-mark")].map((each) => each.title);
  const quote = document.createElement("p");
  quote.append(...marked(text, [{ start: 1, end: 4 }], () => ""));
  return [marks, row.textContent, [...quote.querySelectorAll("mark")].map((each) => each.textContent)];
}"""


def test_what_turns_the_direction_or_hides_is_shown_as_a_mark(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            marks, text, quoted = await seen.page.evaluate(PLAIN, "a\u202ebc\u2066d\u0007\U000e0041 \u00adف\u200cي")
            assert marks == ["U+202E", "U+2066", "U+0007", "U+E0041", "U+00AD"]
            assert text == "a202Ebc2066d0007E0041 00ADف\u200cي"  # a joiner belongs to Persian and Urdu words
            assert quoted == ["202Ebc"]

    runner.run(scenario())


MARKED = """async (highlights) => {
  const { marked } = await import("/page/elements.js");
  const quote = document.createElement("p");
  quote.append(...marked("😀 سوريا ومصر", highlights, (each) => each.clause));
  return [quote.textContent, [...quote.querySelectorAll("mark")].map((each) => [each.textContent, each.title])];
}"""


def test_marks_count_code_points_and_neither_repeat_nor_lose_a_letter(
    tmp_path: Path, runner: asyncio.Runner, browser: str
) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            marks = [
                {"start": 8, "end": 12, "clause": "egypt"},
                {"start": 2, "end": 7, "clause": "syria"},
                {"start": 4, "end": 9, "clause": "overlaps"},
                {"start": 12, "end": 90, "clause": "beyond"},
            ]
            text, shown = await seen.page.evaluate(MARKED, marks)
            assert text == "😀 سوريا ومصر"
            assert shown == [["سوريا", "syria"], [" و", "overlaps"], ["مصر", "egypt"]]

    runner.run(scenario())
