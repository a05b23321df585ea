import json
import re
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from alerts.ids import delivery_id
from alerts.model import Alert, Amended, Delivery, Pending, Plan, Severity, Wait
from alerts.notices.digest import Weight, build_digest
from alerts.notices.digest_line import pending_to
from alerts.notices.facts import Moments, StoryFacts, TopicFacts
from alerts.notices.payload import MAX_BODY_BYTES, build_alert
from processors.model import Article, Verdict

SCHEMA = json.loads(files("alerts").joinpath("schemas/alert.digest.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
NOW = 1_800_000_000_000
HOUR = 3_600_000


def an_alert(
    number: int,
    *,
    topic: str = "floods",
    title: str | None = None,
    severity: Severity = Severity.WARNING,
    **article: Any,
) -> Alert:
    """The alert of a story of its own."""
    values = {"url": f"https://n.example/{number}", "source": "وكالة", "lang": "ar"} | article
    return build_alert(
        name="prod",
        article=Article(id=f"n-{number}", title=f"فيضان في بلدة {number}" if title is None else title, **values),
        verdict=Verdict(topic=topic, score=1.0, evidence=()),
        topic=TopicFacts(topic, severity),
        story=StoryFacts(id=f"{number:a>26}".translate(str.maketrans("0189", "xyzw")), first_seen_ms=NOW),
        moments=Moments(admitted_ms=NOW),
    )


def scheduled(number: int, severity: Severity) -> Pending:
    """The notice of a story that waits for a digest of two stories."""
    alert = an_alert(number, severity=severity)
    plan = Plan("desk/", Wait.SCHEDULED, (), "lane", NOW, severity, top=2)
    return pending_to("desk", alert, NOW + number, NOW + number, plan=plan)


def members(count: int, receiver: str = "desk") -> list[Pending]:
    """Alerts of articles that came an hour apart, the first one the oldest."""
    begun = NOW - (100 + count) * HOUR
    return [pending_to(receiver, an_alert(each), begun + each * HOUR, NOW + each) for each in range(count)]


def data_of(digest: Delivery) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(digest.body)["data"]
    return data


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_digest_shows_each_alert_the_newest_first() -> None:
    digest = build_digest(members(3))

    VALIDATOR.validate(json.loads(digest.body))
    data = data_of(digest)
    assert (data["reason"], data["total"], data["more"]) == ("backlog", 3, 0)
    assert [each["article"]["id"] for each in data["alerts"]] == ["n-2", "n-1", "n-0"]
    assert data["alerts"][0] == {
        "id": an_alert(2).id,
        "topic": "floods",
        "severity": "warning",
        "story": an_alert(2).story,
        "appended": "2027-01-11T03:00:00.000Z",
        "article": {
            "id": "n-2", "title": "فيضان في بلدة 2", "url": "https://n.example/2", "source": "وكالة", "lang": "ar",
            "published": None,
        },
        "reason": "opened",
    }  # fmt: skip
    assert (data["from"], data["to"]) == ("2027-01-11T01:00:00.000Z", "2027-01-11T03:00:00.000Z")
    assert data["topics"] == [{"id": "floods", "alerts": 3}]


def test_what_goes_into_a_digest_keeps_the_id_of_the_delivery_that_it_replaces() -> None:
    alert = an_alert(1)

    assert pending_to("desk", alert, NOW - HOUR, NOW).id == delivery_id("desk", alert.notice)


def test_a_digest_is_its_members_whenever_and_in_whatever_order_they_are_read() -> None:
    some = members(5)

    one, other = build_digest(some), build_digest(some[::-1])

    assert one == other


def test_another_set_of_members_or_another_receiver_is_another_digest() -> None:
    some = members(5)

    digests = [build_digest(each) for each in (some, some[:4], some[1:], members(5, "duty"))]

    assert len({digest.id for digest in digests}) == 4
    assert len({digest.lane for digest in digests}) == 2, "digests of a receiver keep their order"


def test_of_a_long_backlog_the_newest_are_shown_and_all_are_counted() -> None:
    some = members(900) + [pending_to("desk", an_alert(2_000 + n, topic=f"t{n:02}"), 0, NOW) for n in range(100)]
    digest = build_digest(some)

    data = data_of(digest)
    assert len(digest.body) <= MAX_BODY_BYTES
    assert len(data["alerts"]) > 30 and len(data["alerts"]) + data["more"] == data["total"] == 1_000
    assert data["alerts"][0]["article"]["id"] == "n-899"
    assert data["topics"][:2] == [{"id": "floods", "alerts": 900}, {"id": "t00", "alerts": 1}]
    assert data["from"] == "1970-01-01T00:00:00.000Z", "of all, also of those that are not shown"


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (["فيضان", "سيول"], "تنبيهات متأخرة: 2: \u2068سيول\u2069؛ \u2068فيضان\u2069"),
        (["Flood", "Storm"], "Late alerts: 2: \u2068Storm\u2069; \u2068Flood\u2069"),
        (["Flood", "سيول"], "تنبيهات متأخرة: 2: \u2068سيول\u2069؛ \u2068Flood\u2069"),
        (["", ""], "Late alerts: 2"),
        (["x", "ط" * 199], "تنبيهات متأخرة: 2: \u2068" + "ط" * 199 + "\u2069؛ \u2068x\u2069"),
        (["long " * 30, "ط" * 199], "تنبيهات متأخرة: 2: \u2068" + "ط" * 199 + "\u2069"),
    ],
)
def test_the_line_names_the_newest_headlines_in_the_language_of_most(titles: list[str], text: str) -> None:
    some = [
        pending_to("desk", an_alert(number, title=title, body="x"), NOW + number, NOW)
        for number, title in enumerate(titles)
    ]

    assert data_of(build_digest(some))["text"] == text


def test_a_line_that_another_version_wrote_is_counted_and_not_shown() -> None:
    strange = Pending(id="evt_x", receiver="desk", notice="n", created_ms=NOW, summary=b'{"shape": "another"}')

    both, alone = build_digest([*members(1), strange]), build_digest([strange])

    assert (data_of(both)["total"], data_of(both)["more"]) == (2, 1)
    for digest in (both, alone):
        VALIDATOR.validate(json.loads(digest.body))


def test_a_correction_that_another_version_wrote_leaves_the_line_as_it_was() -> None:
    (member,) = members(1)
    strange = replace(member, amended=Amended("n", b'{"shape": "another"}'))

    assert data_of(build_digest([strange]))["alerts"] == data_of(build_digest([member]))["alerts"]


def test_corrected_or_not_each_alert_counts_once() -> None:
    some = [
        replace(each, amended=Amended(f"correction-{number}", each.summary)) if number % 2 else each
        for number, each in enumerate(members(1_000))
    ]
    data = data_of(build_digest(some))

    assert (data["total"], data["more"] + len(data["alerts"])) == (1_000, 1_000)


HOSTILE = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from('\ud800\udfff\x00\r\n\x1b\u202e\u2066"\\<>&;.،مصر😀\u0651')),
    max_size=60,
).flatmap(lambda text: st.sampled_from([1, 1, 50, 5_000]).map(lambda times: text * times))


@st.composite
def hostile_members(draw: st.DrawFn) -> list[Pending]:
    alerts = [
        an_alert(
            number,
            topic=draw(HOSTILE),
            title=draw(HOSTILE),
            body="x",
            url=draw(HOSTILE.map(lambda text: "https://n.example/" + text)),
            source=draw(HOSTILE),
            lang=draw(HOSTILE),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    times = draw(st.integers(1, 30))
    some = [
        pending_to("desk", alert, draw(st.integers(-(10**15), 10**15)), NOW) for alert in alerts for _ in range(times)
    ]
    corrections = [b'{"shape": "another"}', *(each.summary for each in some[::times])]
    chosen = [draw(st.sampled_from([None, None, *corrections])) for _ in some]
    return [
        replace(each, amended=None if line is None else Amended(f"correction-{corrections.index(line)}", line))
        for each, line in zip(some, chosen, strict=True)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile_members())
def test_whatever_articles_hold_the_body_is_small_valid_and_safe_to_show(some: list[Pending]) -> None:
    digest = build_digest(some)

    assert len(digest.body) <= MAX_BODY_BYTES
    VALIDATOR.validate(json.loads(digest.body))
    data = data_of(digest)
    assert data["alerts"], "the newest always fits"
    shown = json.dumps(data, ensure_ascii=False).replace(data["text"], "")
    assert not re.search("[\u202a-\u202e\ud800-\udfff\x00-\x1f\x7f-\x9f]", data["text"] + shown)
    assert data["text"].count("\u2068") == data["text"].count("\u2069")


def test_many_sources_push_no_critical_story_out_of_a_scheduled_digest() -> None:
    waiting = [scheduled(number, Severity.CRITICAL if number == 0 else Severity.WARNING) for number in range(4)]
    stories = [json.loads(each.summary)["story"] for each in waiting]
    weights = {story: Weight(articles=10 * number, sources=number) for number, story in enumerate(stories)}

    data = data_of(build_digest(waiting, weights))

    assert [each["story"] for each in data["alerts"]] == [stories[0], stories[3]]
    assert (data["total"], data["more"]) == (4, 2)
