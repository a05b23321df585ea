"""Records reach the store once each, whatever dies in between."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import pytest

from alerts.admission.admission import Admitted, Batch
from alerts.errors import Refused, Unavailable
from alerts.ids import alert_id, delivery_id, notice_id
from alerts.model import Attempt, Reply
from alerts.store.memory_state import MemoryState
from daemon.sources.memory_source import Failure, MemoryLog, MemorySource, Silence
from daemon.sources.source import Committed
from processors.ids import story_id
from tests.daemon.build import NOW, TOPICS, Process, a_flood, a_line, a_watch, quiet, value_of

Admit = Callable[[Batch], Coroutine[Any, Any, Admitted]]


def flood_delivery(number: int) -> str:
    """The one delivery that article ``a_flood(number)`` must lead to."""
    alert = alert_id("test", "floods", story_id("test", f"flood-{number}"))
    return delivery_id("desk", notice_id(alert, "opened"))


@pytest.mark.usefixtures("runner")
class TestOneProcess:
    def test_each_record_is_counted_by_its_outcome(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        source = MemorySource({"p": [a_flood(1), quiet(1), a_flood(1), b"broken", None, b"null"]})
        process = Process(a_watch(tmp_path), source, MemoryState())

        runner.run(process.read_all())

        counts = {"alerted": 1, "unmatched": 1, "repeat": 1, "invalid": 1, "tombstone": 2}
        assert runner.run(process.admission.counts()) == counts
        assert value_of(process.metrics, "rasid_records_total", {"outcome": "tombstone"}) == 2
        assert value_of(process.metrics, "rasid_invalid_records_total", {"reason": "not_json"}) == 1
        assert value_of(process.metrics, "rasid_alerts_total", {"topic": "floods"}) == 1
        assert process.waiting() == [flood_delivery(1)]
        assert process.woken == 1

    def test_a_copy_in_another_outlet_is_no_second_alert(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        text = " ".join(f"كلمة{number}" for number in range(60))
        lines = [a_line(id=f"c{n}", title="فيضان", body=text, source=f"outlet{n}.example") for n in range(3)]
        process = Process(a_watch(tmp_path), MemorySource({"p": lines}), MemoryState())

        runner.run(process.read_all())

        assert len(process.waiting()) == 1
        assert runner.run(process.admission.counts()) == {"alerted": 1, "repeat": 2}

    def test_an_article_on_two_topics_opens_one_alert_each(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        both = a_line(id="b", title="فيضان في ميناء")
        process = Process(a_watch(tmp_path), MemorySource({"p": [both]}), MemoryState())

        runner.run(process.read_all())

        assert len(process.waiting()) == 2

    def test_unmatched_articles_leave_no_trace_but_a_number(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        state = MemoryState()
        process = Process(a_watch(tmp_path), MemorySource({"p": [quiet(n) for n in range(9)]}), state)

        runner.run(process.read_all())

        assert (state.memory, state.waiting, state.decisions) == ({}, {}, [])
        assert state.outcomes == {"unmatched": 9}

    def test_what_no_route_takes_is_unrouted_and_stays_so(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        route = {"routes": [{"match": {"topic": "harbours"}, "receiver": "desk"}]}
        source, state = MemorySource({"p": [a_flood(1)]}, grows=True), MemoryState()
        runner.run(Process(a_watch(tmp_path, route=route), source, state).read_all())
        assert state.outcomes == {"unrouted": 1}

        source.add("p", a_flood(1))
        routed = Process(a_watch(tmp_path), source, state)
        runner.run(routed.read_all())

        assert state.waiting == {}  # a new route never sends an old alert

    def test_a_reader_sees_which_dead_letter_came_from_where(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        process = Process(a_watch(tmp_path), MemorySource({"p": [quiet(1), b'{"title": 5}']}), MemoryState())

        runner.run(process.read_all())

        (kept,) = process.dead_letters.kept
        assert (kept.record.origin, kept.reason) == ("p/1", "wrong_type")

    def test_too_many_dead_letters_stop_the_process(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        script = [b"broken"] * 150 + [quiet(n) for n in range(100)]
        process = Process(a_watch(tmp_path), MemorySource({"p": script}), MemoryState(), max_ratio=0.5)

        with pytest.raises(Refused, match="150 of the last 250"):
            runner.run(process.read_all())

    def test_a_slow_source_and_a_failing_one_are_waited_for(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        source = MemorySource({"p": [a_flood(1), Silence(), Failure("away"), a_flood(2)]})
        process = Process(a_watch(tmp_path), source, MemoryState())

        runner.run(process.read_all())
        with pytest.raises(Unavailable, match="away"):
            runner.run(process.consumer.step())
        runner.run(process.read_all())

        assert process.waiting() == sorted([flood_delivery(1), flood_delivery(2)])

    def test_reading_pauses_while_the_outbox_is_full(
        self, tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("daemon.consumer.MAX_READY", 2)
        source = MemorySource({"p": [a_flood(1), a_flood(2)]}, grows=True)
        process = Process(a_watch(tmp_path), source, MemoryState())
        runner.run(process.read_all())

        runner.run(process.consumer.tick())
        source.add("p", a_flood(3))
        assert runner.run(process.consumer.step()) is False
        assert value_of(process.metrics, "rasid_consumer_paused") == 1

        runner.run(settle_all(process))
        runner.run(process.consumer.tick())
        runner.run(process.read_all())

        assert process.waiting() == [flood_delivery(3)]


async def settle_all(process: Process) -> list[str]:
    """Everything that is due is delivered; which."""
    delivered = []
    while leased := (await process.outbox.lease({"desk": 100}, NOW + 10**9, 20_000)).leased:
        for each in leased:
            await process.outbox.delivered(each, Attempt(Reply.DELIVERED, 204), NOW)
            delivered.append(each.delivery.id)
    return delivered


class TestPositions:
    def test_a_commit_holds_the_checkpoint_and_what_is_still_needed(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        source = MemorySource({"p": [quiet(1), a_flood(1), quiet(2)]})
        process = Process(a_watch(tmp_path), source, MemoryState())
        runner.run(process.read_all())

        runner.run(process.consumer.tick())
        before = runner.run(source.committed("p"))
        runner.run(settle_all(process))
        runner.run(process.consumer.tick())
        after = runner.run(source.committed("p"))

        assert before is not None and after is not None
        assert (before.checkpoint, before.low) == (3, 1)
        assert (after.checkpoint, after.low) == (3, 3)

    def test_a_wiped_store_is_filled_again_from_the_least_offset_needed(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        source, state = MemorySource({"p": [quiet(1), a_flood(1), quiet(2)]}), MemoryState()
        process = Process(a_watch(tmp_path), source, state)
        runner.run(process.read_all())
        runner.run(process.consumer.tick())

        state.restore(MemoryState())
        runner.run(process.consumer.tick())  # nothing was in flight: the idle check finds it
        runner.run(process.read_all())

        assert process.waiting() == [flood_delivery(1)]
        assert state.outcomes == {"alerted": 1, "unmatched": 1}  # offset 0 was not needed any more

    def test_a_store_that_went_back_is_followed_back(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        source, state = MemorySource({"p": [a_flood(1)]}, grows=True), MemoryState()
        process = Process(a_watch(tmp_path), source, state)
        runner.run(process.read_all())
        earlier = state.copy()
        source.add("p", a_flood(2))
        runner.run(process.read_all())

        state.restore(earlier)
        source.add("p", a_flood(3))
        runner.run(process.read_all())

        assert process.waiting() == sorted(map(flood_delivery, (1, 2, 3)))
        assert value_of(process.metrics, "rasid_seeks_total", {"reason": "gap"}) == 1

    def test_a_store_that_went_back_is_noticed_although_nothing_new_comes(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        source, state = MemorySource({"p": [a_flood(1), a_flood(2)]}), MemoryState()
        process = Process(a_watch(tmp_path), source, state)
        runner.run(process.consumer.step())
        earlier = MemoryState(incarnation=state.incarnation, checkpoints={"p": 1})

        state.restore(earlier)
        runner.run(process.consumer.tick())
        runner.run(process.read_all())

        assert process.waiting() == [flood_delivery(2)]
        assert value_of(process.metrics, "rasid_seeks_total", {"reason": "behind"}) == 1

    def test_a_second_process_adopts_what_stands(self, tmp_path: Path, runner: asyncio.Runner) -> None:
        source, state, watch = MemorySource({"p": [a_flood(1), a_flood(2)]}), MemoryState(), a_watch(tmp_path)
        runner.run(Process(watch, source, state).read_all())

        source.restart()  # nothing was ever committed
        second = Process(watch, source, state)
        runner.run(second.read_all())

        assert state.outcomes == {"alerted": 2}

    def test_after_a_lost_reply_only_what_the_store_lacks_is_decided(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        source, state = MemorySource({"p": [a_flood(1)]}, grows=True), MemoryState()
        process = Process(a_watch(tmp_path), source, state)
        admit = process.admission.admit
        process.admission.admit = lose_the_reply(admit)  # type: ignore[method-assign, assignment]
        with pytest.raises(Unavailable, match="reply lost"):
            runner.run(process.consumer.step())
        process.admission.admit = admit  # type: ignore[method-assign]

        towns = TOPICS + "  towns:\n    match: |\n      بلدة\n"
        process.watch = a_watch(tmp_path, topics=towns)
        source.add("p", a_flood(1))
        runner.run(process.read_all())

        assert len(process.waiting()) == 2, "the copy opens the new topic's alert: nothing opened it before"
        assert state.outcomes == {"alerted": 2}

    def test_a_partition_that_a_commit_lets_go_of_is_not_asked_about_again(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        source = LetsGo({"p": [quiet(1)], "q": [quiet(2)]})
        process = Process(a_watch(tmp_path), source, MemoryState())
        runner.run(process.read_all())

        runner.run(process.consumer.tick())
        source.let_go("q")
        assert process.consumer.positions() == {}
        runner.run(process.consumer.tick())

    def test_what_a_lost_store_had_told_is_counted_once_also_where_a_copy_tells_it_again(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        source, state = MemorySource({"p": [a_flood(1)], "q": []}, grows=True), MemoryState()
        process = Process(a_watch(tmp_path), source, state)
        runner.run(process.read_all())
        assert value_of(process.metrics, "rasid_realerted_total") == 0

        state.restore(MemoryState())
        source.add("q", a_flood(1))
        runner.run(process.read_all())
        runner.run(process.consumer.tick())
        runner.run(process.read_all())

        assert state.outcomes == {"alerted": 1, "repeat": 1}
        assert value_of(process.metrics, "rasid_realerted_total") == 1

    def test_a_partition_given_to_us_is_told_where_to_begin_also_at_its_first_record(
        self, tmp_path: Path, runner: asyncio.Runner
    ) -> None:
        log = MemoryLog()
        log.add("p", a_flood(1))
        source = MemorySource(log)
        process = Process(a_watch(tmp_path), source, MemoryState())
        source.assign({"p": 1})

        runner.run(process.read_all())

        assert process.waiting() == [flood_delivery(1)]


class LetsGo(MemorySource):
    """Lets go of ``p`` once it is committed, as a file source does with a file that was replaced."""

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        await super().commit(positions)
        self.let_go("p")


def lose_the_reply(admit: Admit) -> Admit:
    """The store takes the batch, and nobody hears of it."""

    async def admit_unheard(batch: Batch) -> Admitted:
        await admit(batch)
        raise Unavailable("reply lost")

    return admit_unheard
