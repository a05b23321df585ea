import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from alerts.notices.system_event import SystemEvent, deliveries_of, kafka_reset, receiver_disabled
from alerts.receiver import Receiver

AT = 1_800_000_000_000

EVENTS = [
    pytest.param(kafka_reset("prod", "articles/3", 120, 300, "retention"), id="retention"),
    pytest.param(kafka_reset("prod", "articles/3", 120, 0, "recreated"), id="recreated"),
    pytest.param(kafka_reset("prod", "\u202e" + "م" * 5_000, 120, 300, "retention"), id="a long and hostile name"),
    pytest.param(receiver_disabled("desk", "gone", "evt_a"), id="receiver"),
    pytest.param(receiver_disabled("desk", "failing", "1800000000000"), id="failing"),
]


def a_receiver(name: str, *events: str) -> Receiver:
    return Receiver(name=name, url="https://r.example/", secrets=(), events=events or ("alert.*",))


def validator(event_type: str) -> Draft202012Validator:
    schema = json.loads(files("alerts").joinpath(f"schemas/{event_type}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("event", EVENTS)
def test_what_is_sent_has_the_shape_that_is_promised(event: SystemEvent) -> None:
    (delivery,) = deliveries_of(event, [a_receiver("ops", "system.*")], AT)

    body = json.loads(delivery.body)
    validator(event.type).validate(body)
    assert (body["type"], delivery.type, body["timestamp"]) == (event.type, event.type, "2027-01-15T08:00:00.000Z")


def test_only_receivers_that_ask_for_system_events_get_them() -> None:
    receivers = [a_receiver("desk"), a_receiver("ops", "alert.*", "system.*"), a_receiver("all", "*")]

    told = deliveries_of(kafka_reset("prod", "p", 1, 5, "retention"), receivers, AT)

    assert [each.receiver for each in told] == ["ops", "all"]
    assert len({each.id for each in told}) == 2


def test_the_same_event_has_the_same_id_whenever_it_is_said() -> None:
    ops = [a_receiver("ops", "system.*")]
    event = kafka_reset("prod", "p", 1, 5, "retention")

    (first,), (again,) = deliveries_of(event, ops, AT), deliveries_of(event, ops, AT + 60_000)

    assert first.id == again.id


@pytest.mark.parametrize(
    "other",
    [
        kafka_reset("test", "p", 1, 5, "retention"),
        kafka_reset("prod", "q", 1, 5, "retention"),
        kafka_reset("prod", "p", 5, 9, "retention"),
        kafka_reset("prod", "p", 1, 5, "recreated"),
        receiver_disabled("p", "gone", "evt_a"),
    ],
)
def test_another_event_has_another_id(other: SystemEvent) -> None:
    ops = [a_receiver("ops", "system.*")]
    event = kafka_reset("prod", "p", 1, 5, "retention")

    assert deliveries_of(event, ops, AT)[0].id != deliveries_of(other, ops, AT)[0].id


def test_events_of_one_receiver_share_a_lane_and_so_keep_their_order() -> None:
    ops = [a_receiver("ops", "system.*")]
    events = kafka_reset("prod", "p", 1, 5, "retention"), receiver_disabled("desk", "gone", "evt_a")
    lanes = {deliveries_of(event, ops, AT)[0].lane for event in events}

    assert len(lanes) == 1


def test_the_line_says_what_is_gone() -> None:
    event = kafka_reset("prod", "articles/3", 120, 300, "retention")

    assert event.data["lost"] == 180
    assert event.text == "articles/3: 180 records from 120 on are gone before they were read (retention)"
