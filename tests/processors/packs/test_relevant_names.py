"""Names that do not matter to any topic are not looked for, and nobody can tell."""

from collections.abc import Collection, Set
from datetime import UTC, datetime
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.entities.entity_files import read_entity_files
from processors.entities.gazetteer import Gazetteer
from processors.model import Article
from processors.packs.builtin import entity_files
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = [
    "@syria",
    "@egypt.leader",
    "@lebanon.leader",
    "@mali",
    "@oman OR @jordan",
    "@hamas.name",
    "@united-states.demonym",
    "@iran",
]
TOPICS = "topics:\n" + "".join(f"  t{number}:\n    match: '{query}'\n" for number, query in enumerate(ASKED))


class WithEveryName(Gazetteer):
    """Has every name looked for, whatever the topics ask."""

    def relevant(self, watched: Collection[int]) -> Set[int]:
        return frozenset(range(len(self.patterns())))


@cache
def gazetteers() -> tuple[Gazetteer, Gazetteer]:
    held = read_entity_files(entity_files())
    return Gazetteer(held.entries, held.shields), WithEveryName(held.entries, held.shields)


@cache
def watchlists() -> tuple[Watchlist, Watchlist]:
    loaded = load_topics([("t.yaml", TOPICS)])
    one, other = (compile_watchlist(loaded, names, clock=lambda: NOW) for names in gazetteers())
    return one, other


@cache
def pieces() -> list[str]:
    """Names of the watched countries and of those who may be meant in their place, then all that there are."""
    names = gazetteers()[0]
    near = names.relevant(
        [number for key in ("syria", "egypt", "lebanon", "mali", "oman") for number in names.watch(key, None)]
    )
    patterns = names.patterns()
    return [*(patterns[number].surface for number in sorted(near)), *(pattern.surface for pattern in patterns)]


FILLER = ["", "", "و", "ب", "ل", "الرئيس ", "مدينة ", "في ", "قال ", "«", "بن ", ". ", "\n"]


@st.composite
def articles(draw: st.DrawFn) -> Article:
    numbers = st.integers(0, len(pieces()) - 1)
    words = draw(st.lists(st.tuples(st.sampled_from(FILLER), numbers), min_size=1, max_size=12))
    body = " ".join(f"{before}{pieces()[number]}" for before, number in words)
    day = draw(st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)))  # noqa: DTZ001 - made aware below
    return Article(id="a", body=body, published_at=day.replace(tzinfo=UTC) if day is not None else None)


@settings(max_examples=300, deadline=None)  # the first example waits for two watchlists to be made
@given(articles())
def test_what_an_article_matches_and_why_does_not_depend_on_names_that_nobody_watches(article: Article) -> None:
    fewer, every = watchlists()

    assert fewer.match(article) == every.match(article)


def test_most_names_of_the_packs_matter_to_few_topics() -> None:
    names = gazetteers()[0]

    relevant = names.relevant(names.watch("malta", None))

    assert relevant >= frozenset(names.watch("malta", None))
    assert len(relevant) < len(names.patterns()) / 4
