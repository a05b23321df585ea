from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.model import Severity
from alerts.receiver import Receiver, Route
from alerts.routing.conditions import AlertFacts, known_match_key
from alerts.routing.routing import routed, takes
from processors.stories.reasons import ANY_UPDATES, Reason, Updates


def a_route(receiver: str = "", *routes: Route, go_on: bool = False, **match: str) -> Route:
    wanted = {key.replace("__", "."): tuple(globs.split()) if globs else ("",) for key, globs in match.items()}
    return Route(receiver=receiver, match=wanted, go_on=go_on, routes=routes)


def some_facts(labels: Mapping[str, str] | None = None, **changes: str) -> AlertFacts:
    facts = {"topic": "syria-egypt", "lang": "ar-EG", "source": "وكالة الأنباء"} | changes
    severity, entities = Severity(facts.pop("severity", "warning")), frozenset(facts.pop("entity", "Q79 egypt").split())
    return AlertFacts(severity=severity, labels=labels or {"desk": "levant"}, entities=entities, **facts)


@pytest.mark.parametrize(
    ("name", "root", "expected"),
    [
        ("only a root", a_route("desk"), ["desk"]),
        ("nobody at all", a_route(""), []),
        ("a child that holds", a_route("desk", a_route("duty", topic="syria-*")), ["duty"]),
        ("a child that does not", a_route("desk", a_route("duty", topic="libya-*")), ["desk"]),
        ("the first child only", a_route("desk", a_route("one", topic="*"), a_route("two", topic="*")), ["one"]),
        ("continue", a_route("desk", a_route("one", go_on=True), a_route("two"), a_route("three")), ["one", "two"]),
        ("continue and nothing else", a_route("desk", a_route("one", go_on=True), a_route("two", topic="x")), ["one"]),
        ("reached twice, told once", a_route("desk", a_route("a", go_on=True), a_route("b", a_route("a"))), ["a"]),
        ("inherits", a_route("desk", a_route("", a_route("", topic="syria-*"), topic="*")), ["desk"]),
        ("deepest wins", a_route("desk", a_route("one", a_route("two", severity="warning"))), ["two"]),
        ("parent keeps it", a_route("desk", a_route("one", a_route("two", severity="critical"))), ["one"]),
        ("a list is any of", a_route("desk", a_route("duty", severity="critical warning")), ["duty"]),
        ("keys are all of", a_route("desk", a_route("duty", severity="warning", topic="no")), ["desk"]),
        ("a label", a_route("desk", a_route("duty", labels__desk="lev*")), ["duty"]),
        ("a missing label is empty", a_route("desk", a_route("duty", labels__other="")), ["duty"]),
        ("a missing label is not a value", a_route("desk", a_route("duty", labels__other="?*")), ["desk"]),
        ("lang means its regions", a_route("desk", a_route("duty", lang="ar")), ["duty"]),
        ("lang ignores case", a_route("desk", a_route("duty", lang="AR-eg")), ["duty"]),
        ("another language", a_route("desk", a_route("duty", lang="a")), ["desk"]),
        ("a source in Arabic", a_route("desk", a_route("duty", source="وكالة*")), ["duty"]),
        ("an entity by its key", a_route("desk", a_route("duty", entity="egypt")), ["duty"]),
        ("an entity by its id", a_route("desk", a_route("duty", entity="Q79")), ["duty"]),
        ("another entity", a_route("desk", a_route("duty", entity="Q858 syria")), ["desk"]),
        ("what must not be", a_route("desk", a_route("duty", source="!وكالة*")), ["desk"]),
        ("what must not be and is not", a_route("desk", a_route("duty", source="!صحيفة*")), ["duty"]),
        ("any of some but not one", a_route("desk", a_route("duty", topic="syria-* !syria-iran")), ["duty"]),
        ("one of some that must not be", a_route("desk", a_route("duty", topic="syria-* !*-egypt")), ["desk"]),
        ("topics have a case", a_route("desk", a_route("duty", topic="Syria-*")), ["desk"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_alert_goes_where_the_tree_says(name: str, root: Route, expected: list[str]) -> None:
    assert list(routed(root, some_facts())) == expected


def test_a_receiver_gets_the_updates_that_its_routes_let_through() -> None:
    few = Updates(on=frozenset({Reason.DENIAL, Reason.SOURCES}), floor=timedelta(hours=1))
    fewer = Updates(on=frozenset({Reason.DENIAL}), sources=(5,))
    root = a_route(
        "desk",
        replace(a_route("duty", replace(a_route("one"), updates=fewer), topic="*", go_on=True), updates=few),
        a_route("one", go_on=True),
        a_route("other"),
    )

    assert {name: led.updates for name, led in routed(root, some_facts()).items()} == {
        "one": Updates(on=frozenset({Reason.DENIAL}), sources=(5,), floor=timedelta(hours=1)),
        "other": ANY_UPDATES,
    }, "a child narrows its parent; of two routes to one receiver the first counts"


@pytest.mark.parametrize(
    ("events", "event_type", "expected"),
    [
        (("alert.*",), "alert.opened", True),
        (("alert.*",), "system.heartbeat", False),
        (("system.*", "alert.opened"), "alert.opened", True),
        ((), "alert.opened", False),
    ],
)
def test_a_receiver_gets_the_events_it_asked_for(events: tuple[str, ...], event_type: str, expected: bool) -> None:
    assert takes(Receiver(name="desk", url="https://r.example", secrets=(), events=events), event_type) is expected


def test_only_keys_that_an_alert_has_may_be_matched_on() -> None:
    known = ("topic", "severity", "lang", "source", "entity", "labels.desk")
    assert all(known_match_key(key) for key in known)
    assert not any(known_match_key(key) for key in ("topics", "story", "labels", "labels.", "label.desk", ""))


def test_a_route_decides_the_language_and_the_clock_of_all_below_it_that_say_nothing() -> None:
    cairo = Route(
        locale="ar",
        timezone="Africa/Cairo",
        routes=(
            Route("desk", go_on=True),
            Route("paris", locale="fr", go_on=True),
            Route("rome", timezone="Europe/Rome"),
        ),
    )
    led = routed(Route("all", routes=(cairo,)), some_facts())

    assert {name: (each.locale, each.timezone) for name, each in led.items()} == {
        "desk": ("ar", "Africa/Cairo"),
        "paris": ("fr", "Africa/Cairo"),
        "rome": ("ar", "Europe/Rome"),
    }
    (led_to_all,) = routed(Route("all"), some_facts()).values()
    assert (led_to_all.locale, led_to_all.timezone) == ("", "")
