"""Whatever is asked of whatever text, the verdict and the score are what the definition of the language says."""

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article
from processors.topics.query.parse import parse_query
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.processors.topics.evaluate.meaning import Unit, score
from tests.processors.topics.test_watchlist import ENTITIES

NAMES = load_gazetteer([("entities.yaml", ENTITIES)])
WHEN = datetime(2005, 5, 5, tzinfo=UTC)  # while @leader is in office
LISTS = "lists:\n  l: {terms: {ar: [خبز, وفد]}, entities: ['@cairo']}\n"

MEANS = {
    "قمح": "قمح", "بالقمح": "قمح", "خبز": "خبز list:l", "والخبز": "خبز list:l", "وفدهم": "وفد list:l",
    "WHEAT": "wheat", "3.5": "3.5", "أ.ف.ب": "أ.ف.ب",
    "سوريا": "@syria @syria.name", "Syria": "@syria @syria.name", "السورية": "@syria @syria.demonym",
    "مصر": "@egypt @egypt.name", "المصري": "@egypt @egypt.demonym",
    "القاهرة": "@cairo @cairo.name @egypt @egypt.capital list:l",
    "سالم الفارس": "@leader @leader.name @syria @syria.leader",
    "كلمة": "",
}  # fmt: skip
"""What may stand in a text → the leaves that it is a mention of."""

GAPS = (" ", " ", " ", " ", "، ", "؛ ", ": ", " (", " - ")
STOPS = (". ", "! ", "؟ ", "… ", ".. ")
LINES = {False: ("\n", "\r\n", "\n\n"), True: ("</p><p>", "<br/>", "</p>\n<p>", "\n\n")}
SILENT = "زاد الكلام هنا جدا"
"""A line that says nothing: in the first and the last three, some words have no weight (docs/topics.md)."""

WRITTEN = st.lists(st.tuples(st.sampled_from(list(MEANS)), st.integers(0, 15)), min_size=4, max_size=14)

LEAVES = st.sampled_from(sorted({leaf for leaves in MEANS.values() for leaf in leaves.split()}))
NEARLY = st.sampled_from(["OR", "NEAR/5", "SENTENCE", "NOTNEAR/1"])
OPERATORS = ("NEAR/0", "NEAR/2", "NEAR/9", "ONEAR/3", "NOTNEAR/0", "NOTNEAR/3", "SENTENCE", "PARAGRAPH")
PLACED = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["OR", "OR", "OR", "AND", *OPERATORS]), inner)
        | st.builds("({} SENTENCE {} SENTENCE {})".format, inner, inner, inner)
    ),
    max_leaves=4,
)
COUNTED = st.builds("COUNT/{}({})".format, st.integers(1, 3), st.builds("({} {} {})".format, LEAVES, NEARLY, PLACED))
FIELDS = st.builds("{}:({})".format, st.sampled_from(["title", "body", "lead"]), PLACED | COUNTED)
QUERIES = st.recursive(
    PLACED | COUNTED | FIELDS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["OR", "AND", "AND NOT"]), inner),
        st.builds("ATLEAST/{}({}, {}, {})".format, st.integers(1, 3), inner, inner, inner),
    ),
    max_leaves=4,
)
CLAUSES = st.lists(st.builds("{}{}".format, QUERIES, st.sampled_from(["", "", "^2", "^0.5"])), min_size=1, max_size=3)


def read(field: str, written: list[tuple[str, int]], *, html: bool) -> tuple[str, list[Unit]]:
    """A text of these words, each with what follows it, and its units."""
    word, sentence, paragraph = 0, 0, 0
    raw, units = "", []
    for text, behind in written:
        length = len(text.split())
        means = frozenset(MEANS[text].split())
        units.append(Unit(means, field, word, word + length - 1, sentence, paragraph))
        word += length
        if behind < len(GAPS):
            gap = GAPS[behind]
        elif behind < len(GAPS) + 2 and field == "body":
            gap = LINES[html][behind % len(LINES[html])]
            sentence, paragraph = sentence + 1, paragraph + 1
        else:
            gap = STOPS[behind % len(STOPS)]
            sentence += text != "أ.ف.ب" or gap != ". " if field == "body" else 0  # initials keep a dot of their own
        raw += text + gap
    return raw, units


def body_of(written: list[tuple[str, int]], *, html: bool) -> tuple[str, list[Unit]]:
    """The same between lines that say nothing."""
    raw, units = read("body", written, html=html)
    line = f"<p>{SILENT}</p>" if html else f"{SILENT}\n"
    raw = f"{line * 3}<p>{raw}</p>{line * 3}" if html else f"{line * 3}{raw}\n{line * 3}"
    before = 3 * len(SILENT.split())
    return raw, [
        Unit(each.means, "body", each.first + before, each.last + before, each.sentence, each.paragraph)
        for each in units
    ]


def compiled(clauses: list[str], threshold: float, exclude: str) -> Watchlist | None:
    text = f"topics:\n  t:\n    match: |\n      {' OR '.join(clauses)}\n    threshold: {threshold}\n"
    text += f"    exclude: |\n      {exclude}\n" if exclude else ""
    try:
        return compile_watchlist(load_topics([("topics.yaml", text + LISTS)]), NAMES, clock=lambda: WHEN)
    except InvalidInput:
        return None  # only says what it does not want, and the like


@given(CLAUSES, st.sampled_from([1, 1, 2]), st.just("") | QUERIES, WRITTEN, WRITTEN, st.booleans())
@example(["((قمح AND خبز) NOTNEAR/0 وفد) SENTENCE wheat"], 1, "", [], [("WHEAT", 0), ("قمح", 0), ("خبز", 0)], False)
@example(["COUNT/2((قمح AND خبز) NOTNEAR/0 وفد)"], 1, "", [], [("قمح", 0), ("خبز", 0)], False)
@example(["(قمح AND خبز) NOTNEAR/0 وفد"], 1, "", [("قمح", 0)], [("خبز", 0)], False)
@example(["قمح SENTENCE خبز"], 1, "", [], [("قمح", 0), ("أ.ف.ب", 13), ("خبز", 0)], False)
def test_a_verdict_is_what_the_definition_says(
    clauses: list[str],
    threshold: float,
    exclude: str,
    title: list[tuple[str, int]],
    body: list[tuple[str, int]],
    html: bool,
) -> None:
    watchlist = compiled(clauses, threshold, exclude)
    if watchlist is None:
        return
    title_raw, title_units = read("title", title, html=False)
    body_raw, body_units = body_of(body, html=html)
    article = Article(id="a", title=title_raw, body=body_raw, published_at=WHEN)
    asked = parse_query(" OR ".join(clauses)).query
    excluded = parse_query(exclude).query if exclude else None

    expected = score(asked, threshold, excluded, [*title_units, *body_units])

    assert [verdict.score for verdict in watchlist.match(article)] == ([expected] if expected else [])
    judged = watchlist.judge("t", watchlist.read(article), {})
    assert watchlist.matches("t", judged) is bool(expected)
