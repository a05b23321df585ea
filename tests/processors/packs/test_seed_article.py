"""The real article that must always work, where research data lies beside the checkout (or in RASID_DATA)."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processors.model import Article, Evidence
from processors.topics.watchlist import Watchlist

DATA = Path(os.environ.get("RASID_DATA", Path(__file__).parents[4] / "shared" / "data"))
SEED = DATA / "seed_article_ar.txt"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not SEED.exists(), reason=f"{SEED} is not there: RASID_DATA names the folder of the research data"
    ),
]


@pytest.fixture(params=[None, datetime(2020, 9, 17, tzinfo=UTC)], ids=["undated", "dated"])
def seed(request: pytest.FixtureRequest) -> Article:
    title, _, body = SEED.read_text(encoding="utf-8").partition("\n")
    return Article(id="seed", title=title, body=body, lang="ar", published_at=request.param)


def evidence(mena: Watchlist, seed: Article) -> tuple[Evidence, ...]:
    verdicts = {each.topic: each.evidence for each in mena.match(seed)}
    # A sentence of it also says that a Syrian delegation discussed how to face Turkey: that topic may have it too.
    assert {"syria-egypt-relations"} <= verdicts.keys() <= {"syria-egypt-relations", "syria-turkey-relations"}
    return verdicts["syria-egypt-relations"]


def test_both_presidents_are_persons_in_title_and_body(mena: Watchlist, seed: Article) -> None:
    persons = {(each.field, each.text, each.via) for each in evidence(mena, seed)}
    assert ("title", "الأسد", "Q858.leader") in persons
    assert ("title", "السيسي", "Q79.leader") in persons
    assert ("body", "بشار الأسد", "Q858.leader") in persons or ("body", "الأسد", "Q858.leader") in persons


def test_nothing_comes_from_the_read_also_lines(mena: Watchlist, seed: Article) -> None:
    lines = [line for line in seed.body.splitlines() if line.startswith("اقرأ أيضاً")]
    assert len(lines) == 2
    spans = [(seed.body.index(line), seed.body.index(line) + len(line)) for line in lines]
    for each in evidence(mena, seed):
        assert each.field == "title" or not any(start < each.end and each.start < end for start, end in spans)
