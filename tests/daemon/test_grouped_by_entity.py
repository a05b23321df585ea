"""``group_by: entity``: an article names several, and is told under one."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.build import a_watch
from tests.daemon.desk import receivers
from tests.daemon.test_paced import PacedDesk

LEVANT = """\
topics:
  levant: {match: "@syria OR @jordan OR @egypt OR دورة"}
"""


@pytest.mark.parametrize(
    ("article", "entity"),
    [
        ({"title": "الأردن يفتح معبرا مع سوريا"}, "Q810"),
        ({"title": "سوريا تفتح معبرا مع الأردن"}, "Q858"),
        ({"title": "لقاء في دمشق بين وزراء"}, "Q858"),
        ({"title": "اجتماع الوزير السوري ونظيره"}, "Q858"),
        ({"title": "دورة جديدة للاجتماعات", "body": "قالت مصر وسوريا إن الاجتماع مهم"}, "Q79"),
        ({"title": "دورة جديدة للاجتماعات"}, ""),
    ],
)
def test_by_entity_an_article_is_told_under_the_one_that_was_found_first(
    article: dict[str, str], entity: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    sections: dict[str, Any] = {
        "topics": LEVANT,
        "receivers": receivers(desk=["alert.*"]),
        "route": {"receiver": "desk", "group_by": ["entity"], "group_wait": "30s"},
    }
    desk = PacedDesk(a_watch(tmp_path, **sections), runner)
    values: dict[str, Any] = {"id": "first", "source": "الساحل"} | article
    desk.reads(**values)
    (pending,) = desk.process.state.pending.values()

    assert pending.pending.plan is not None
    assert pending.pending.plan.about == (("entity", entity),)


def test_by_entity_stories_of_one_country_come_in_one_message(tmp_path: Path, runner: asyncio.Runner) -> None:
    sections: dict[str, Any] = {
        "topics": LEVANT,
        "receivers": receivers(desk=["alert.*"]),
        "route": {"receiver": "desk", "group_by": ["entity"], "group_wait": "30s"},
    }
    desk = PacedDesk(a_watch(tmp_path, **sections), runner)
    for number, country in enumerate(("سوريا", "الأردن", "سورية"), 1):
        desk.hears(country, number)
    told = desk.after(30)

    digest, single = sorted(told, key=lambda each: each["type"])
    assert digest["data"]["group"] == {"entity": "Q858"} and digest["data"]["total"] == 2
    assert single["data"]["article"]["id"] == "الأردن-2"
