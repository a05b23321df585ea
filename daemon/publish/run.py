"""A publish from its first line to its last: read, decode, send at the pace asked for, write down, say how far."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.publish.delivery import Delivery, Publisher
from daemon.publish.keys import KeyBy, key_of
from daemon.publish.place import reached_at
from daemon.publish.progress import Counts, Far, Progress, progress_line
from daemon.publish.rate import TokenBucket
from daemon.publish.reading import Reading
from daemon.publish.state_publish import Journal
from daemon.publish.window import Entry, Input, Window
from daemon.sources.decode import MAX_BYTES, Decoder, is_tombstone
from daemon.sources.file_lines import READ_ERRORS, STANDARD_INPUT, Line, why_unread
from processors.errors import InvalidArticle, RasidError

MOST_UNDER_WAY = 5_000
MOST_BYTES_UNDER_WAY = 16 * 1024 * 1024
"""Lines, and their bytes, that are read and not yet written down: a process that dies leaves them to be published
again. Enough for brokers a long way off, few enough for memory."""

SAVE_SECONDS = 0.25
"""Between two fsyncs of the journal while lines pass."""

DRAIN_SECONDS = 10.0
"""After a stop, for what is under way."""

BREATH = 100
"""Lines between two looks at what else is due: half a millisecond of work each time."""

SILENT_SECONDS = 10.0
"""Without an acknowledgement, before that is told where there is no terminal; a terminal shows it after a fifth."""


@dataclass(frozen=True, slots=True)
class How:
    """What was asked for."""

    key: KeyBy
    raw: bool  # also what is no article
    decoder: Decoder


class Publishing:
    """One run. Without ``publisher`` nothing is sent; without ``journal`` nothing is written down."""

    def __init__(
        self,
        how: How,
        *,
        publisher: Publisher | None,
        journal: Journal | None,
        bucket: TokenBucket | None,
        progress: Progress,
        monotonic: Callable[[], float],
    ) -> None:
        self._how = how
        self._journal = journal
        self._bucket = bucket
        self._progress = progress
        self._monotonic = monotonic
        self._window = Window(MOST_UNDER_WAY, MOST_BYTES_UNDER_WAY)
        self._delivery: Delivery | None = None
        if publisher is not None:
            self._delivery = Delivery(
                publisher,
                self._window,
                settled=self._settled,
                refused=lambda entry, error: self._invalid(entry.input, entry.line, f"too_large: {error}"),
                save=self._save,
                monotonic=monotonic,
            )
        self._inputs: list[tuple[Input, Reading, int]] = []  # those begun, and where
        self._size = 0
        self._silence_told = False
        self._began = monotonic()
        self.published = self.invalid = self.unreadable = 0

    @property
    def counts(self) -> Counts:
        """Lines of this run so far."""
        return Counts(self.published, self.invalid)

    @property
    def where(self) -> str:
        """The last line up to which everything is settled."""
        settled = [each for each, _, _ in self._inputs if each.line]
        return f"{settled[-1].name}:{settled[-1].line}" if settled else "no line"

    async def run(self, inputs: Sequence[Input], stop: asyncio.Event) -> bool:
        """Everything, or until ``stop``; whether it came to the end. Raises ``Unavailable`` or ``Refused``.

        However it ends, what was acknowledged is written down.
        """
        self._size = _size_of(inputs)
        sending = asyncio.create_task(self._publish(inputs))
        others = [asyncio.create_task(self._tick()), asyncio.create_task(stop.wait())]
        try:
            await asyncio.wait([sending, *others], return_when=asyncio.FIRST_COMPLETED)
            if others[0].done():
                await others[0]
            if sending.done():
                await sending
                return True
            await _ended(sending)
            if self._delivery is not None:
                with suppress(TimeoutError, RasidError):
                    await asyncio.wait_for(self._delivery.finish(), DRAIN_SECONDS)
            return False
        finally:
            for task in (sending, *others):
                await _ended(task)
            self._save()

    async def _publish(self, inputs: Sequence[Input]) -> None:
        for each in inputs:
            try:
                await self._one(each)
            except READ_ERRORS as error:
                self._progress.say(f"{each.name}: cannot be read: {why_unread(error)}")
                self.unreadable += 1
        if self._delivery is not None:
            await self._delivery.finish()

    async def _one(self, each: Input) -> None:
        reached = self._journal.reached(each.path) if self._journal is not None else None
        reading = Reading(Path(each.path), reached)
        try:
            begun = await reading.begin()
            each.begun, each.regular, each.head = True, begun.regular, begun.head
            if reached is not None and not begun.replaced:
                each.position, each.line = reached.position, reached.line
            self._inputs.append((each, reading, each.position))
            if begun.replaced:
                self._progress.say(f"{each.name}: another file than the one published before; it begins at its start")
            found = 0
            async with aclosing(reading.lines()) as lines:
                async for line in lines:
                    found += 1
                    if found == 1 and each.line:
                        self._progress.say(f"{each.name}: goes on after line {each.line:,}")
                    await self._line(each, line, ended=reading.ended_whole)
                    if found % BREATH == 0:
                        await asyncio.sleep(0)
            if each.line and not found:
                done = f"nothing new after line {each.line:,}"
                self._progress.say(f"{each.name}: {done}; --no-resume publishes all of it again")
        finally:
            reading.close()

    async def _line(self, each: Input, line: Line, *, ended: bool) -> None:
        entry = self._entry(each, line, ended=ended)
        if entry is None:
            return
        if entry.value is not None and self._bucket is not None:
            wait = self._bucket.take(self._monotonic())
            if wait > 0:
                await asyncio.sleep(wait)
        if self._delivery is not None:
            await self._delivery.add(entry)
            return
        self.published += entry.value is not None
        each.position, each.line = line.end, line.number

    def _entry(self, each: Input, line: Line, *, ended: bool) -> Entry | None:
        """What is sent of a line. None where the last of a file is invalid: perhaps it is still being written."""
        value = line.text.removesuffix(b"\r")
        raw = self._how.raw and len(line.text) <= MAX_BYTES  # a longer one was cut
        if is_tombstone(value) and not raw:
            return Entry(each, line, None, None)
        try:
            key = key_of(self._how.decoder.decode(value).article, self._how.key)
        except InvalidArticle as error:
            if raw:
                return Entry(each, line, None, value)
            self._invalid(each, line, str(error))
            return Entry(each, line, None, None) if ended else None
        return Entry(each, line, key, value)

    def _invalid(self, each: Input, line: Line, why: str) -> None:
        self._progress.say(f"{each.name}:{line.number}: {why}")
        self.invalid += 1

    def _settled(self, entry: Entry) -> None:
        if (at := entry.acknowledged) is None:
            return
        self.published += 1
        if self._journal is not None:
            known = self._journal.acknowledged
            known[at.partition] = max(at.offset, known.get(at.partition, -1))

    def _save(self) -> None:
        journal, unsaved = self._journal, self._window.unsaved
        if journal is not None and unsaved:
            for each, entry in unsaved.items():
                line = entry.line
                if each.regular:
                    journal.settle(each.path, reached_at(each.head, line.start, line.end, line.number, line.text))
            journal.save()
        self._window.saved()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            self._save()
            waiting = self._delivery.waiting if self._delivery is not None else 0.0
            shown = waiting if waiting > SILENT_SECONDS / 5 else 0.0
            now = self._monotonic()
            self._progress.show(progress_line(self.counts, self._far(), now - self._began, shown), now)
            if waiting > SILENT_SECONDS and not self._silence_told and not self._progress.shown:
                self._silence_told = True
                self._progress.say(f"Kafka has acknowledged nothing for {waiting:.0f} s: waiting")

    def _far(self) -> Far:
        begun = sum(reading.packed(start) for _, reading, start in self._inputs)
        return Far(begun, sum(reading.packed(each.position) for each, reading, _ in self._inputs), self._size)


async def _ended(task: "asyncio.Task[object]") -> None:
    """End it; what became of it is somebody else's."""
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


def inputs_of(names: Sequence[str]) -> list[Input]:
    """What ``names`` lead to, each once."""
    found: dict[str, Input] = {}
    for name in names or [STANDARD_INPUT]:
        path = "/dev/stdin" if name == STANDARD_INPUT else os.path.abspath(name)  # noqa: PTH100, ".." is taken out too
        found.setdefault(path, Input(name, path))
    return list(found.values())


def _size_of(inputs: Sequence[Input]) -> int:
    """Bytes of all files together; 0 where one is no file."""
    paths = [Path(each.path) for each in inputs]
    return sum(path.stat().st_size for path in paths) if all(path.is_file() for path in paths) else 0
