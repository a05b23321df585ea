"""Evidence of whole verdicts points at what was matched: in titles, in HTML bodies, through everything undone."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article, Evidence
from processors.normalize.text import read_text
from processors.topics.topic import load_topics
from processors.topics.watchlist import compile_watchlist
from tests.processors.normalize.texts import TEXTS

ENTITIES = """
entities:
  - id: Q858
    key: syria
    kind: country
    names: {ar: [سوريا, سورية], en: [Syria], tr: [Suriye]}
    demonyms: {ar: {masculine: [سوري], feminine: [سورية], plurals: [سوريون, سوريين]}}
  - id: Q85
    key: cairo
    kind: city
    names: {ar: [القاهرة]}
"""
TOPICS = """
lists:
  visits: {terms: {ar: [زيارة]}, verbs: {ar: [يزور]}}
topics:
  t:
    match: |
      @syria OR @cairo OR list:visits OR حماس OR =داعش OR "عبد الله" OR دبلوماس* OR 25 OR /25|داع.ش?/ OR Cœur
      OR (سوريا NEAR/3 زيارة)
"""
FORMS = {
    "@syria": "سوريا|سوريه|(ال)?سوري|(ال)?سوريه|(ال)?سوريون|(ال)?سوريين|syria|suriye",
    "@cairo": "القاهره|لقاهره",
    "list:visits": "(ال)?زياره|زيارت(ه|ها|هم|هن|هما|نا|كم)|يزور(ه|ها|هم|هن|هما|نا|كم)?",
    "حماس": "(ال)?حماس|حماس(ه|ها|هم|هن|هما|نا|كم)",
    "داعش": "داعش",
    "عبد الله": "عبد الله|عبدالله",
    "دبلوماس": r"(ال)?دبلوماس\w*",
    "25": "(ال)?25",
    "Cœur": "cœur|coeur",
    "سوريا": "سوريا",
    "زيارة": "(ال)?زياره|زيارت(ه|ها|هم|هن|هما|نا|كم)",
}
"""Clause → what its evidence may read as, folded: written here by hand."""

WATCHLIST = compile_watchlist(
    load_topics([("topics.yaml", TOPICS)]),
    load_gazetteer([("entities.yaml", ENTITIES)]),
    clock=lambda: datetime(2026, 11, 24, tzinfo=UTC),
)

WORDS = (
    "سوريا", "ولسوريا", "لﺳﻮﺭﻳﺎ", "السوريين", "سورياً", "للقاهرة", "وزيارتها", "سيزور", "حمـ.ـاس", "حـMـاس", "سـ.ـوريا",
    "عبدالله", "عبد الله", "عبد ﷲ", "الدبلوماسيين", "الـ25", "٢٥", "²5", "Suriye'nin", "Suriyeliler", "SYRIA’s",
    "coeur", "«سوريا»", "سو\u200bريا", "سُو\u0651رِ\u200cيا", "داعش", "في", "،", ".", "😀", "\ud800",
)  # fmt: skip
TAGS = (
    "<b>", "</b>", "<p>", "</p>", "<br/>", "<a href='/سوريا'>", "</a>", '<img alt="سوريا القاهرة">', "<!-- زيارة -->",
    "<script>سوريا</script>", "<style>.حماس{}</style>", "&nbsp;", "&laquo;", "&shy;", "&#x200f;",
)  # fmt: skip
SPACES = ("", " ", "\n", "\u00a0", "-")

PIECES = st.lists(st.sampled_from(WORDS + TAGS + SPACES + SPACES), max_size=24)


def evidence_of(article: Article) -> list[Evidence]:
    return [each for verdict in WATCHLIST.match(article) for each in verdict.evidence]


def readings(told: Evidence) -> set[str]:
    """What the quoted text says, folded, as it is and with breaking undone."""
    text = read_text(told.text)
    return {each.folded.strip() for each in (text, text.repaired, read_text(told.plain)) if each is not None}


@given(TEXTS, TEXTS)
@example("حـ.ـمـ.ـاس", "<p>زيارة <b>سو</b>ريا</p> &#1587;وريا")
def test_evidence_is_inside_its_field_and_quotes_it(title: str, body: str) -> None:
    for each in evidence_of(Article(id="a", title=title, body=body)):
        field = title if each.field == "title" else body

        assert 0 <= each.start < each.end <= len(field)
        assert field[each.start : each.end] == each.text


@given(TEXTS, PIECES.map("".join))
@example("", "<p>ولـ«سوريا»، للقاهرة سورياً</p>")
def test_evidence_read_again_is_a_form_of_its_clause(title: str, body: str) -> None:
    for each in evidence_of(Article(id="a", title=title, body=body)):
        form = next((FORMS[name] for name in (each.clause, each.clause.strip('"=*')) if name in FORMS), None)
        if form is None:
            assert each.clause.startswith("/")
            continue

        # Of ½ (one character, 1⁄2 when read) only the end may be matched: the place is the whole of it.
        assert any(re.fullmatch(f"(?:1⁄)?(?:{form})", said) for said in readings(each)), each


@given(PIECES)
@example(["<a href='/سوريا'>", "سوريا", "</a>", '<img alt="سوريا القاهرة">', "<!-- زيارة -->"])
def test_evidence_begins_and_ends_outside_of_tags_and_entities(pieces: list[str]) -> None:
    body = "".join(pieces)
    inside = set[int]()
    at = 0
    for piece in pieces:
        if piece in TAGS:
            inside.update(range(at + 1, at + len(piece)))
        at += len(piece)

    for each in evidence_of(Article(id="a", body=body)):
        assert not {each.start, each.end} & inside, (each, body)
        assert body[each.start] not in "<&"


@given(st.sampled_from(("قال المتحدث ", "<h1>نص</h1>", "&nbsp;x ")), PIECES.map("".join))
def test_what_stands_before_a_title_only_moves_its_evidence(before: str, title: str) -> None:
    alone = {(each.clause, each.start + len(before), each.text, each.level)
             for each in evidence_of(Article(id="a", title=title))}  # fmt: skip
    moved = {(each.clause, each.start, each.text, each.level)
             for each in evidence_of(Article(id="a", title=before + title))}  # fmt: skip

    assert alone == moved


@pytest.mark.parametrize("piece", ["سوريا ", "حمـ.ـاس ", "<b>زيارته</b> ", "&#1587;وريا، "])
def test_places_are_right_at_the_end_of_a_long_text_too(piece: str) -> None:
    body = "كلمة " * 20_000 + piece

    last = evidence_of(Article(id="a", body=body))[-1]

    assert body[last.start : last.end] == last.text
    assert last.start >= 100_000
