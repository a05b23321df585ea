import json
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from alerts.model import Alert, Severity
from alerts.notices.facts import Coverage, EntityNames, Moments, Outlet, StoryFacts, TopicFacts
from alerts.notices.payload import MAX_BODY_BYTES, build_alert, delivery_to, encode
from processors.model import Article, Evidence, Verdict
from processors.normalize.text import read_text

SCHEMA = json.loads(files("alerts").joinpath("schemas/alert.opened.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)
STORY = StoryFacts(id="a" * 26, first_seen_ms=NOON_MS, outlets=(Outlet("وكالة", "https://n.example/1"),))


def an_article(**changes: Any) -> Article:
    values: dict[str, Any] = {
        "id": "n-1",
        "url": "https://n.example/1",
        "title": "وفد سوري في القاهرة",
        "body": "وصل الوفد أمس. زار الرئيس السوري القاهرة، والتقى نظيره. ثم عاد.",
        "source": "وكالة",
        "lang": "ar",
        "published_at": NOON - timedelta(minutes=2),
    }
    return Article(**(values | changes))


def some_evidence(article: Article, *words: str, field: str = "body", **changes: Any) -> tuple[Evidence, ...]:
    text = article.body if field == "body" else article.title
    found = [(word, text.index(word)) for word in words]
    return tuple(
        Evidence(clause=word, field=field, start=at, end=at + len(word), text=word, level="folded", **changes)
        for word, at in found
    )


def an_alert(article: Article, *evidence: Evidence, topic: TopicFacts | None = None, **changes: Any) -> Alert:
    values: dict[str, Any] = {"story": STORY, "moments": Moments(admitted_ms=NOON_MS)}
    topic = topic or TopicFacts("syria-egypt", Severity.WARNING, {"desk": "levant"}, {"ar": "العلاقات"})
    verdict = Verdict(topic=topic.id, score=3.0, evidence=evidence)
    return build_alert(name="prod", article=article, verdict=verdict, topic=topic, **(values | changes))


def highlighted(alert: Alert) -> list[str]:
    return [
        item["quote"][mark["start"] : mark["end"]] for item in alert.data["evidence"] for mark in item["highlights"]
    ]


def quotes_of(alert: Alert) -> list[str]:
    return [item["quote"] for item in alert.data["evidence"]]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_evidence_is_the_sentence_with_its_words_marked() -> None:
    article = an_article()
    alert = an_alert(article, *some_evidence(article, "السوري", "القاهرة"))

    assert quotes_of(alert) == ["زار الرئيس السوري القاهرة، والتقى نظيره."]
    assert highlighted(alert) == ["السوري", "القاهرة"]


@pytest.mark.parametrize(
    ("name", "body", "word", "quote", "shown"),
    [
        ("markup", "<p>قبل</p><p>زار <b>السوري</b>\n دمشق.</p>", "السوري", "زار السوري دمشق.", "السوري"),
        ("an entity before", "قال &laquo;نعم&raquo; السوري.", "السوري", "قال «نعم» السوري.", "السوري"),
        ("an entity inside", "شركة AT&amp;T هنا", "AT&amp;T", "شركة AT&T هنا", "AT&T"),
        ("markup inside", "زار الرئيس <i>السو</i>ري أمس", "السو</i>ري", "زار الرئيس السوري أمس", "السوري"),
        ("broken by a dot", "زار وفد حمـ.ـاس أمس. ثم", "حمـ.ـاس", "زار وفد حمـ.ـاس أمس.", "حمـ.ـاس"),
        ("a title before a name", "قال د. سالم السوري اليوم. ثم", "السوري", "قال د. سالم السوري اليوم.", "السوري"),
        ("a decimal", "نحو 2.5 مليون سوري. ثم", "سوري", "نحو 2.5 مليون سوري.", "سوري"),
        ("a question", "هل جاء؟ نعم، السوري هنا! ثم", "السوري", "نعم، السوري هنا!", "السوري"),
        ("a direction override", "زار \u202eالسوري\u202c أمس", "السوري", "زار السوري أمس", "السوري"),
        ("tabs and controls", "زار\t\x00السوري \x1b أمس", "السوري", "زار السوري أمس", "السوري"),
        ("less than is no markup", "إذا 3 < 5 السوري > 2", "السوري", "إذا 3 < 5 السوري > 2", "السوري"),
        (
            "English",
            'He left. The Syrian minister said "yes." Then',
            "Syrian",
            'The Syrian minister said "yes."',
            "Syrian",
        ),
    ],
)
def test_a_quote_is_readable_and_its_marks_still_fit(name: str, body: str, word: str, quote: str, shown: str) -> None:
    article = an_article(body=body)
    alert = an_alert(article, *some_evidence(article, word))

    assert (quotes_of(alert), highlighted(alert)) == ([quote], [shown])


@pytest.mark.parametrize(
    "body",
    [
        "He left. Mr. Smith met the Syrian minister. Then he left.",
        "غادر الوفد.زار السوري دمشق.ثم عاد",
        "قبل</td><td>زار السوري دمشق</td><td>ثم عاد",
        "<script>var a = 'قال. السوري';</script>زار السوري <!-- لا. -->دمشق. ثم عاد",
        "زار السوريُّ دمشقَ",
        "«زار السوري دمشق.» ثم عاد",
    ],
)
def test_the_quote_is_the_sentence_that_was_matched(body: str) -> None:
    word = "Syrian" if "Syrian" in body else "السوري"
    at = body.rindex(word)
    text = read_text(body)
    sentence = text.sentences[text.sentence_of(text.position(at))]
    evidence = Evidence(clause=word, field="body", start=at, end=at + len(word), text=word, level="folded")
    alert = an_alert(an_article(body=body), evidence)

    (quote,) = quotes_of(alert)
    matched = " ".join(text.plain[sentence.start : sentence.end].split())
    assert read_text(quote, html=False).plain.strip("«»") == matched.strip("«»")
    assert highlighted(alert) == [word]


def test_a_quote_keeps_its_vowel_marks_and_lengthened_letters() -> None:
    article = an_article(body="جاء. زارَ الســوريُّ دمشقَ\nثم")
    alert = an_alert(article, *some_evidence(article, "الســوريُّ"))

    assert (quotes_of(alert), highlighted(alert)) == (["زارَ الســوريُّ دمشقَ"], ["الســوريُّ"])


def test_a_sentence_deep_in_a_long_article_is_quoted_like_any_other() -> None:
    article = an_article(body="<p>كلام كثير قيل هنا. " * 5_000 + "<p>Mr. زار <b>السوري</b> دمشق.</p> ثم عاد")
    alert = an_alert(article, *some_evidence(article, "السوري"))

    assert (quotes_of(alert), highlighted(alert)) == (["Mr. زار السوري دمشق."], ["السوري"])


def test_a_long_sentence_is_cut_around_its_evidence() -> None:
    article = an_article(body="كلام كثير " * 150 + "السوري " + "ثم كلام " * 150)
    alert = an_alert(article, *some_evidence(article, "السوري"))

    (quote,) = quotes_of(alert)
    assert highlighted(alert) == ["السوري"]
    assert len(quote) <= 400 and quote.startswith("…") and quote.endswith("…")


def test_a_title_is_one_sentence() -> None:
    article = an_article(title="القاهرة.. وفد سوري! يصل")
    alert = an_alert(article, *some_evidence(article, "سوري", field="title"))

    assert quotes_of(alert) == [article.title]


def test_an_entity_has_its_names_and_its_role() -> None:
    article = an_article()
    evidence = some_evidence(article, "الرئيس", entity="Q1", via="Q858.leader", plain="الرئيس", repaired=True)
    alert = an_alert(article, *evidence, entities={"Q1": EntityNames("أحمد", "Ahmad")})

    (mark,) = alert.data["evidence"][0]["highlights"]
    assert mark["entity"] == {"id": "Q1", "arabic": "أحمد", "latin": "Ahmad", "role": "leader"}
    assert (mark["via"], mark["plain"], mark["repaired"]) == ("Q858.leader", "الرئيس", True)


@pytest.mark.parametrize(
    ("published", "age", "late"),
    [
        (None, None, False),
        (NOON - timedelta(minutes=5), 300, False),
        (NOON - timedelta(hours=2), 7200, True),
        (NOON + timedelta(hours=2), 0, False),
        (datetime.max.replace(tzinfo=UTC), 0, False),
    ],
)
def test_age_is_known_where_the_source_says_when(published: datetime | None, age: int | None, late: bool) -> None:
    article = an_alert(an_article(published_at=published)).data["article"]

    assert (article["age"], article["late"]) == (age, late)


def test_the_story_tells_reports_from_outlets_and_who_of_the_watched_ones_is_silent() -> None:
    story = StoryFacts(
        id="a" * 26,
        first_seen_ms=NOON_MS,
        articles=5,
        sources=2,
        carriers=4,
        outlets=(Outlet("سانا", "https://n.example/1", "sana"), Outlet("المرفأ", "", "sana")),
        coverage=(Coverage("دمشق", ("سانا",), ("تشرين",)),),
    )

    shown = an_alert(an_article(), story=story).data["story"]

    assert (shown["articles"], shown["outlets"], shown["independent_sources"]) == (5, 4, 2)
    assert [outlet["origin"] for outlet in shown["top_outlets"]] == ["sana", "sana"]
    assert shown["coverage"] == [{"group": "دمشق", "carrying": ["سانا"], "silent": ["تشرين"]}]


def test_latency_names_each_step() -> None:
    moments = Moments(admitted_ms=NOON_MS, matched_ms=NOON_MS - 3, appended_ms=NOON_MS - 13)

    assert an_alert(an_article(), moments=moments).data["latency"] == {
        "published_to_appended": 119_987,
        "appended_to_matched": 10,
        "matched_to_admitted": 3,
        "total": 120_000,
    }


def test_the_line_keeps_each_part_in_its_own_direction() -> None:
    text = an_alert(an_article(title="Rida \u202eevil\u2066 in القاهرة\u200f")).data["text"]

    assert text == "\u2068العلاقات\u2069: \u2068Rida evil in القاهرة\u2069 (\u2068وكالة\u2069)"


def test_the_line_of_an_article_without_a_title_is_its_first_sentence() -> None:
    text = an_alert(an_article(title="", body="<p>وصل الوفد أمس. ثم عاد.</p>")).data["text"]

    assert "\u2068وصل الوفد أمس.\u2069" in text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://n.example/a b", "https://n.example/\r\n", "x" * 9, ""])
def test_a_link_that_a_browser_must_not_open_is_left_out(url: str) -> None:
    assert an_alert(an_article(url=url)).data["article"]["url"] is None


def test_the_same_facts_give_the_same_bytes_whatever_the_order_of_labels() -> None:
    one = an_alert(an_article(), topic=TopicFacts("t", labels={"a": "1", "b": "2"}))
    two = an_alert(an_article(), topic=TopicFacts("t", labels={"b": "2", "a": "1"}))

    assert encode(one, NOON_MS) == encode(two, NOON_MS)


def test_two_topics_of_one_article_are_two_alerts_and_two_receivers_two_deliveries() -> None:
    one, two = (an_alert(an_article(), topic=TopicFacts(topic)) for topic in ("one", "two"))
    deliveries = [delivery_to(name, alert, b"{}", NOON_MS) for alert in (one, two) for name in ("desk", "duty")]

    assert len({each.id for each in deliveries}) == 4
    assert len({each.lane for each in deliveries}) == 2, "a lane is a receiver and a story"


HOSTILE = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from('\ud800\udfff\x00\r\n\x1b\u202e\u2066"\\<>&;.،مصر😀\u0651')),
    max_size=60,
).flatmap(lambda text: st.sampled_from([1, 1, 50, 5_000]).map(lambda times: text * times))


@st.composite
def hostile_alerts(draw: st.DrawFn) -> Alert:
    article = Article(
        id=draw(HOSTILE) or "x",
        url=draw(st.one_of(HOSTILE, HOSTILE.map(lambda text: "https://n.example/" + text))),
        title=draw(HOSTILE),
        body=draw(HOSTILE),
        source=draw(HOSTILE),
        lang=draw(HOSTILE),
        published_at=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
    )
    places = st.tuples(st.sampled_from(["title", "body", "source"]), st.integers(0, 400), st.integers(0, 30))
    evidence = [
        Evidence(
            clause=draw(HOSTILE), field=field, start=start, end=start + length, text=draw(HOSTILE), level="folded",
            entity=draw(HOSTILE), via=draw(HOSTILE), support=draw(HOSTILE), plain=draw(HOSTILE),
        )
        for field, start, length in draw(st.lists(places, max_size=25))
    ]  # fmt: skip
    texts = st.dictionaries(HOSTILE, HOSTILE, max_size=40)
    topic = TopicFacts(draw(HOSTILE), labels=draw(texts), titles=draw(texts))
    outlets = tuple(Outlet(draw(HOSTILE), "https://n.example/" + "u" * 1900) for _ in range(draw(st.integers(0, 12))))
    story = StoryFacts(id="a" * 26, first_seen_ms=draw(st.integers(-(10**15), 10**15)), outlets=outlets)
    return an_alert(article, *evidence, topic=topic, story=story, links=draw(texts))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile_alerts())
def test_whatever_an_article_holds_the_body_is_small_valid_and_safe_to_show(alert: Alert) -> None:
    body = encode(alert, NOON_MS)

    assert len(body) <= MAX_BODY_BYTES
    VALIDATOR.validate(json.loads(body))
    shown = json.dumps(alert.data, ensure_ascii=False).replace(alert.data["text"], "")
    assert not re.search("[\u202a-\u202e\ud800-\udfff\x00-\x1f\x7f-\x9f]", json.loads(body)["data"]["text"] + shown)
    assert len(alert.data["text"]) <= 240
    assert alert.data["text"].count("\u2068") == alert.data["text"].count("\u2069")
    for item in alert.data["evidence"]:
        for mark in item["highlights"]:
            assert 0 <= mark["start"] <= mark["end"] <= len(item["quote"])


def test_a_body_at_its_largest_is_trimmed_from_the_least_telling_end() -> None:
    article = an_article(body="قالت مصر إن السوري وصل. " * 400, source="و" * 300)
    places = [match.start() for match in re.finditer("السوري", article.body)]
    evidence = [
        Evidence(clause="ع" * 300, field="body", start=at, end=at + 6, text="", level="folded", support="س" * 300)
        for at in places
    ]
    topic = TopicFacts("t", labels={f"k{number}" * 40: "ق" * 300 for number in range(30)})

    alert = an_alert(article, *evidence, topic=topic)

    assert len(encode(alert, NOON_MS)) <= MAX_BODY_BYTES
    assert alert.data["trimmed"] and len(alert.data["evidence"]) == 3
    assert alert.data["evidence"][0]["quote"] == "قالت مصر إن السوري وصل."
