"""The checker itself: a good ledger passes, and each defect planted into it is found, as what it is."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.faults.articles import Expected
from tests.faults.check import Defect, Kind, check
from tests.faults.ledger import Ledger, Receipt, read_receipts
from tests.faults.recovery import recovery_seconds

SECRET = "whsec_" + "A" * 43 + "="
AT = 1_800_000_000.0
OPENERS = ["https://one.example/1", "https://one.example/2", "https://one.example/3"]

EXPECTED = [
    Expected("first-marker", story=1, step=0, opener=OPENERS[0]),
    Expected("second-marker", story=2, step=0, opener=OPENERS[1]),
    Expected("second-marker", story=1, step=1, opener=OPENERS[2]),
]


def receipt(
    number: int, *, at: float = 0.0, status: int = 204, name: str = "", url: str = "", story: str = ""
) -> Receipt:
    """What the receiver writes down of the alert ``EXPECTED[number]``."""
    alert = EXPECTED[number]
    data = {
        "alert": {"topics": [{"id": alert.topic}]},
        "story": {"id": story or f"story-{alert.story}"},
        "article": {"url": url or alert.opener},
    }
    return sign(
        Receipt("desk", AT + at, status, {"webhook-id": name or f"evt_{number}"}, json.dumps({"data": data}).encode())
    )


def sign(unsigned: Receipt) -> Receipt:
    moment = datetime.fromtimestamp(int(unsigned.at), UTC)
    signature = Webhook(SECRET).sign(unsigned.id, moment, unsigned.body.decode())
    headers = {**unsigned.headers, "webhook-timestamp": str(int(unsigned.at)), "webhook-signature": signature}
    return replace(unsigned, headers=headers)


def good_ledger() -> list[Receipt]:
    """Three alerts; the first was refused once and came again."""
    return [receipt(0, status=503), receipt(1, at=1), receipt(0, at=2), receipt(2, at=3)]


def found(receipts: Sequence[Receipt]) -> list[Kind]:
    return [defect.kind for defect in check(EXPECTED, receipts, SECRET)]


def test_a_good_ledger_has_no_defect() -> None:
    assert check(EXPECTED, good_ledger(), SECRET) == []


def missing_alert(ledger: list[Receipt]) -> list[Receipt]:
    return [each for each in ledger if each.id != "evt_1"]


def never_accepted(ledger: list[Receipt]) -> list[Receipt]:
    return [replace(each, status=503) if each.id == "evt_1" else each for each in ledger]


def answer_never_sent(ledger: list[Receipt]) -> list[Receipt]:
    return [replace(each, status=0) if each.id == "evt_1" else each for each in ledger]


def body_drift(ledger: list[Receipt]) -> list[Receipt]:
    repeat = replace(ledger[2], body=ledger[2].body.replace(b'"data"', b' "data"'))
    return [*ledger[:2], sign(repeat), ledger[3]]


def second_id(ledger: list[Receipt]) -> list[Receipt]:
    return [*ledger, receipt(1, at=4, name="evt_other")]


def shared_id(ledger: list[Receipt]) -> list[Receipt]:
    return [receipt(0), receipt(1, at=1), receipt(2, at=2, name="evt_1")]


def bad_signature(ledger: list[Receipt]) -> list[Receipt]:
    headers = {**ledger[1].headers, "webhook-signature": "v1," + "A" * 43 + "="}
    return [ledger[0], replace(ledger[1], headers=headers), *ledger[2:]]


def no_signature(ledger: list[Receipt]) -> list[Receipt]:
    return [ledger[0], replace(ledger[1], headers={"webhook-id": "evt_1"}), *ledger[2:]]


def stale_signature(ledger: list[Receipt]) -> list[Receipt]:
    return [ledger[0], replace(ledger[1], at=AT + 1000), *ledger[2:]]


def order_swap(ledger: list[Receipt]) -> list[Receipt]:
    return [ledger[3], *ledger[:3]]


def copy_alerted(ledger: list[Receipt]) -> list[Receipt]:
    return [*ledger, receipt(1, at=4, name="evt_copy", url="https://one.example/copy")]


def garbage(ledger: list[Receipt]) -> list[Receipt]:
    return [*ledger, sign(replace(ledger[0], headers={"webhook-id": "evt_x"}, body=b"[]"))]


@pytest.mark.parametrize(
    ("plant", "kinds"),
    [
        (missing_alert, {Kind.LOST}),
        (never_accepted, {Kind.LOST}),
        (answer_never_sent, {Kind.LOST}),
        (body_drift, {Kind.BODY_DRIFT}),
        (second_id, {Kind.SECOND_ID}),
        (shared_id, {Kind.SHARED_ID, Kind.BODY_DRIFT}),
        (bad_signature, {Kind.BAD_SIGNATURE}),
        (no_signature, {Kind.BAD_SIGNATURE}),
        (stale_signature, {Kind.BAD_SIGNATURE}),
        (order_swap, {Kind.ORDER}),
        (copy_alerted, {Kind.UNEXPECTED, Kind.SECOND_ID}),
        (garbage, {Kind.UNREADABLE}),
    ],
)
def test_a_planted_defect_is_found(plant: Callable[[list[Receipt]], list[Receipt]], kinds: set[Kind]) -> None:
    assert set(found(plant(good_ledger()))) == kinds


def test_every_defect_is_told_not_only_the_first() -> None:
    assert found([]) == [Kind.LOST] * len(EXPECTED)


def test_a_defect_names_what_it_is_about() -> None:
    assert check(EXPECTED[:1], [], SECRET) == [Defect(Kind.LOST, f"first-marker of {OPENERS[0]}")]


def test_recovery_is_from_a_restart_to_the_next_arrival_before_another() -> None:
    receipts = [receipt(0, at=1), receipt(1, at=2.5), receipt(2, at=9)]

    seconds = recovery_seconds([AT + 2, AT + 5, AT + 8], receipts)

    assert seconds == [0.5, 1.0]


def test_a_receipt_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = [receipt(0), replace(receipt(1), body=b"\x00\xff")]
    ledger = Ledger(tmp_path / "ledger")
    for each in written:
        ledger.write(each)
    ledger.close()

    assert read_receipts(tmp_path / "ledger") == written
