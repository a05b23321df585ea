"""Who was told nothing of an alert after all, because what they were to be told waited and was then withheld. Pure.

The story's row was written when its notice began to wait, and counts it as told.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from alerts.ids import delivery_id
from processors.stories.rows import AlertState, Reader, StoryRow


def mark_of(receiver: str) -> int:
    """By which a story's row knows a receiver."""
    return zlib.crc32(receiver.encode("utf-8"))


def openings(row: StoryRow, receivers: Iterable[str]) -> Iterator[str]:
    """The deliveries of those that were told one thing of an alert of this story."""
    names = {mark_of(name): name for name in receivers}
    for state in row.alerts.values():
        for reader in state.readers:
            if (id_ := _opening(reader, names)) is not None:
                yield id_


def without(row: StoryRow, receivers: Iterable[str], withheld: Collection[str]) -> StoryRow:
    """The row as it is where these deliveries were withheld: whoever they were for was told nothing."""
    names = {mark_of(name): name for name in receivers}
    alerts = {topic: _without(state, names, withheld) for topic, state in row.alerts.items()}
    return row if alerts == row.alerts else msgspec.structs.replace(row, alerts=alerts)


def _without(state: AlertState, names: Mapping[int, str], withheld: Collection[str]) -> AlertState:
    readers = tuple(
        msgspec.structs.replace(each, notices=0, last_notice="") if _opening(each, names) in withheld else each
        for each in state.readers
    )
    return msgspec.structs.replace(state, readers=readers)


def _opening(reader: Reader, names: Mapping[int, str]) -> str | None:
    if reader.notices != 1 or reader.receiver not in names:
        return None
    return delivery_id(names[reader.receiver], reader.last_notice)
