"""The examples in docs/topics.md: what each query finds and what it does not."""

import re
from functools import cache
from pathlib import Path

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.packs.builtin import entity_files
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.processors.topics.test_watchlist import NOW

GUIDE = (Path(__file__).parents[4] / "docs" / "topics.md").read_text(encoding="utf-8")
HEADER = "| write | finds | does not find | because |"


def examples() -> list[tuple[str, str, bool]]:
    found = []
    for table in GUIDE.split(HEADER)[1:]:
        for line in table.split("\n\n")[0].splitlines()[2:]:
            query, finds, other, _ = (cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"), maxsplit=3))
            for cell, matches in ((finds, True), (other, False)):
                found += [(_code(query)[0], text, matches) for text in _code(cell)]
    return found


def _code(cell: str) -> list[str]:
    return [code.replace(r"\|", "|") for code in re.findall(r"`([^`]+)`", cell)]


EXAMPLES = examples()
NAMES = {query: f"q{number}" for number, query in enumerate(dict.fromkeys(query for query, _, _ in EXAMPLES))}


@cache
def watchlist() -> Watchlist:
    """All queries of the guide at once, with the entities that come with Rasid."""
    text = "topics:\n" + "".join(f"  {name}:\n    match: |\n      {query}\n" for query, name in NAMES.items())
    return compile_watchlist(load_topics([("topics.yaml", text)]), load_gazetteer(entity_files()), clock=lambda: NOW)


@pytest.mark.parametrize(("query", "text", "matches"), EXAMPLES)
def test_an_example_of_the_guide_does_what_it_shows(query: str, text: str, matches: bool) -> None:
    title, parted, body = text.partition("‖")
    article = Article(id="a", title=title if parted else "", body=body if parted else title)

    assert (NAMES[query] in {verdict.topic for verdict in watchlist().match(article)}) is matches


def test_every_element_has_its_examples() -> None:
    assert len(EXAMPLES) > 80
