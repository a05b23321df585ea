"""What every ``Admission`` promises."""

import asyncio

from alerts.admission.admission import STORY_REFERENCE, Answer, MemoryWrite, RecordEffects
from tests.contracts.store import STORY, Store, a_delivery, effects, put


def test_a_new_partition_starts_where_it_is_told_and_only_once(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        first = await store.admission.recover("p", 40, "first")
        second = await store.admission.recover("p", 0, "second")

        assert (first.incarnation, first.checkpoint, first.low) == ("first", 40, 40)
        assert second == first

    runner.run(scenario())


def test_a_batch_moves_the_checkpoint_and_counts_each_outcome(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        admitted = await put(store, effects(0), effects(1, a_delivery("d1")), effects(2), b=7)

        assert (admitted.answer, admitted.checkpoint) == (Answer.DONE, 7)
        assert await store.admission.counts() == {"unmatched": 2, "alerted": 1}

    runner.run(scenario())


def test_an_empty_batch_moves_the_checkpoint_over_control_records(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        assert (await put(store, a=0, b=3)).checkpoint == 3

    runner.run(scenario())


def test_a_batch_beyond_the_checkpoint_is_a_gap_and_changes_nothing(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        admitted = await put(store, effects(5, a_delivery("d1")), a=5)

        assert (admitted.answer, admitted.checkpoint) == (Answer.GAP, 0)
        assert (await store.outbox.depth()).ready == 0
        assert await store.admission.counts() == {}

    runner.run(scenario())


def test_another_incarnation_is_lost_and_changes_nothing(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        admitted = await put(store, effects(0, a_delivery("d1")), incarnation="before the wipe")

        assert admitted.answer is Answer.LOST
        assert (await store.outbox.depth()).ready == 0

    runner.run(scenario())


def test_a_decision_on_an_older_memory_is_sent_back(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        before = (await store.admission.lookup([], [])).version
        await put(store, effects(0, memory={"b:1": STORY.encode()}))

        stale = await put(store, effects(1, a_delivery("d1")), a=1, version=before)
        untouched = await put(store, effects(1), a=1, version=before)

        assert (stale.answer, stale.checkpoint) == (Answer.RETRY, 1)
        assert untouched.answer is Answer.DONE, "a batch that touches no memory needs no version"

    runner.run(scenario())


def test_running_a_batch_again_changes_nothing(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        records = effects(0), effects(1, a_delivery("d1"))
        await put(store, *records)

        again = await put(store, *records)

        assert (again.answer, again.checkpoint) == (Answer.DONE, 2)
        assert await store.admission.counts() == {"unmatched": 1, "alerted": 1}
        assert (await store.outbox.depth()).ready == 1

    runner.run(scenario())


def test_records_below_the_checkpoint_are_skipped_whole(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d0")), effects(1))

        await put(store, effects(1, a_delivery("skipped")), effects(2, a_delivery("d2")), a=1)

        assert await store.admission.counts() == {"alerted": 2, "unmatched": 1}
        assert (await store.outbox.depth()).ready == 2

    runner.run(scenario())


def test_lookup_finds_the_newest_row_and_the_story_that_it_refers_to(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        row, story = STORY.encode() + b" band", STORY.encode() + b" story"
        await put(store, effects(0, memory={"b:1": row, f"s:{STORY[:STORY_REFERENCE]}": story}))

        held = await store.admission.lookup(["2026-11-23", "2026-11-24", "2026-11-25"], ["b:1", "b:2"])
        elsewhere = await store.admission.lookup(["2026-11-23"], ["b:1"])

        assert dict(held.rows) == {"b:1": row, f"s:{STORY[:STORY_REFERENCE]}": story}
        assert elsewhere.rows == {}
        assert len(STORY) > STORY_REFERENCE

    runner.run(scenario())


def test_lookup_takes_thousands_of_fields(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, memory={f"b:{n}": STORY.encode() for n in range(0, 20_000, 1000)}))

        held = await store.admission.lookup(["2026-11-24"], [f"b:{n}" for n in range(20_000)])

        assert len(held.rows) == 20

    runner.run(scenario())


def test_what_the_days_have_not_is_looked_for_in_further_days(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        story = STORY.encode()
        rows = {"2026-11-20": {"a:1": story + b"old", "a:2": story + b"old"}, "2026-11-24": {"a:1": story + b"new"}}
        rows["2026-11-22"] = {f"s:{STORY[:STORY_REFERENCE]}": story + b"row"}
        writes = tuple(MemoryWrite(day, field, row) for day, held in rows.items() for field, row in held.items())
        await put(store, RecordEffects(0, "alerted", writes))

        near, far = ["2026-11-24", "2026-11-23"], ["2026-11-24", "2026-11-22", "2026-11-20"]
        known = await store.admission.lookup(near, ["a:1", "b:1"], far, ["a:1", "a:2", "a:3"])
        alone = await store.admission.lookup(near, ["a:1", "a:2"])

        assert known.rows == {
            "a:1": story + b"new",
            "a:2": story + b"old",
            f"s:{STORY[:STORY_REFERENCE]}": story + b"row",
        }
        assert alone.rows == {"a:1": story + b"new"}

    runner.run(scenario())


def test_an_unfinished_delivery_holds_low_back_and_so_does_its_repeat(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0), effects(1, a_delivery("d1")), effects(2))
        await put(store, effects(10, repeats=("d1", "finished long ago")), a=0, b=11, partition="q")

        assert (await standing(store, "p")) == (3, 1)
        assert (await standing(store, "q")) == (11, 10)

    runner.run(scenario())


def test_partitions_with_awkward_names_are_kept_apart(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d1")), partition="مجلد/a b.jsonl")
        await put(store, effects(0), partition="مجلد/a b.jsonl2")

        assert await standing(store, "مجلد/a b.jsonl") == (1, 0)
        assert await standing(store, "مجلد/a b.jsonl2") == (1, 1)

    runner.run(scenario())


def test_skip_moves_over_lost_offsets_once_and_counts_them(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0))

        gap = await store.admission.skip("p", "first", 5, 9, "retention")
        first = await store.admission.skip("p", "first", 1, 9, "retention")
        again = await store.admission.skip("p", "first", 1, 9, "retention")
        lost = await store.admission.skip("p", "another", 9, 12, "retention")

        answers = [(each.answer, each.checkpoint) for each in (gap, first, again)]
        assert answers == [(Answer.GAP, 1), (Answer.DONE, 9), (Answer.DONE, 9)]
        assert lost.answer is Answer.LOST
        assert (await store.admission.counts())["skipped:retention"] == 8

    runner.run(scenario())


def test_nothing_is_known_of_a_partition_never_recovered(store: Store, runner: asyncio.Runner) -> None:
    assert runner.run(store.admission.snapshot("p")) is None


async def standing(store: Store, partition: str) -> tuple[int, int]:
    held = await store.admission.snapshot(partition)
    assert held is not None
    return held.checkpoint, held.low
