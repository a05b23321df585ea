"""What is new, on the wire and in a line of text."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from alerts.ids import alert_id, notice_id
from alerts.model import Alert
from alerts.notices.delta import notice_of_news
from alerts.notices.facts import EntityNames, Moments, StoryFacts, TopicFacts
from alerts.notices.payload import MAX_BODY_BYTES, TEXT_CHARS, build_alert, encode
from processors.model import Article, Evidence, Verdict
from processors.stories.news import News
from processors.stories.reasons import CORRECTIONS, Reason
from processors.stories.rows import Change, Outlet
from processors.stories.story import MAX_LANGUAGES, MAX_OUTLETS

NAMES = {"Q79": EntityNames("مصر", "Egypt"), "Q858": EntityNames("سوريا", "Syria"), "Q1": EntityNames("", "Person")}
STORY = "a" * 26
VALIDATORS = {
    type_: Draft202012Validator(json.loads(files("alerts").joinpath(f"schemas/{type_}.json").read_text("utf-8")))
    for type_ in ("alert.updated", "alert.corrected")
}


def some_news(*reasons: tuple[Reason, str], **changes: Any) -> News:
    values: dict[str, Any] = {
        "reasons": reasons,
        "keys": tuple((reason.value, about) for reason, about in reasons),
        "sources": (1, 3),
        "outlets": (),
        "languages": (),
        "named": tuple(about for reason, about in reasons if reason in (Reason.COUNTRY, Reason.ENTITY)),
        "changes": (),
    }
    return News(**(values | changes))


def an_update(news: News, *, arabic: bool = False, article: Article | None = None, **facts: Any) -> Alert:
    notice = notice_of_news(
        news,
        number=2,
        previous="b" * 26,
        entities=facts.pop("entities", NAMES),
        is_country=lambda entity: entity in ("Q79", "Q858"),
        arabic=arabic,
    )
    return build_alert(
        name="prod",
        article=article or Article(id="n", title="Flood", source="Desk"),
        verdict=facts.pop("verdict", Verdict(topic="floods", score=1.0, evidence=())),
        topic=TopicFacts("floods", titles={"en": "Floods", "ar": "فيضانات"}),
        story=StoryFacts(id=STORY, first_seen_ms=0),
        moments=Moments(admitted_ms=0),
        notice=notice,
        **facts,
    )


@pytest.mark.parametrize("type_", VALIDATORS)
def test_the_schema_is_a_schema(type_: str) -> None:
    Draft202012Validator.check_schema(VALIDATORS[type_].schema)


@pytest.mark.parametrize(
    ("reasons", "english", "arabic"),
    [
        ([(Reason.SOURCES, "10")], "\u206810\u2069 independent sources", "عدد المصادر المستقلة \u206810\u2069"),
        ([(Reason.COUNTRY, "Q79")], "also \u2068Egypt\u2069", "ورد أيضاً \u2068مصر\u2069"),
        ([(Reason.ENTITY, "Q1")], "also \u2068Person\u2069", "ورد أيضاً \u2068Person\u2069"),
        ([(Reason.LANGUAGE, "tr")], "now in \u2068Turkish\u2069", "بلغة أخرى: \u2068التركية\u2069"),
        ([(Reason.LANGUAGE, "xyz")], "now in \u2068xyz\u2069", "بلغة أخرى: \u2068xyz\u2069"),
        (
            [(Reason.DENIAL, ""), (Reason.SOURCES, "3")],
            "denied; \u20683\u2069",
            "نفي؛ عدد المصادر المستقلة \u20683\u2069",
        ),
        ([(Reason.RETRACTION, "")], "corrected", "تصحيح"),
        ([(Reason.FIGURES, "")], "figures changed", "تغيرت الأرقام"),
    ],
)
def test_the_line_says_what_is_new(reasons: list[tuple[Reason, str]], english: str, arabic: str) -> None:
    news = some_news(*reasons)

    assert (
        f"\u2068Floods\u2069: {english}" in an_update(news, article=Article(id="n", title="F", lang="en")).data["text"]
    )
    assert arabic in an_update(news, arabic=True).data["text"]


def test_another_figure_is_told_with_the_one_before_without_an_arrow() -> None:
    news = some_news((Reason.FIGURES, ""), changes=(Change("edit:1", ("figures",), "n", ("7 dead",), ("9 dead",)),))

    update = an_update(news)
    assert "from \u20687 dead\u2069 to \u20689 dead\u2069: \u2068Flood\u2069" in update.data["text"]
    assert update.data["delta"]["figures"] == {"was": ["7 dead"], "now": ["9 dead"]}
    assert update.data["delta"]["edited"] == ["n"]


def test_one_thing_to_say_has_the_id_that_the_protocol_gives_it_several_have_one_of_their_own() -> None:
    alert = alert_id("prod", "floods", STORY)
    ten, both = some_news((Reason.SOURCES, "10")), some_news((Reason.SOURCES, "10"), (Reason.COUNTRY, "Q79"))

    assert an_update(ten).notice == notice_id(alert, "sources", "10")
    assert an_update(both).notice not in (an_update(ten).notice, notice_id(alert, "country", "Q79"))


def test_the_most_telling_reason_leads_and_a_correction_has_a_type_of_its_own() -> None:
    news = some_news((Reason.DENIAL, ""), (Reason.LANGUAGE, "tr"))

    update = an_update(news)
    assert (update.type, update.data["alert"]["reason"]) == ("alert.corrected", "denial")
    assert [each["reason"] for each in update.data["delta"]["reasons"]] == ["denial", "language"]
    assert an_update(some_news((Reason.LANGUAGE, "tr"))).type == "alert.updated"


HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from('\ud800\x00\r\n\u202e\u2066"\\<&مصر😀\u0651')), max_size=40
).flatmap(lambda text: st.sampled_from([1, 20, 2_000]).map(lambda times: text * times))
CHANGES = st.builds(
    Change, HOSTILE, st.just(("figures",)), HOSTILE, st.tuples(HOSTILE, HOSTILE), st.tuples(HOSTILE, HOSTILE)
)
REASONS = st.lists(st.tuples(st.sampled_from(list(Reason)), HOSTILE), min_size=1, max_size=60, unique=True)


@st.composite
def hostile_updates(draw: st.DrawFn) -> Alert:
    reasons = sorted(draw(REASONS), key=lambda each: list(Reason).index(each[0]))
    outlet = st.builds(Outlet, HOSTILE, HOSTILE.map(lambda text: "https://n.example/" + text), HOSTILE)
    named = draw(st.lists(st.one_of(HOSTILE, st.sampled_from(["Q79", "Q858"])), max_size=40, unique=True))
    news = some_news(
        *reasons,
        outlets=tuple(draw(st.lists(outlet, max_size=MAX_OUTLETS))),
        languages=tuple(draw(st.lists(st.sampled_from(["ar", "tr", "ckb"]), max_size=MAX_LANGUAGES))),
        named=tuple(named),
        changes=tuple(draw(st.lists(CHANGES, max_size=12))),
    )
    title = draw(HOSTILE)
    evidence = tuple(
        Evidence(clause="ع" * 200, field="title", start=at, end=at + 1, text="", level="folded", support="س" * 200)
        for at in range(min(len(title), 40))
    )
    return an_update(
        news,
        arabic=draw(st.booleans()),
        article=Article(id="n", title=title, body=draw(HOSTILE), source=draw(HOSTILE)),
        verdict=Verdict(topic="floods", score=1.0, evidence=evidence),
        entities={entity: EntityNames(draw(HOSTILE), draw(HOSTILE)) for entity in named},
    )


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile_updates())
def test_whatever_is_new_the_body_is_small_valid_and_safe_to_show(update: Alert) -> None:
    body = encode(update, 0)

    assert len(body) <= MAX_BODY_BYTES
    VALIDATORS[update.type].validate(json.loads(body))
    assert (update.type == "alert.corrected") == (Reason(update.data["alert"]["reason"]) in CORRECTIONS)
    text = update.data["text"]
    assert len(text) <= TEXT_CHARS and text.count("\u2068") == text.count("\u2069")
    assert not set(json.dumps(update.data, ensure_ascii=False).replace("\u2068", "").replace("\u2069", "")) & set(
        "\u202e\ud800\u2066"
    )
