"""What a turn costs: it is taken between two looks of everything else in the process."""

from alerts.model import Pending, Plan, Severity, Throttle, Wait
from alerts.pacing.turn import Used, take_turn
from tests.contracts.store import NOW, a_pending
from tests.growth import grows_no_faster_than_its_length

HOUR = 3_600_000


def of_many_topics(number: int) -> list[Pending]:
    """Notices of one group, each of a topic of its own that a throttle counts."""
    plans = [
        Plan("desk/g", Wait.GROUP, (), "l", NOW, Severity.INFO, throttle=Throttle(f"desk/t{each}", 1, HOUR))
        for each in range(number)
    ]
    return [
        Pending(id=each.id, receiver="desk", notice=each.notice, created_ms=NOW, summary=b"{}", plan=plan)
        for plan, each in ((plan, a_pending(f"d{at}")) for at, plan in enumerate(plans))
    ]


def used_up(members: list[Pending]) -> dict[str, Used]:
    end_ms = (NOW // HOUR + 1) * HOUR
    return {each.plan.throttle.key: Used(end_ms, (1, 0, 0)) for each in members if each.plan and each.plan.throttle}


def test_a_turn_of_many_throttled_topics_costs_by_their_number() -> None:
    part, whole = of_many_topics(1_500), of_many_topics(6_000)

    turn = take_turn(whole, used_up(whole), NOW)

    assert (len(turn.together), len(turn.held)) == (0, 6_000)
    assert {held.single for waiting in turn.held.values() for held in waiting} == {None}
    assert grows_no_faster_than_its_length(lambda members: take_turn(members, used_up(members), NOW), part, whole)
