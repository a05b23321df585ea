import re

from alerts.ids import alert_id, delivery_id, digest_notice, event_notice, lane_id, notice_id

# Written down: a change of these would send every open story again.
FIXED = [
    "j2ljwzdfgqeeq5aiijsfdwwlna",
    "kxtdwvyypyacp73yheyqotgdli",
    "evt_ir5fzknjkktezmfvofm3ttkbd4",
    "zecrulijdzeqnyow25b4etmxpq",
]


def test_ids_are_the_same_on_every_machine() -> None:
    alert = alert_id("prod", "syria-egypt-relations", "s" * 26)
    notice = notice_id(alert, "opened")

    assert alert == alert_id("prod", "syria-egypt-relations", "s" * 26)
    assert [alert, notice, delivery_id("desk", notice), lane_id("desk", "s" * 26)] == FIXED


def test_a_webhook_id_is_safe_in_a_header_whatever_the_names_are() -> None:
    hostile = "مكتب\r\nx: y.\ud800"

    assert re.fullmatch(r"evt_[a-z2-7]{26}", delivery_id(hostile, notice_id(alert_id(hostile, "t", "s"), "opened")))


def test_different_things_never_share_an_id() -> None:
    ids = {
        alert_id("a", "b", "c"),
        alert_id("ab", "", "c"),
        notice_id("a", "b", "c"),
        notice_id("a", "b"),
        lane_id("a", "b"),
        lane_id("b", "a"),
        delivery_id("a", "b").removeprefix("evt_"),
        delivery_id("a", "c").removeprefix("evt_"),
        digest_notice("a", ["b", "c"]),
        digest_notice("a", ["b"]),
        digest_notice("b", ["b", "c"]),
        event_notice("a", "b", "c"),
        event_notice("a", "b"),
    }

    assert len(ids) == 13


def test_a_digest_is_what_is_in_it_in_whatever_order() -> None:
    assert digest_notice("backlog", ["a", "b"]) == digest_notice("backlog", ["b", "a"])
