"""What queries and word lists of other tools become, and what is told of the rest."""

import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.topics.imports.formats import FORMATS
from processors.topics.imports.imported import Imported, Unreadable
from processors.topics.imports.topic_file import topic_name
from processors.topics.query.text import LONGEST_QUERY
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length
from tests.processors.topics.test_watchlist import NOW

CASES = tomllib.loads((Path(__file__).parents[3] / "cases" / "imports.toml").read_text(encoding="utf-8"))["case"]
NAMES = load_gazetteer([("entities.yaml", "entities: []\n")])


def compiled(imported: Imported) -> Watchlist:
    return compile_watchlist(load_topics([("imported.yaml", imported.text)]), NAMES, clock=lambda: NOW)


def told(imported: Imported) -> list[str]:
    return [f"{note.fate}: {note.message}" for note in imported.notes]


@pytest.mark.parametrize("case", CASES, ids=[case["source"] for case in CASES])
def test_a_query_becomes_ours_and_the_report_says_what_differs(case: dict[str, Any]) -> None:
    imported = FORMATS[case["from"]](case["source"], "t")

    match = compiled(imported).topics["t"].file.match
    assert " ".join(match.split()) == case["match"]
    notes = told(imported)
    assert len(notes) == len(case["notes"]), notes
    for note, expected in zip(notes, case["notes"], strict=True):
        assert note.startswith(expected)


@pytest.mark.parametrize(
    ("format_name", "source", "line", "column", "says"),
    [
        ("lucene", "", 1, 1, "nothing to import"),
        ("lucene", "syria AND\n  (egypt", 2, 3, "never closed"),
        ("lucene", 'syria OR\n"egypt', 2, 1, "not closed"),
        ("lucene", "syria AND", 1, 10, "ends too early"),
        ("lucene", "syria) AND x", 1, 6, "`)` is not expected"),
        ("lucene", "roam NEAR walk", 1, 6, "needs its number"),
        ("lucene", "-sport", 1, 1, "only says what it does not want"),
        ("lucene", "price:5", 1, 1, "nothing of it can be carried over: `price:`"),
        ("lucene", "(" * 200 + "a" + ")" * 200, 1, 101, "inside one another"),
        ("words", "# nothing\n\n", 1, 1, "no line holds a word"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    format_name: str, source: str, line: int, column: int, says: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        FORMATS[format_name](source, "t")

    assert says in refused.value.message
    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_list_of_words_becomes_a_list_by_script_and_a_topic() -> None:
    imported = FORMATS["words"]('# ports\nميناء\nport  # a remark\n"وقف إطلاق النار"\n\nport\n', "ports")

    watchlist = compiled(imported)

    assert imported.notes == ()
    assert watchlist.topics["ports"].file.match == "list:ports\n"
    for body in ("وصلت إلى الميناء", "in port today", "اتفاق لوقف إطلاق النار"):
        assert watchlist.match(Article(id="a", body=body)), body
    assert not watchlist.match(Article(id="a", body="ports remark"))


def test_a_table_gives_its_column_of_values() -> None:
    table = 'value;description;lang\nميناء;a port;ar\n"port; harbour";two;en\nliman;;tr\n'

    imported = FORMATS["words"](table, "ports")

    held = load_topics([("imported.yaml", imported.text)]).lists[0].file
    assert held.terms == {"ar": ["ميناء"], "en": ["port; harbour"], "tr": ["liman"]}
    assert told(imported) == ["changed: only the column `value` is taken, not description"]


def test_sets_expressions_and_wildcards_of_a_list_become_clauses() -> None:
    imported = FORMATS["words"]("bomb, attack, site;2\n/زيار(ة|ات)/\nدبلوماس*\nميناء، مرفأ\n-sport\n...\n", "t")

    watchlist = compiled(imported)

    assert "ATLEAST/2(bomb, attack, site)" in watchlist.topics["t"].file.match
    for body in ("an attack by bomb", "زيارة", "دبلوماسي", "مرفأ"):
        assert watchlist.match(Article(id="a", body=body)), body
    assert not watchlist.match(Article(id="a", body="an attack"))
    assert [(note.line, note.fate) for note in imported.notes] == [
        (2, "changed"),
        (4, "changed"),
        (5, "lost"),
        (6, "lost"),
    ]
    assert imported.lost == 2


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("Nile Dam (2026)", "nile-dam-2026"), ("سد النهضة", "imported"), ("Été_1", "ete-1"), ("", "imported")],
)
def test_a_name_is_made_of_what_is_there(wanted: str, name: str) -> None:
    assert topic_name(wanted) == name


PIECES = st.sampled_from(
    [
        *"a سوريا wor? *b pre* AND OR NOT ( ) - + ! ^2 ~1 ~ NEAR/3 NEAR/2f ONEAR/1 NEAR and ، # ;2 / | …".split(),
        *"title: lang: site: country: raw: {BT} /re.x/".split(),
        *('"x y"', '"x y"~3', '"p* q"', "published:[2026-01-01 TO *]", "[1 TO 2]"),
        *("\\", '"', "\n", "\u200f", "e\u0301"),
    ]
)


@given(st.sampled_from(sorted(FORMATS)), st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES).map("".join))
def test_whatever_is_written_loads_and_compiles(format_name: str, source: str) -> None:
    try:
        imported = FORMATS[format_name](source, "t")
    except Unreadable as refused:
        assert 1 <= refused.line <= source.count("\n") + 1
        assert refused.column >= 1
    else:
        assert "t" in compiled(imported).topics
        assert all(1 <= note.line <= source.count("\n") + 1 for note in imported.notes)


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=40))
def test_any_text_is_imported_or_refused(format_name: str, source: str) -> None:
    with suppress(Unreadable):
        compiled(FORMATS[format_name](source, "t"))


LARGE: dict[str, Callable[[int], str]] = {
    "lines": lambda length: "word, other\n" * (length // 12),
    "words": lambda length: "word? " * (length // 6),
    "parentheses": lambda length: "(" * length,
    "quotes": lambda length: '"a" ' * (length // 4),
    "minus": lambda length: "-" * length,
    "one word": lambda length: "w" * (length - 1) + "*",
    "wildcards": lambda length: "*" * length,
    "near": lambda length: "a NEAR/2 " * (length // 9 - 1) + "b",
}


@pytest.mark.parametrize("format_name", sorted(FORMATS))
@pytest.mark.parametrize("shape", LARGE.values(), ids=LARGE.keys())
def test_the_cost_of_a_source_grows_with_its_length_alone(format_name: str, shape: Callable[[int], str]) -> None:
    def read_or_refused(source: str) -> None:
        with suppress(Unreadable):
            FORMATS[format_name](source, "t")

    part, whole = shape(LONGEST_QUERY // TIMES_AS_LONG), shape(LONGEST_QUERY)

    assert grows_no_faster_than_its_length(read_or_refused, part, whole)
