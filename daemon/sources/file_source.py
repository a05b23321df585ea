"""Files as a source: one partition a file, offsets in uncompressed bytes, positions kept in the state directory.

- A followed file grows; one that was truncated or replaced under its name is another partition, read from its start.
  What is left of a renamed one is read to its end first. A copy under the same name is the same file.
- A partition's name holds a word that is drawn when the file is first read and remembered in ``positions.json``:
  paths, inodes and first lines of different files can all be alike, on two machines with one Redis at the latest, and
  then one file would be taken for read because the other was.
- A file that vanishes or cannot be read is waited for and told of; the others go on.
"""

import asyncio
import os
import resource
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog

from alerts.errors import Unavailable
from alerts.patience import Patience
from daemon.sources.file_identity import Head, first_bytes, matching, same, seen_of
from daemon.sources.file_lines import DAMAGED
from daemon.sources.file_positions import Positions, Seen
from daemon.sources.file_reading import OpenFile, shown_path
from daemon.sources.source import Committed, Fetched

POLL_SECONDS = 0.05
"""How soon new lines of a followed file are seen: nothing to a reader, and a few stat calls to the machine."""

LOOK_SECONDS = 1.0
"""How soon new files that fit the pattern are seen, and files that could not be read are tried again."""

MAX_BATCH_BYTES = 1024 * 1024
"""With 500 records, what one write to Redis may come from."""

MAX_OPEN = 64
"""Files of one source open at once; fewer where the process may open fewer than four times as many."""

log = structlog.get_logger()


class FileSource:
    """A ``Source`` over the files that fit ``pattern``."""

    def __init__(
        self,
        pattern: str,
        *,
        follow: bool,
        positions: Positions,
        monotonic: Callable[[], float] = time.monotonic,
        new_word: Callable[[], str] = lambda: secrets.token_hex(8),
        max_open: int | None = None,
    ) -> None:
        """``new_word`` must never give the same word twice, anywhere."""
        self._pattern = pattern
        self._follow = follow
        self._positions = positions
        self._monotonic = monotonic
        self._new_word = new_word
        self._max_open = max_open or max(1, min(MAX_OPEN, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4))
        self._files: dict[str, OpenFile] = {}  # by partition, in the order of reading
        self._unseen: dict[str, str] = {}  # why a path could not be looked at
        self._unsaved = False
        self._next_look = 0.0
        self._patience = Patience()
        self._paused = False
        self._turn = 0
        self.damaged = False  # whether the rest of some file could not be read
        self._look()

    def assigned(self) -> Mapping[str, int]:
        return dict.fromkeys(self._files, 0)

    def problems(self) -> Mapping[str, str]:
        """Why files cannot be read just now, by path."""
        troubled = {file.path: file.trouble for file in self._files.values() if file.trouble}
        return {shown_path(path): reason for path, reason in {**troubled, **self._unseen}.items()}

    async def committed(self, partition: str) -> Committed | None:
        return self._positions.get(partition)

    async def start(self, partition: str) -> int:
        return 0

    def seek(self, partition: str, offset: int) -> None:
        if (file := self._files.get(partition)) is not None:
            file.seek(offset)

    def position(self, partition: str) -> int:
        """0 for a partition that is no longer ours: what was done with it is not asked any more."""
        file = self._files.get(partition)
        return 0 if file is None else file.position

    def pause(self, paused: bool) -> None:
        self._paused = paused

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | None:
        deadline = self._monotonic() + timeout_seconds
        while True:
            if self._monotonic() >= self._next_look:
                self._look()
            if self._unsaved:
                # Before the first record is read: after a crash, another name would be drawn for what was read.
                await asyncio.to_thread(self._positions.save)
                self._unsaved = False
            if not self._paused and (fetched := self._read(max_records)) is not None:
                return fetched
            left = deadline - self._monotonic()
            if left <= 0 or self.ended():
                self._wait_if_nothing_else()
                return None
            await asyncio.sleep(min(self._pause_seconds(), left))

    def ended(self) -> bool:
        return not self._follow and not self._unseen and all(file.at_end for file in self._files.values())

    def ends(self) -> Mapping[str, int]:
        return {}

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        self._positions.put({name: at for name, at in positions.items() if name in self._files})
        for partition in [name for name, file in self._files.items() if file.done(positions.get(name))]:
            file = self._files.pop(partition)
            file.close()
            self._positions.forget(shown_path(file.path), partition)
        await asyncio.to_thread(self._positions.save)

    async def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _pause_seconds(self) -> float:
        """Others get their turn; where one read did not come to the end of a file, no more than that."""
        unread = any(file.is_open and not file.at_end for file in self._files.values())
        return 0.0 if unread and not self._paused else POLL_SECONDS

    def _wait_if_nothing_else(self) -> None:
        """Raise ``Unavailable`` where nothing at all can be read; else the log says what cannot."""
        if (problems := self.problems()) and all(file.trouble for file in self._files.values()):
            path, reason = next(iter(problems.items()))
            raise Unavailable(f"reading {path}: {reason}")

    def _read(self, max_records: int) -> Fetched | None:
        """From each file in turn, so that a large one does not hold up the others."""
        names = list(self._files)
        for step in range(len(names)):
            number = (self._turn + step) % len(names)
            file = self._files[names[number]]
            if file.waits or (file.at_end and not file.is_open) or not self._room_for(file):
                continue
            begin = file.position
            try:
                records = file.read(max_records, MAX_BATCH_BYTES)
            except DAMAGED as error:
                log.error("file_damaged", path=shown_path(file.path), position=file.position, error=str(error))
                file.give_up()
                self.damaged = True
                continue
            except OSError as error:
                file.failed(error.strerror or str(error))
                self._next_look = min(self._next_look, self._monotonic() + LOOK_SECONDS)
                continue
            if records or file.position != begin:
                self._turn = number + 1
                return Fetched(names[number], begin, file.position, records)
            if not file.at_end:  # inside a very long line, or on the way to a position in gzip
                self._turn = number + 1
                return None
        return None

    def _room_for(self, file: OpenFile) -> bool:
        """Whether it may be open, perhaps in place of one that waits at its end.

        Replaced ones stay open and do not count: they could not be opened again.
        """
        if file.is_open:
            return True
        opened = [other for other in self._files.values() if other.is_open and not other.replaced]
        if len(opened) < self._max_open:
            return True
        idle = next((other for other in opened if other.at_end), None)
        if idle is not None:
            idle.close()
        return idle is not None

    def _look(self) -> None:
        """Find new files, files that grew, and files that are no longer what they were."""
        self._unseen = {}
        for path in matching(self._pattern):
            try:
                self._look_at(path)
            except FileNotFoundError:
                continue  # it went between the two looks
            except OSError as error:
                self._unseen[path] = error.strerror or str(error)
        for file in self._files.values():
            file.waits = False
            with suppress(OSError):
                file.replaced = file.replaced or (self._follow and file.deleted())
        problems = self.problems()
        if problems and self._patience.worth_a_line(self._monotonic()):
            path, reason = next(iter(problems.items()))
            log.warning("file_waited_for", path=path, reason=reason, others=len(problems) - 1)
        again = self._follow or problems
        self._next_look = self._monotonic() + LOOK_SECONDS if again else float("inf")

    def _look_at(self, path: str) -> None:
        head, stat = first_bytes(path)
        known = self._positions.seen(shown_path(path))
        if known is not None and same(head, stat, known, self._reached(known.partition)):
            partition = known.partition
            self._know_better(path, head, stat, known)
        elif self._follow and not head.identifies:
            return  # no record yet, and nothing by which it would be known again
        else:
            partition = f"file:{shown_path(path)}#{self._new_word()}"
            if known is not None:
                log.warning("file_replaced", path=shown_path(path), hint="it is read from its start as a new file")
            self._positions.see(shown_path(path), seen_of(head, stat, partition))
            self._unsaved = True
        if (file := self._files.get(partition)) is not None:
            self._look_again(file, stat)
            return
        for file in self._files.values():
            if file.path == path:
                self._replace(file, stat)
        self._files[partition] = OpenFile(path, stat.st_ino, follow=self._follow)

    def _look_again(self, file: OpenFile, stat: os.stat_result) -> None:
        """A file that we know is under its name."""
        if file.inode != stat.st_ino:
            if file.at_end or not file.is_open:  # a copy: first to the end of what we have
                file.moved_to(stat.st_ino)
        elif self._follow:
            file.grew(stat.st_size)

    def _know_better(self, path: str, head: Head, stat: os.stat_result, known: Seen) -> None:
        """Remember more of its first bytes where they have come, and a copy's inode."""
        file = self._files.get(known.partition)
        ours = stat.st_ino == known.inode or file is None or file.at_end or not file.is_open
        if ours and (stat.st_ino != known.inode or len(head.data) > known.head_length):
            self._positions.see(shown_path(path), seen_of(head, stat, known.partition))
            self._unsaved = True

    def _replace(self, file: OpenFile, stat: os.stat_result) -> None:
        """Another file has its name. Truncated or never opened, nothing is left of it; else read it to its end."""
        file.replaced = True
        if file.inode == stat.st_ino or not file.is_open:
            if not file.at_end:
                log.warning("file_lost", path=shown_path(file.path), position=file.position)
            file.lose()

    def _reached(self, partition: str) -> int:
        """The furthest uncompressed position known of a file."""
        if partition in self._files:
            return self._files[partition].position
        kept = self._positions.get(partition)
        return kept.checkpoint if kept else 0
