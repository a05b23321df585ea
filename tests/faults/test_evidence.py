"""What the checker says of positions, dead letters, secrets and lost stores: right ones pass, each defect is found."""

import pytest

from tests.faults.check import Defect, Kind, Loss, check
from tests.faults.evidence import (
    POSTS_PER_FAULT,
    DeadLetter,
    extra_posts,
    leaked,
    too_many_posts,
    unfinished,
    wrong_dead_letters,
)
from tests.faults.kafka_faults import Fault, plan
from tests.faults.kafka_reading import Position
from tests.faults.ledger import Published, Receipt
from tests.faults.proxy import Toxic
from tests.faults.recovery import Arrivals
from tests.faults.test_check import AT, EXPECTED, OPENERS, SECRET, good_ledger, receipt

EMPTY = {"outbox": {"ready": 0, "oldest_ms": 0, "dead": 0}}
COPY = "https://one.example/9"


def published(number: int, at: float) -> Published:
    alert = EXPECTED[number]
    return Published(AT + at, number % 2, number, alert.opener, alert.story, (alert.topic,), alert, "")


LEDGER = [
    published(0, -3),
    published(1, -2),
    published(2, -1),
    Published(AT - 0.5, 0, 9, COPY, 2, ("second-marker",), None, ""),
    Published(AT, 1, 7, "", 0, (), None, "nested"),
]


@pytest.mark.parametrize(
    ("positions", "status", "wrong"),
    [
        ([Position(0, 5, 5, 5)], EMPTY, 0),
        ([Position(0, 5, 4, 4)], EMPTY, 1),
        ([Position(0, 5, 5, 4)], EMPTY, 1),
        ([Position(0, 5, 5, 5), Position(1, 5, -1, -1)], EMPTY, 1),
        ([Position(0, 5, 5, 5)], {"outbox": {"ready": 1, "dead": 0}}, 1),
        ([Position(0, 5, 5, 5)], {"outbox": {"ready": 0, "dead": 2}}, 1),
        ([Position(0, 5, 5, 5)], None, 1),
    ],
)
def test_what_is_unfinished_is_found(positions: list[Position], status: dict[str, object] | None, wrong: int) -> None:
    assert len(unfinished(positions, status)) == wrong


RIGHT = DeadLetter("news/1/7", "nested")


@pytest.mark.parametrize(
    ("letters", "repeats", "wrong"),
    [
        ([RIGHT], 0, ""),
        ([RIGHT, RIGHT], 1, ""),
        ([RIGHT, RIGHT], 0, "written again"),
        ([], 0, "no dead letter"),
        ([DeadLetter("news/1/7", "oversize")], 0, "not as nested"),
        ([RIGHT, DeadLetter("news/0/0", "nested")], 0, "nobody planted"),
    ],
)
def test_the_dead_letters_are_those_that_were_planted(letters: list[DeadLetter], repeats: int, wrong: str) -> None:
    found = wrong_dead_letters("news", LEDGER, letters, repeats=repeats)

    assert len(found) == bool(wrong)
    assert all(wrong in sentence for sentence in found)


def test_a_secret_is_found_wherever_it_is() -> None:
    assert leaked(["hush"], {"log": b"all well", "status": b'{"x": "hush"}'}) == ["a secret is in status"]


def test_requests_after_a_2xx_are_too_many_those_after_a_refusal_are_not() -> None:
    ledger = good_ledger()
    assert (extra_posts(ledger), too_many_posts(ledger, 0)) == (0, [])

    again = [*ledger, *[receipt(1, at=5)] * (POSTS_PER_FAULT + 1)]

    assert (len(too_many_posts(again, 0)), len(too_many_posts(again, 1)), too_many_posts(again, 2)) == (1, 1, [])


def found(receipts: list[Receipt], *losses: Loss) -> list[Kind]:
    return [defect.kind for defect in check(EXPECTED, receipts, SECRET, published=LEDGER, losses=losses)]


def test_after_a_loss_an_alert_may_come_under_one_more_id_and_from_a_copy() -> None:
    again = [*good_ledger(), receipt(1, at=9, name="evt_other", url=COPY, story="story-copy")]

    assert Kind.UNEXPECTED in found(again)
    assert found(again, Loss(AT + 5, AT + 6)) == []
    assert Kind.UNEXPECTED in found(again, Loss(AT + 10, AT + 11)), "it came before the loss"
    assert Kind.UNEXPECTED in found(again, Loss(AT - 9, AT - 8)), "the story began after the loss"


def test_each_loss_excuses_one_more_id_not_two() -> None:
    twice = [
        *good_ledger(),
        receipt(1, at=9, name="evt_other", url=COPY, story="story-copy"),
        receipt(1, at=9, name="evt_third", url=COPY, story="story-third"),
    ]

    assert found(twice, Loss(AT + 5, AT + 6)) == [Kind.SECOND_ID]
    assert found(twice, Loss(AT + 5, AT + 6), Loss(AT + 7, AT + 8)) == []


def test_not_even_a_loss_lets_one_story_have_two_ids_or_an_alert_be_lost() -> None:
    drifted = [*good_ledger(), receipt(1, at=9, name="evt_other")]
    missing = [each for each in good_ledger() if each.id != "evt_1"]

    assert found(drifted, Loss(AT + 5, AT + 6)) == [Kind.SECOND_ID]
    assert check(EXPECTED, missing, SECRET, published=LEDGER, losses=[Loss(AT, AT + 1)]) == [
        Defect(Kind.LOST, f"second-marker of {OPENERS[1]}")
    ]


def test_arrived_again_means_from_every_partition_and_of_what_was_published_since() -> None:
    arrivals = Arrivals()
    arrivals.add(LEDGER, [receipt(0, at=1), receipt(1, at=2)])

    assert arrivals.since(AT - 3) == AT + 2
    assert arrivals.since(AT - 2.5) is None, "nothing that was published since to the other partition has come"

    arrivals.add([], [receipt(2, at=4)])

    assert arrivals.since(AT - 2.5) == AT + 4


def test_a_plan_begins_with_each_kind_and_each_toxic_of_each_network() -> None:
    blows = list(plan(5, 60))

    assert {blow.fault for blow in blows} == set(Fault)
    assert len({(blow.fault, blow.toxic) for blow in blows if blow.toxic}) == 3 * len(Toxic)
    assert blows == list(plan(5, 60))
    assert blows != list(plan(6, 60))
