"""Which deliveries end because nobody is configured to get them."""

import asyncio

from alerts.dispatch.removal import Removal
from alerts.model import Delivery, Pending, Plan, Severity, Wait
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.store.memory_state import Later, MemoryState, Waiting


def admit(state: MemoryState, receiver: str) -> None:
    delivery = Delivery(
        id=f"for {receiver}", receiver=receiver, lane=receiver, type="t", notice="n", created_ms=1, body=b""
    )
    state.sequence += 1
    state.waiting[delivery.id] = Waiting(delivery, state.sequence, 1, receiver)
    state.due[receiver, receiver] = 1


def test_after_the_first_look_a_receiver_that_only_another_process_knows_is_left_alone(runner: asyncio.Runner) -> None:
    state = MemoryState()
    removal, both, one = Removal(MemoryOutbox(state, "one")), ["desk", "duty"], ["desk"]
    runner.run(removal.look(both, 1))
    runner.run(removal.look(one, 2))

    admit(state, "new")  # another process was reloaded before us
    admit(state, "duty")
    admit(state, "desk")

    assert runner.run(removal.look(one, 3)) == 1
    assert sorted(state.waiting) == ["for desk", "for new"]


def test_a_receiver_that_comes_back_keeps_what_waits_for_it(runner: asyncio.Runner) -> None:
    state = MemoryState()
    removal, again = Removal(MemoryOutbox(state, "one")), ["desk", "duty"]
    runner.run(removal.look(["desk", "duty"], 1))
    runner.run(removal.look(["desk"], 2))

    admit(state, "duty")

    assert [runner.run(removal.look(again, at)) for at in (3, 4)] == [0, 0]
    assert sorted(state.waiting) == ["for duty"]


def test_what_a_route_paces_for_a_removed_receiver_ends_too_and_nothing_of_others(runner: asyncio.Runner) -> None:
    state = MemoryState()
    for receiver in ("desk", "gone"):
        plan = Plan(f"{receiver}/g", Wait.GROUP, (), f"{receiver}-lane", 10**15, Severity.INFO)
        pending = Pending(id=receiver, receiver=receiver, notice="n", created_ms=1, summary=b"{}", plan=plan)
        state.pending[receiver] = Later(pending, 1, {("p", 1)})
        state.groups[plan.group] = plan.due_ms

    assert runner.run(Removal(MemoryOutbox(state, "one")).look(["desk"], 2)) == 1
    assert [letter.reason for letter in state.dead.values()] == ["receiver_removed"]
    assert (list(state.pending), list(state.groups)) == (["desk"], ["desk/g"])
