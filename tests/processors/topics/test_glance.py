"""A glance at what screening saw passes over no match, and tells apart what must be together and is not."""

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.matchers.alphabet import encode_raw
from processors.matchers.index import compile_patterns
from processors.model import Article, Pattern
from processors.topics.glance import Glances
from processors.topics.places import LEAD_WORDS, MOST_POINTS, Places
from processors.topics.query.parse import parse_query
from processors.topics.query.tree import Leaf, Term
from processors.topics.requirement import MOST_PARTS
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length
from tests.processors.topics.imports.test_write import joined
from tests.processors.topics.test_watchlist import ENTITIES, NOW

NAMES = load_gazetteer([("entities.yaml", ENTITIES)])
UNITS = st.sampled_from(
    [
        *"سوريا مصر قوات @syria @egypt list:l قال* /سوري/".split(),
        *('"قوات سوريا"', '"قوات سوريا"~2', "lead:سوريا", "lead:(مصر SENTENCE قوات)", "title:COUNT/2(سوريا)"),
        "source:سانا",
        "words:[3 TO *]",
        "(lead:COUNT/2(@syria SENTENCE قوات) OR (سوريا NEAR/4 مصر))",
    ]
)
# Signs that end a sentence, that only look so, and what makes words and distances long.
PIECES = st.sampled_from(
    [
        *"سوريا ولسوريا السوري مصر بمصر قوات قال ثم خبر".split(),
        *"أمس. أمس؟ أمس… د. أ.ف.ب. prof. times. 3.5 25. example.com/أخبار. https://x.co/→/أخبار! أمسِ. هـ.".split(),
        *("- - -", "→", "،", "«سوريا»", "سوريا-مصر", "مصر/قوات", "\n", "\u2028", "\u200f", ".\u200f", "ﷲ", "कि"),
        *("كلمة" * 12, "خبر " * 20, "خبر " * (LEAD_WORDS - 3), "خبر. " * 3, "@desk", "a.b@c.org", "سـ.ـوريا", "&amp;"),
    ]
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", " ", "", "\n"])).map("".join), max_size=16).map("".join)
LIST = "lists:\n  l: {terms: {ar: [قوات, القوة]}, not: {ar: [قوات مصر]}}\n"


@cache
def watch(query: str) -> Watchlist | None:
    try:
        topics = load_topics([("topics.yaml", f"topics:\n  t:\n    match: |\n      {query}\n{LIST}")])
        return compile_watchlist(topics, NAMES, clock=lambda: NOW)
    except InvalidInput:
        return None


@given(st.recursive(UNITS, joined, max_leaves=6), TEXTS, TEXTS)
@example("(مصر NEAR/10 سوريا) NEAR/0 قوات", "مصر ثم ثم ثم قوات ثم ثم ثم سوريا", "")
@example("سوريا SENTENCE مصر", "سوريا example.com/أخبار. مصر", "")
@example('"قوات سوريا" SENTENCE مصر', "خبر\n \n \n \n \n \n \nقوات سوريا مصر", "")
@example("ATLEAST/2(سوريا، مصر، words:[1 TO *])", "سوريا", "")
@example("lead:مصر", "https://x.co/→/→ " * (LEAD_WORDS - 1) + "مصر", "")
def test_no_match_is_passed_over(query: str, body: str, title: str) -> None:
    watchlist = watch(query)
    if watchlist is None:
        return
    article = Article(id="a", title=title, body=body)

    holds = watchlist.matches("t", watchlist.judge("t", watchlist.read(article), {}))

    assert ("t" in {verdict.topic for verdict in watchlist.match(article)}) is holds


def test_what_is_not_screened_may_be_there() -> None:
    either = " OR ".join(f"(سوريا AND w{number})" for number in range(MOST_PARTS + 1))
    watchlist = watch(f"({either}) AND خبر")
    assert watchlist is not None

    assert [verdict.topic for verdict in watchlist.match(Article(id="a", body="سوريا w7 خبر"))] == ["t"]
    assert not watchlist.match(Article(id="a", body="سوريا خبر"))


WORDS = ["سوريا", "مصر", "قوات"]
INDEX = compile_patterns([Pattern(word) for word in WORDS])


def numbered(leaf: Leaf) -> int | None:
    return WORDS.index(leaf.word) if isinstance(leaf, Term) else None


def may_hold(query: str, title: str, body: str) -> bool:
    fields = [INDEX.look(encode_raw(raw, 200_000)).placed for raw in (title, body)]
    assert fields[0] is not None
    assert fields[1] is not None
    return (
        Glances(numbered, range(len(WORDS)))
        .of(parse_query(query).query)
        .holds(Places(fields[0], fields[1], frozenset()), "text")
    )


@pytest.mark.parametrize(
    ("query", "title", "body", "holds"),
    [
        ("سوريا SENTENCE مصر", "", "في سوريا خبر أمس ومصر.", True),
        ("سوريا SENTENCE مصر", "", "في سوريا خبر أمس. ومصر.", False),
        ("سوريا SENTENCE مصر", "", "في سوريا خبر\nومصر.", False),
        ("سوريا SENTENCE مصر", "سوريا. ومصر", "", True),
        ("سوريا SENTENCE مصر", "سوريا", "مصر", False),
        ("سوريا SENTENCE (مصر AND قوات)", "", "سوريا ومصر هنا. قوات", False),
        ("سوريا SENTENCE (مصر OR قوات)", "", "سوريا ومصر هنا. قوات", True),
        ("سوريا PARAGRAPH مصر", "", "سوريا هنا. ومصر.", True),
        ("سوريا NEAR/1 مصر", "", "سوريا ثم مصر", True),
        ("سوريا NEAR/1 مصر", "", f"سوريا {'ثم ' * 30} مصر", False),
        ("سوريا NEAR/1 مصر", "سوريا", "مصر", False),
        ("سوريا NOTNEAR/1 مصر", "", "سوريا ومصر", True),
        ("(سوريا NEAR/1 مصر) SENTENCE قوات", "", "قوات في سوريا هنا. ثم مصر", False),
        ("lead:سوريا", "", f"{'خبر ' * LEAD_WORDS} سوريا", False),
        ("lead:سوريا", "", f"{'خبر ' * (LEAD_WORDS - 1)} سوريا", True),
        ("lead:سوريا", "سوريا", "", True),
        ("title:سوريا", "خبر", "سوريا", False),
        ("body:سوريا", "سوريا", "خبر", False),
        ("COUNT/2(سوريا)", "", "سوريا", False),
        ("COUNT/2(سوريا)", "سوريا", "سوريا", True),
        ("COUNT/2(سوريا SENTENCE مصر)", "", "سوريا ومصر هنا. ثم مصر", False),
        ("ATLEAST/2(سوريا، مصر، قوات)", "", "سوريا", False),
        ("ATLEAST/2(سوريا، مصر، قوات)", "قوات", "سوريا", True),
        ("سوريا AND NOT مصر", "", "سوريا ومصر", True),
        ("سوريا SENTENCE مصر", "", "سوريا " * (MOST_POINTS + 1) + "هنا. مصر", True),
    ],
)
def test_what_is_seen_to_be_apart_does_not_hold(query: str, title: str, body: str, holds: bool) -> None:
    assert may_hold(query, title, body) is holds


@pytest.mark.parametrize(
    "text", ["سوريا " * 33_000, "سوريا. " * 28_000, "سوريا،مصر" * 22_000, "خبر. " * 40_000, "خ" * 200_000]
)
def test_a_field_of_any_length_costs_little(text: str) -> None:
    query = "(سوريا NEAR/20 مصر) SENTENCE COUNT/3(قوات OR سوريا)"

    def looked_at(held: str) -> None:
        may_hold(query, held, held)

    assert grows_no_faster_than_its_length(looked_at, text[: 200_000 // TIMES_AS_LONG], text[:200_000])
