"""One event in eleven guises: each ends in the right story, with the right notice. Rows of ``one_story.toml``."""

import os
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.backtest.desk import desk_watch
from daemon.backtest.replay import Replay
from daemon.history.decision_line import Decision
from processors.model import Article

ROWS = tomllib.loads((Path(__file__).parents[2] / "cases" / "one_story.toml").read_text("utf-8"))["article"]
DATA = Path(os.environ.get("RASID_DATA", Path(__file__).parents[4] / "shared" / "data"))
SEED = DATA / "seed_article_ar.txt"
START = datetime(2020, 9, 17, 8, tzinfo=UTC)

RECIPES: Mapping[str, Callable[[list[str]], list[str]]] = {
    "again": lambda lines: lines,
    "wire copy": lambda lines: [f"دمشق (رويترز) - {lines[2]}", *lines[3:]],
    "truncated": lambda lines: lines[: 2 + (len(lines) - 2) // 2],
    "other headline": lambda lines: lines[2:],
    "typo": lambda lines: [line.replace("الجانبين", "الجانيين") for line in lines],
}
"""What becomes of the founder's lines; the first is the headline again, the second the credit line."""


def story(founder: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Article]]:
    """Every row and its article."""
    return [(row, an_article(row, founder)) for row in (founder, *ROWS[1:])]


def an_article(row: Mapping[str, Any], founder: Mapping[str, Any]) -> Article:
    body = row["body"] if "body" in row else "\n".join(RECIPES[row["recipe"]](founder["body"].strip().splitlines()))
    return Article(
        id=row["id"],
        title=row.get("title", founder["title"]),
        body=body.strip(),
        source=row.get("source", founder["source"]),
        lang=row.get("lang", "ar"),
        published_at=START + timedelta(minutes=row["after"]),
    )


def the_seed() -> Mapping[str, Any]:
    """The real article, which lies beside the checkout or is absent."""
    if not SEED.exists():
        pytest.skip(f"{SEED} is not there: RASID_DATA names the folder of the research data")
    title, _, body = SEED.read_text(encoding="utf-8").partition("\n")
    return {**ROWS[0], "title": title, "body": body}


@pytest.mark.parametrize(
    "founder",
    [pytest.param(lambda: ROWS[0], id="our own"), pytest.param(the_seed, id="the seed", marks=pytest.mark.data)],
)
def test_each_guise_ends_in_its_story_with_its_notice(founder: Callable[[], Mapping[str, Any]]) -> None:
    watch = desk_watch(["builtin:syria-egypt-relations"], (), name="rasid")
    replay, letters = Replay(watch, now=START + timedelta(days=90)), dict[str, str]()
    expected, found = [], []

    for row, article in story(founder()):
        _, decision = replay.step(article)
        assert decision is not None, row["name"]
        letter = letters.setdefault(decision.story, "ABCDEF"[len(letters)])
        found.append((row["name"], letter, decision.relation, told(decision)))
        expected.append((row["name"], row["story"], row["relation"], row["told"]))

    assert found == expected


def told(decision: Decision) -> list[str]:
    return [reason for notice in decision.told for reason in notice.reasons or (notice.reason,)]
