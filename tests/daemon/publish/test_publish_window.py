"""Up to where everything is settled, whatever is acknowledged first."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from daemon.publish.window import Entry, Input, Window
from daemon.sources.file_lines import Line

MakeEntry = Callable[..., Entry]


class At(NamedTuple):
    partition: int = 0
    offset: int = 0


@pytest.fixture
def entry() -> MakeEntry:
    files: dict[str, Input] = {}

    def make(number: int, key: bytes | None = None, *, file: str = "a", size: int = 9) -> Entry:
        each = files.setdefault(file, Input(file, file, regular=True))
        return Entry(each, Line(number * 10, number * 10 + 10, b"x" * size, number), key, b"value")

    return make


@pytest.mark.parametrize(
    ("acknowledged", "settled"),
    [
        ([], 0),
        ([1], 1),
        ([2, 3], 0),
        ([2, 3, 1], 3),
        ([1, 3, 4], 1),
        ([4, 3, 2, 1], 4),
    ],
)
def test_a_file_is_settled_up_to_the_first_line_that_is_not(
    acknowledged: list[int], settled: int, entry: MakeEntry
) -> None:
    window, entries = Window(100, 10_000), {number: entry(number) for number in range(1, 6)}
    for each in entries.values():
        window.add(each)

    left = [done.line.number for number in acknowledged for done in window.settle(entries[number])]

    assert left == list(range(1, settled + 1))
    assert entries[1].input.line == settled
    assert [each.line.number for each in window.unsaved.values()] == ([settled] if settled else [])
    assert len(window) == 5 - settled


def test_the_last_settled_line_of_each_file_is_to_be_written_down_once(entry: MakeEntry) -> None:
    window = Window(100, 10_000)
    for each in [entry(1), entry(2), entry(1, file="b")]:
        window.add(each)
        window.settle(each)

    assert {each.name: last.line.number for each, last in window.unsaved.items()} == {"a": 2, "b": 1}
    window.saved()
    assert window.unsaved == {}


def test_what_was_acknowledged_and_not_written_down_still_takes_room(entry: MakeEntry) -> None:
    window = Window(4, 10_000)
    for number in (1, 2, 3, 4):
        window.add(each := entry(number))
        window.settle(each)

    assert window.full and window.worth_saving and len(window) == 0
    window.saved()
    assert not window.full


def test_bytes_fill_it_as_well_but_one_always_has_room(entry: MakeEntry) -> None:
    window = Window(100, 50)

    assert not window.full
    window.add(each := entry(1, size=1000))
    assert window.full and not window.worth_saving
    window.settle(each)
    assert window.full and window.worth_saving
    window.saved()
    assert not window.full


def test_what_overtook_a_failed_record_of_its_key_is_sent_again_and_nothing_else(entry: MakeEntry) -> None:
    window = Window(100, 10_000)
    keys = [b"x", b"y", b"x", None, None, b"y"]
    entries = [entry(number, key) for number, key in enumerate(keys)]
    for each in entries:
        window.add(each)
    for number in (1, 2, 3, 5):  # 0 and 4 have failed; 2 came after 0
        entries[number].acknowledged = At()
        window.settle(entries[number])

    repeated = window.to_repeat()

    assert [each.line.number for each in repeated] == [0, 2, 4]
    assert not any(each.settled or each.acknowledged for each in repeated)
    assert list(window.settle(entries[0])) == entries[:2]  # 2 holds up what follows until it is there again
