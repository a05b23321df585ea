"""From articles to verdicts: what matches, with which evidence, and what is passed over."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article, Verdict
from processors.topics.examples import run_tests
from processors.topics.explain.explain import explain
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist

ENTITIES = """
entities:
  - id: Q858
    key: syria
    kind: country
    names: {ar: [سوريا, سورية], en: [Syria]}
    demonyms: {ar: {masculine: [سوري], feminine: [سورية], plurals: [سوريون, سوريين]}}
  - id: Q79
    key: egypt
    kind: country
    names: {ar: [مصر], en: [Egypt]}
    demonyms: {ar: {masculine: [مصري], feminine: [مصرية]}}
  - id: Q85
    key: cairo
    kind: city
    names: {ar: [{name: القاهرة, not: [القوة القاهرة]}]}
    relations: [{role: capital, of: egypt}]
  - id: rasid:leader
    key: leader
    kind: person
    names: {ar: [سالم الفارس, {name: الفارس, strong: no, needs: [الرئيس]}]}
    relations: [{role: president, of: syria, from: 2001-01-01, to: 2010-12-31}]
  - id: rasid:sdf
    key: sdf
    kind: armed_group
    names: {ar: [قوات سوريا الديمقراطية]}
"""
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return load_gazetteer([("entities.yaml", ENTITIES)])


def watch(names: Gazetteer, topics: str) -> Watchlist:
    return compile_watchlist(load_topics([("topics.yaml", topics)]), names, clock=lambda: NOW)


def one(names: Gazetteer, query: str, **more: str) -> Watchlist:
    lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
    indented = query.replace("\n", "\n      ")
    return watch(names, f"topics:\n  t:\n    match: |\n      {indented}\n{lines}")


def an_article(body: str = "", title: str = "", **more: Any) -> Article:
    return Article(id="a", title=title, body=body, **more)


def verdict(watchlist: Watchlist, article: Article) -> Verdict | None:
    return next(iter(watchlist.match(article)), None)


@pytest.mark.parametrize(
    ("query", "body", "matches"),
    [
        ("سوريا", "عاد إلى سوريا", True),
        ("/زيار(ة|ات)/", "والزيارات", True),
        ("/زيارة/", "زيارته", False),
        (r"/\bزيارة\b/ NEAR/1 مصر", "زيارة إلى مصر", True),
        (r"/\bزيارة\b/ NEAR/0 مصر", "زيارة إلى مصر", False),
        ("/زيارة/ SENTENCE @egypt", "زيارة الوفد المصري", True),
        ("/زيارة/ SENTENCE @egypt", "زيارة. وفد مصري", False),
        ("/زيار/ SENTENCE /زيارة/", "زيارة", False),
        ("COUNT/2(/زيار/)", "زيارة وزيارات", True),
        ("COUNT/3(/زيار/)", "زيارة وزيارات", False),
        ("title:/زيارة/", "زيارة", False),
        ("مصر AND NOT /زيار(ة|ات)/", "مصر والزيارات", False),
        ("ATLEAST/2(/زيار/، مصر، سوريا)", "زيارة مصر", True),
        ("/covid-\\d+/i", "COVID-19", True),
        ("/covid/", "COVID", False),
        ("سوريا", "عاد ولسوريا حق", True),
        ("زيارة", "خلال زيارته الأولى", True),
        ("زار", "وزارة الخارجية", False),
        ("مصر", "دولة كمصر", True),
        ("=سورية", "سوريا بخير", False),
        ("=سورية", "سُوريّة بخير", True),
        ('"الجامعة العربية"', "في الجامعة\u00a0 العربية اليوم", True),
        ('"الجامعة العربية"', "في الجامعة الأمريكية العربية", False),
        ('"الجامعة العربية"~1', "في الجامعة الأمريكية العربية", True),
        ("دبلوماس*", "مصدر دبلوماسي", True),
        ("@syria AND @egypt", "وفد مصري في دمشق", False),
        ("@syria AND @egypt", "وفد مصري في سوريا", True),
        ("@syria.demonym", "في سوريا", False),
        ("@syria.demonym", "الشعب السوري", True),
        ("@egypt.capital", "في القاهرة", True),
        ("@egypt", "بسبب القوة القاهرة", False),
        ("@syria", "أعلنت قوات سوريا الديمقراطية", False),
        ("@sdf", "أعلنت قوات سوريا الديمقراطية", True),
        ("@syria SENTENCE @egypt", "زار الوفد المصري سوريا.", True),
        ("@syria SENTENCE @egypt", "زار الوفد سوريا. عاد إلى مصر.", False),
        ("@syria SENTENCE @egypt", "زار الوفد سوريا؛ ثم عاد إلى مصر.", True),
        ("@syria PARAGRAPH @egypt", "زار الوفد سوريا. عاد إلى مصر.", True),
        ("@syria PARAGRAPH @egypt", "زار الوفد سوريا.\nعاد إلى مصر.", False),
        ("سوريا NEAR/1 مصر", "سوريا ثم مصر", True),
        ("سوريا NEAR/1 مصر", "سوريا ثم لاحقا مصر", False),
        ("سوريا ONEAR/3 مصر", "مصر ثم سوريا", False),
        ("سوريا NOTNEAR/2 مصر", "سوريا ومصر. ثم بعد أيام طويلة عادت سوريا", True),
        ("سوريا NOTNEAR/2 مصر", "سوريا ومصر", False),
        ("سوريا NEAR/9 (مصر AND لبنان)", "سوريا ومصر", False),
        ("سوريا NEAR/9 (مصر AND لبنان)", "لبنان سوريا ومصر", True),
        ("(مصر AND لبنان) NEAR/1 سوريا", "لبنان سوريا ومصر", True),
        ("(مصر AND لبنان) NEAR/1 سوريا", "سوريا ومصر ثم بعدها لبنان", False),
        ("سوريا NEAR/1 (الأردن OR (مصر AND لبنان))", "لبنان سوريا ومصر", True),
        ("سوريا NEAR/1 (الأردن OR (مصر AND لبنان))", "سوريا ومصر", False),
        ("سوريا NOTNEAR/1 (مصر AND لبنان)", "سوريا ومصر", True),
        ("سوريا NOTNEAR/1 (مصر AND لبنان)", "لبنان سوريا ومصر", False),
        ("(سوريا AND الأردن) NOTNEAR/1 مصر", "سوريا اليوم. في الأردن مصر", False),
        ("سوريا NEAR/2 مصر NEAR/2 لبنان", "سوريا لبنان مصر", True),
        ("سوريا SENTENCE (الأردن OR (مصر AND لبنان))", "سوريا مع مصر. ثم لبنان", False),
        ("سوريا SENTENCE (الأردن OR (مصر AND لبنان))", "سوريا مع مصر ثم لبنان.", True),
        ("سوريا PARAGRAPH (الأردن OR (مصر AND لبنان))", "سوريا. مصر. لبنان.", True),
        ("(سوريا PARAGRAPH مصر) SENTENCE لبنان", "سوريا ولبنان. مصر.", False),
        ("(سوريا PARAGRAPH مصر) SENTENCE لبنان", "سوريا ولبنان ومصر.", True),
        ("(سوريا SENTENCE مصر) PARAGRAPH لبنان", "سوريا ومصر. لبنان.", True),
        ("سوريا ONEAR/0 مصر", "سوريا ومصر", True),
        ("@syria SENTENCE @egypt", "وفد سـ.ـوري بمصر يبحث", True),
        ("@egypt SENTENCE @syria", "في مصـ.ـر وفد السـ.ـوريين", True),
        ("هدنة SENTENCE غزة", "هدنة قالت حمـ.ـاس في غزة", True),
        ("هدنة SENTENCE غزة", "هدنة حمـ.ـاس. في غزة", False),
        ('"وقف النار" NEAR/2 غزة', "وقف النار في قطـ.ـاع غزة", True),
        ('"وقف النار" NEAR/1 غزة', "وقف النار في قطـ.ـاع غزة", False),
        ('"في غزة"~1', "في قطـ ـاع غزة", True),
        ("COUNT/2(@syria)", "سوريا والسوريون", True),
        ("COUNT/2(@syria)", "سوريا", False),
        ("ATLEAST/2(سفير، سفارة، زيارة)", "السفير في السفارة", True),
        ("ATLEAST/2(سفير، سفارة، زيارة)", "السفير والسفير", False),
        ("title:سوريا", "سوريا", False),
        ("سوريا AND NOT كرة", "سوريا", True),
        ("سوريا AND NOT كرة", "سوريا تفوز في الكرة", False),
        ("words:[1 TO 3] AND سوريا", "في سوريا", True),
        ("words:[3 TO *] AND سوريا", "في سوريا", False),
    ],
)
def test_the_language_means_what_its_table_says(names: Gazetteer, query: str, body: str, matches: bool) -> None:
    assert (verdict(one(names, query), an_article(body)) is not None) is matches


@pytest.mark.parametrize(
    ("query", "article", "matches"),
    [
        ("source:سانا AND سوريا", {"source": "وكالة سانا"}, True),
        ("source:سانا AND سوريا", {"source": "رويترز"}, False),
        ("domain:example.org AND سوريا", {"url": "https://news.example.org/1"}, True),
        ("domain:example.org AND سوريا", {"url": "https://anexample.org/1"}, False),
        ("lang:ar AND سوريا", {"lang": "ar-EG"}, True),
        ("lang:(en OR fr) AND سوريا", {"lang": "ar"}, False),
        ("tags:سياسة AND سوريا", {"tags": ("السياسة", "سياسة")}, True),
        (r"url:/\/opinion\/\d+/ AND سوريا", {"url": "https://example.org/opinion/1"}, True),
        ("source:/سانا|رويترز/ AND سوريا", {"source": "وكالة سـانا"}, True),
        ("tags:/^سي/ AND سوريا", {"tags": ("رياضة", "سياسة")}, True),
        ("tags:/^اسة/ AND سوريا", {"tags": ("رياضة", "سياسة")}, False),
        ("source:رويت* AND سوريا", {"source": "وكالة رويترز"}, True),
        ("source:رويت AND سوريا", {"source": "وكالة رويترز"}, False),
        ('url:"/opinion/" AND سوريا', {"url": "https://example.org/opinion/1"}, True),
        ("published:[2026-11-20 TO 2026-11-24] AND سوريا", {"published_at": NOW}, True),
        ("published:[* TO 2026-11-23] AND سوريا", {"published_at": NOW}, False),
        ("published:[now-2d TO *] AND سوريا", {"published_at": datetime(2026, 11, 23, tzinfo=UTC)}, True),
        ("published:[now-2d TO *] AND سوريا", {"published_at": datetime(2026, 11, 20, tzinfo=UTC)}, False),
        ("published:[now-2d TO *] AND سوريا", {}, False),
    ],
)
def test_fields_that_hold_one_value(names: Gazetteer, query: str, article: dict[str, Any], matches: bool) -> None:
    assert (verdict(one(names, query), an_article("في سوريا", **article)) is not None) is matches


def test_the_score_is_the_sum_of_the_outermost_clauses_that_hold(names: Gazetteer) -> None:
    watchlist = one(names, "title:@syria^3\nOR @egypt^2 OR لبنان", threshold="4")

    both, few = verdict(watchlist, an_article("مصر", "سوريا")), verdict(watchlist, an_article("مصر ولبنان"))

    assert both is not None
    assert both.score == 5
    assert few is None


def test_exclude_always_wins_and_topics_may_refer_to_topics(names: Gazetteer) -> None:
    watchlist = watch(
        names,
        "topics:\n  a: {match: '@syria', exclude: 'topic:football'}\n  football: {match: كرة AND منتخب}\n",
    )

    assert [v.topic for v in watchlist.match(an_article("منتخب سوريا"))] == ["a"]
    assert [v.topic for v in watchlist.match(an_article("منتخب سوريا لكرة القدم"))] == ["football"]


def test_the_entities_of_a_list_are_decided_like_those_of_a_query(names: Gazetteer) -> None:
    watchlist = watch(
        names,
        "topics:\n  a: {match: 'list:l'}\nlists:\n  l: {terms: {ar: [سفير]}, entities: ['@cairo', '@syria.leader']}\n",
    )

    found = verdict(watchlist, an_article("وصل إلى القاهرة"))

    assert found is not None
    assert (found.evidence[0].clause, found.evidence[0].entity) == ("list:l", "Q85")
    assert verdict(watchlist, an_article("بسبب القوة القاهرة")) is None
    assert verdict(watchlist, an_article("في سوريا")) is None
    assert verdict(watchlist, an_article("السفير")) is not None


def test_leaders_go_by_the_date_of_the_article(names: Gazetteer) -> None:
    watchlist, former = one(names, "@syria"), one(names, "@syria.former")

    def article(year: int | None) -> Article:
        return an_article("قال سالم الفارس", published_at=datetime(year, 6, 1, tzinfo=UTC) if year else None)

    in_office, undated = verdict(watchlist, article(2005)), verdict(watchlist, article(None))
    assert in_office is not None
    assert (in_office.evidence[0].entity, in_office.evidence[0].via) == ("rasid:leader", "Q858.leader")
    assert verdict(watchlist, article(2015)) is None
    assert verdict(former, article(2015)) is not None
    assert verdict(former, article(2005)) is None
    assert undated is not None
    assert undated.evidence[0].period == "unknown"


def test_a_word_that_supports_a_name_stays_a_common_word_where_a_query_asks_for_it(names: Gazetteer) -> None:
    assert verdict(one(names, "الرئيس"), an_article("للرئيس")) is not None
    supported = load_gazetteer([("e.yaml", ENTITIES.replace("needs: [الرئيس]", "needs: [ميناء]"))])
    assert verdict(one(supported, "ميناء"), an_article("في الميناء")) is not None
    assert verdict(one(supported, "مصر"), an_article("المصر")) is None


def test_an_ambiguous_name_needs_its_support_and_shows_it(names: Gazetteer) -> None:
    watchlist = one(names, "@leader")

    supported = verdict(watchlist, an_article("قال الرئيس الفارس"))

    assert supported is not None
    assert supported.evidence[0].support == "الرئيس"
    assert verdict(watchlist, an_article("وصل الفارس على جواده")) is None


def test_evidence_points_into_the_article_as_received(names: Gazetteer) -> None:
    body = "<p>قال إنّ <b>الشعب السـ.ـوري</b> و&#1605;صر معا</p>"

    found = verdict(one(names, "@syria AND @egypt"), an_article(body))

    assert found is not None
    broken, entity = found.evidence
    assert (broken.text, broken.plain, broken.repaired) == ("السـ.ـوري", "السوري", True)
    assert body[broken.start : broken.end] == broken.text
    assert (entity.text, body[entity.start : entity.end]) == ("&#1605;صر", "&#1605;صر")


def test_a_word_is_shown_with_the_marks_on_its_last_letter(names: Gazetteer) -> None:
    for body in ("وفداً سورياً وصل", "وفداً سوريًا وصل"):
        found = verdict(one(names, "@syria"), an_article(body))
        assert found is not None
        assert found.evidence[0].text == body.split()[1]


def test_read_also_lines_give_no_evidence(names: Gazetteer) -> None:
    watchlist = one(names, "@syria")

    assert verdict(watchlist, an_article("خبر عن الطقس.\nاقرأ أيضاً: تطورات سوريا\nانتهى.")) is None


@pytest.mark.parametrize(
    ("query", "body", "candidate"),
    [
        ("/زيار(ة|ات)/", "في بلد بعيد", False),
        ("/زيار(ة|ات)/", "والزِيـارات", True),
        ("title:/زيارة/", "زيارة", False),
        ("/(سوريا|مصر)/ AND كرة", "كرة في بلد", False),
        ("/(سوريا|مصر)/ AND كرة", "كرة مصر", True),
        (r"/\w\wريا/", "في بلد", False),
        (r"/\w+ا\b/", "في بلد", True),
    ],
)
def test_an_article_without_the_letters_of_an_expression_is_passed_over(
    names: Gazetteer, query: str, body: str, candidate: bool
) -> None:
    assert one(names, query).may_match("t", an_article(body)) is candidate


def test_a_regular_expression_tells_its_place_and_level(names: Gazetteer) -> None:
    watchlist = one(names, "/زيار(ة|ات)/ OR /covid/i")

    found = verdict(watchlist, an_article("في زيـارة COVID"))

    assert found is not None
    shown = [(each.clause, each.text, each.start, each.level) for each in found.evidence]
    assert shown == [("/زيار(ة|ات)/", "زيـارة", 3, "exact"), ("/covid/i", "COVID", 10, "folded")]
    assert explain(watchlist, "t", an_article("في زيـارة")).matches


def test_evidence_is_bounded_and_in_reading_order(names: Gazetteer) -> None:
    found = verdict(one(names, "@syria OR @egypt"), an_article("سوريا ومصر. " * 500, "مصر"))

    assert found is not None
    assert len(found.evidence) == 21
    places = [(each.field != "title", each.start) for each in found.evidence]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("topics", "says"),
    [
        ("topics:\n  a: {match: '@syrai'}\n", "topics.yaml:2:15: unknown entity `@syrai`, did you mean `@syria`?"),
        ("topics:\n  a: {match: '@سوريا'}\n", "unknown entity `@سوريا`, did you mean `@syria`?"),
        ("topics:\n  a: {match: '@سالم_الفارس'}\n", "did you mean `@leader`?"),
        ("topics:\n  a: {match: '@SYRIA'}\n", "did you mean `@syria`?"),
        ("topics:\n  a: {match: 'list:x AND ب'}\n", "unknown list `list:x`"),
        ("topics:\n  a: {match: 'topic:b'}\n  b: {match: 'topic:a'}\n", "refers to itself: a → b → a"),
        ("topics:\n  a: {match: 'NOT سوريا'}\n", "only says what it does not want"),
        ("topics:\n  a: {match: '(سوريا^2 OR مصر) AND لبنان'}\n", "a weight belongs to a clause of the outermost OR"),
        ("topics:\n  a: {match: 'سوريا NEAR/3 (NOT مصر)'}\n", "NOT inside NEAR"),
        ("topics:\n  a: {match: 'سوريا^2 NEAR/3 مصر'}\n", "topics.yaml:2:15: a weight belongs to a clause"),
        ("topics:\n  a: {match: 'سوريا SENTENCE مصر^2'}\n", "topics.yaml:2:30: a weight belongs to a clause"),
        ("topics:\n  a: {match: 'title:(سوريا^2 OR مصر)'}\n", "a weight belongs to a clause"),
        ("topics:\n  a: {match: 'سوريا SENTENCE (NOT مصر)'}\n", "NOT inside SENTENCE"),
        ("topics:\n  a: {match: 'سوريا OR NOT مصر'}\n", "only says what it does not want"),
        (
            "topics:\n  a: {match: 'سوريا NEAR/3 ATLEAST/1(مصر)'}\n",
            "`ATLEAST/1(مصر)` has no place in the text, and NEAR",
        ),
        ("topics:\n  a: {match: 'سوريا NEAR/3 topic:a'}\n", "`topic:a` has no place in the text"),
        ("topics:\n  a: {match: سوريا, exclude: NOT مصر}\n", "only says what it does not want"),
        ("topics:\n  a: {match: 'سوريا SENTENCE title:مصر'}\n", "put it around, as in title:(a SENTENCE b)"),
        ("topics:\n  a: {match: سوريا, exclude: 'مصر^2 OR لبنان'}\n", "topics.yaml:2:31: a weight belongs to a clause"),
        ("topics:\n  a: {match: سوريا, threshold: yes}\n", "topics.a.threshold: expected a number"),
        ("topics:\n  a: {match: سوريا, threshold: '2'}\n", "topics.a.threshold: expected a number"),
        (
            "topics:\n  a: {match: سوريا, tests: [{text: سوريا, expect: match, published_at: 20260131}]}\n",
            "topics.a.tests.0.published_at: expected a date or a time: 2026-01-31",
        ),
        ("topics:\n  a: {match: 'COUNT/2(title:مصر)'}\n", "put it around, as in title:COUNT/n( … )"),
        ("topics:\n  a: {match: 'COUNT/2(topic:a)'}\n", "`topic:a` has no place in the text, and COUNT"),
        ("topics:\n  a: {match: 'COUNT/2(سوريا AND مصر)'}\n", "AND inside COUNT"),
        (f"topics:\n  a: {{match: '{' SENTENCE '.join('abcdefghijk')}'}}\n", "more than 10 things by SENTENCE"),
        (
            f"topics:\n  a: {{match: 'x NEAR/1 ({' AND '.join(f'(a{n} OR (b{n} AND c{n}))' for n in range(9))})'}}\n",
            "more than 50 ways",
        ),
        (
            "topics:\n  a: {match: 'سوريا^2 OR مصر', threshold: 4}\n",
            "topics.yaml:2:43: threshold: 4 can never be reached",
        ),
        ("lists:\n  l: {entities: ['@syrai']}\n", "unknown entity `@syrai`, did you mean `@syria`?"),
    ],
)
def test_a_topic_that_cannot_mean_what_it_says_is_refused(names: Gazetteer, topics: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        watch(names, topics)

    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '    match: "a" OR "b"\n',
            "t.yaml:3:16: not readable as YAML: did not find expected key. Write the query as a",
        ),
        ("    match: a\n    exclude: b: c\n", "t.yaml:4:15: not readable as YAML: mapping values are not allowed"),
        ("    match: a\n    exclude: b: c\n", "`exclude: |`, then the query on the next line, indented"),
        ("    match: |\n    title:a\n", "must be indented more than its `match: |`"),
        ('    match: "a\n    threshold: 2\n', "t.yaml:3:12: not readable as YAML: this quote is never closed. Write"),
        ("\tmatch: a\n", "t.yaml:3:1: a tab: YAML is indented with spaces"),
        (
            "    match: *a\n",
            "t.yaml:3:12: anchors and aliases (& and *) are not read: write the value out. Write the query",
        ),
        ("    match: !a b\n", "the tag !a is not read: write the plain value. Write the query as a block"),
        ("    match: [a, b]\n", "t.yaml:3:12: topics.x.match: expected a query: write `match: |`"),
        ("    match: 2026\n", "expected a query: write `match: |`"),
        ("    match:\n", "expected a query: write `match: |`"),
        ('    match: ""\n', "t.yaml:3:13: the query is empty"),
        ("    match: |\n", "t.yaml:4:1: the query is empty"),
        ("    severity: info\n", "t.yaml:3:5: `match` is missing"),
        ("    match: a\n    match: b\n", "t.yaml:4:5: `match` stands twice: keep one"),
        ("    match: a\n  x:\n    match: b\n", "t.yaml:4:3: `x` stands twice: keep one"),
        ("    match: a\n  X y:\n    match: b\n", "t.yaml:4:3: `X y`: a name is of small Latin letters"),
        ("    match: a\n    title: {arabic: b}\n", "`arabic`: a language has two or three letters"),
        ("    match: a\n    enabled: perhaps\n", "expected yes or no"),
        ("    match: >\n      a AND\n      titel:b\n", "t.yaml:5:7: unknown field `titel:`"),
        ('    match: "a AND \\"b\\" AND titel:c"\n', "t.yaml:3:29: unknown field `titel:`"),
    ],
)
def test_a_mistake_in_a_file_is_told_in_plain_words_with_its_place(text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_topics([("t.yaml", f"topics:\n  x:\n{text}")])

    assert says in str(refused.value)


def test_a_topic_in_two_files_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"b.yaml:1:10: topic `x` is also in a.yaml"):
        load_topics([("a.yaml", "topics: {x: {match: a}}"), ("b.yaml", "topics: {x: {match: b}}")])


@pytest.mark.parametrize(
    ("written", "zone", "moment"),
    [
        ("2026-05-05", "UTC", "2026-05-05T00:00:00+00:00"),
        ("2026-05-05", "Africa/Cairo", "2026-05-05T00:00:00+03:00"),
        ("2026-05-05T18:00", "Africa/Cairo", "2026-05-05T18:00:00+03:00"),
        ("2026-05-05T18:00:00+02:00", "Africa/Cairo", "2026-05-05T18:00:00+02:00"),
    ],
)
def test_the_date_of_an_example_without_an_offset_is_in_the_topics_time_zone(
    names: Gazetteer, written: str, zone: str, moment: str
) -> None:
    test = f"{{text: قمح, published_at: {written}, expect: match}}"
    loaded = one(names, "قمح AND published:[2026-05-05 TO 2026-05-05]", timezone=zone, tests=f"[{test}]")
    (example,) = loaded.topics["t"].file.tests

    assert example.published_at == datetime.fromisoformat(moment)
    assert run_tests(loaded, "t") == []


@pytest.mark.parametrize("written", ["سورياً", "سوريا"])
def test_a_demonym_that_is_written_like_the_name_is_screened_for_too(names: Gazetteer, written: str) -> None:
    watchlist, article = one(names, "@syria.demonym"), an_article(f"كان الرجل {written}")

    assert explain(watchlist, "t", article).matches == (verdict(watchlist, article) is not None)
    assert (verdict(watchlist, article) is not None) == (written == "سورياً")


def test_examples_that_fail_are_named_with_their_place(names: Gazetteer) -> None:
    watchlist = watch(
        names,
        "topics:\n  a:\n    match: سوريا\n    tests:\n"
        "      - {text: في سوريا, expect: match}\n"
        "      - {text: في سوريا, expect: no_match}\n",
    )

    (failure,) = run_tests(watchlist, "a")

    assert str(failure.problem).startswith("topics.yaml:6:9: test 2 expects no_match for «في سوريا»")


WORDS = st.sampled_from(
    "سوريا وسوريا السوري مصر بمصر المصرية القاهرة القوة سالم الفارس الرئيس قوات الديمقراطية قال . ، \n سـ.ـوريا".split(
        " "
    )
)


QUERIES = st.sampled_from(
    [
        "(@syria SENTENCE @egypt) OR (سوريا NEAR/3 قوات) OR ATLEAST/2(الرئيس، @leader، @sdf)",
        "source:سانا OR (@syria AND NOT @egypt)",
        "@syria AND NOT (قال AND @leader)",
        "سوريا NOTNEAR/2 قوات",
        "COUNT/2(@egypt) OR title:(@syria NOTNEAR/1 الديمقراطية)",
        "(lang:ar OR @sdf) AND @syria.leader",
        "topic:other AND NOT title:مصر",
        r"/\bسور(يا|ية)\b/ OR title:/م?صري/",
        "(/سوريا|مصر/ NEAR/2 قال) OR /ا.قو/",
        "COUNT/2(/سوري/) AND NOT /قوات|قال/",
    ]
)


@given(QUERIES, st.lists(WORDS, max_size=20), st.lists(WORDS, max_size=6), st.sampled_from(["", "سانا"]))
def test_the_cheap_looks_never_pass_over_a_match(query: str, body: list[str], title: list[str], source: str) -> None:
    watchlist = _watchlist_of(query)
    article = an_article(" ".join(body), " ".join(title), source=source)

    judged = watchlist.judge("t", watchlist.read(article), {})

    matched = [verdict.topic for verdict in watchlist.match(article) if verdict.topic == "t"]
    assert matched == ["t"] * watchlist.matches("t", judged)


@cache
def _watchlist_of(query: str) -> Watchlist:
    names = load_gazetteer([("entities.yaml", ENTITIES)])
    other = "(@syria OR سوريا) AND NOT القوة"
    return watch(names, f"topics:\n  t:\n    match: |\n      {query}\n  other:\n    match: |\n      {other}\n")
