"""Who was told nothing of an alert after all, because what they were to be told waited and was then withheld. Pure.

The story's row was written when its notices began to wait, and counts them as told.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from alerts.ids import delivery_id, notice_of
from alerts.notices.facts import OPENING
from processors.stories.rows import AlertState, Reader, StoryRow


def mark_of(receiver: str) -> int:
    """By which a story's row knows a receiver."""
    return zlib.crc32(receiver.encode("utf-8"))


def marks_of(receivers: Iterable[str]) -> Mapping[int, str]:
    """Receivers by that."""
    return {mark_of(name): name for name in receivers}


def first_and_last(row: StoryRow, receivers: Mapping[int, str]) -> Iterator[str]:
    """Of each of ``receivers`` the deliveries of an alert of this story that it was told first and last."""
    for state in row.alerts.values():
        for reader in state.readers:
            yield from _first_and_last(state, reader, receivers)


def without(row: StoryRow, receivers: Mapping[int, str], withheld: Collection[str]) -> StoryRow:
    """The row as it is where these deliveries were withheld. Whoever the first and the last were for was told nothing:
    what is between them waited with the first. Whoever was told either of them knows of the alert."""
    alerts = {topic: _without(state, receivers, withheld) for topic, state in row.alerts.items()}
    return row if alerts == row.alerts else msgspec.structs.replace(row, alerts=alerts)


def _without(state: AlertState, receivers: Mapping[int, str], withheld: Collection[str]) -> AlertState:
    readers = tuple(
        msgspec.structs.replace(each, notices=0, last_notice="")
        if (ids := _first_and_last(state, each, receivers)) and all(id_ in withheld for id_ in ids)
        else each
        for each in state.readers
    )
    return msgspec.structs.replace(state, readers=readers)


def _first_and_last(state: AlertState, reader: Reader, receivers: Mapping[int, str]) -> tuple[str, ...]:
    name = receivers.get(reader.receiver)
    if name is None or not reader.notices:
        return ()
    last = delivery_id(name, reader.last_notice)
    return (last,) if reader.notices == 1 else (delivery_id(name, notice_of(state.alert, OPENING.keys)), last)
