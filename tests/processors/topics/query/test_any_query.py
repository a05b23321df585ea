"""Whatever query is compiled: the cheap looks pass over no match, and explaining says the same as matching."""

from hypothesis import given
from hypothesis import strategies as st

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article
from processors.topics.explain.explain import explain
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.processors.topics.imports.test_write import joined
from tests.processors.topics.test_watchlist import ENTITIES, NOW, WORDS

NAMES = load_gazetteer([("entities.yaml", ENTITIES)])
UNITS = st.sampled_from(
    [
        *"سوريا مصر =مصر قوات قال الديمقراط* @syria @egypt.capital @leader list:l topic:o".split(),
        *"/سوري|مصر/ /ا.*قو/ title:سوريا lang:ar source:سانا".split(),
        *('"قوات سوريا"', '"قوات سوريا"~2', "words:[1 TO 5]"),
    ]
)
OTHERS = "  o: {match: '@egypt SENTENCE قوات'}\nlists:\n  l: {terms: {ar: [قوات, القوة]}, entities: ['@leader']}\n"


def watch(query: str) -> Watchlist | None:
    topics = f"topics:\n  t:\n    match: |\n      {query}\n{OTHERS}"
    try:
        return compile_watchlist(load_topics([("topics.yaml", topics)]), NAMES, clock=lambda: NOW)
    except InvalidInput:
        return None


@given(
    st.recursive(UNITS, joined, max_leaves=7),
    st.lists(WORDS, max_size=18),
    st.lists(WORDS, max_size=5),
    st.sampled_from(["", "ar", "fa"]),
)
def test_matching_judging_and_explaining_agree(query: str, body: list[str], title: list[str], lang: str) -> None:
    watchlist = watch(query)
    if watchlist is None:
        return
    article = Article(id="a", title=" ".join(title), body=" ".join(body), lang=lang)

    holds = watchlist.matches("t", watchlist.judge("t", watchlist.read(article), {}))

    assert ("t" in {verdict.topic for verdict in watchlist.match(article)}) is holds
    assert explain(watchlist, "t", article).matches is holds
