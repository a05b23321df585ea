"""Files as a source: one partition a file, offsets in uncompressed bytes, positions kept in the state directory.

- A followed file grows; one that was truncated or replaced under its name is another partition, read from its start.
  What is left of a renamed one is read to its end first.
- A file that vanishes or cannot be read is waited for and told of; the others go on.
"""

import asyncio
import glob
import os
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import structlog

from alerts.errors import Unavailable
from daemon.file_lines import DAMAGED
from daemon.file_positions import Positions, Seen
from daemon.file_reading import OpenFile
from daemon.source import Committed, Fetched

POLL_SECONDS = 0.05
"""How soon new lines of a followed file are seen: nothing to a reader, and a few stat calls to the machine."""

LOOK_SECONDS = 1.0
"""How soon new files that fit the pattern are seen."""

MAX_BATCH_BYTES = 1024 * 1024
"""With 500 records, what one write to Redis may come from."""

HEAD_BYTES = 1024
"""First bytes by which a file is known again."""

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
    ) -> None:
        self._pattern = pattern
        self._follow = follow
        self._positions = positions
        self._monotonic = monotonic
        self._files: dict[str, OpenFile] = {}  # by partition, in the order of reading
        self._next_look = 0.0
        self._paused = False
        self._turn = 0
        self._look()

    def assigned(self) -> frozenset[str]:
        return frozenset(self._files)

    async def committed(self, partition: str) -> Committed | None:
        return self._positions.get(partition)

    async def start(self, partition: str) -> int:
        return 0

    def seek(self, partition: str, offset: int) -> None:
        self._files[partition].seek(offset)

    def position(self, partition: str) -> int:
        return self._files[partition].position

    def pause(self, paused: bool) -> None:
        self._paused = paused

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | None:
        deadline = self._monotonic() + timeout_seconds
        while True:
            if self._monotonic() >= self._next_look:
                self._look()
            if not self._paused and (fetched := self._read(max_records)) is not None:
                return fetched
            left = deadline - self._monotonic()
            if left <= 0 or self.ended():
                return None
            await asyncio.sleep(min(POLL_SECONDS, left))

    def ended(self) -> bool:
        return not self._follow and all(file.at_end for file in self._files.values())

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        for file in self._files.values():
            if file.head_grew():
                self._positions.see(file.path, _seen(file.path, file.generation))
        self._positions.put(positions)
        for partition in [name for name, file in self._files.items() if file.done(positions.get(name))]:
            self._files.pop(partition).close()
            self._positions.forget(partition)
        await asyncio.to_thread(self._positions.save)

    async def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _read(self, max_records: int) -> Fetched | None:
        """From each file in turn, so that a large one does not hold up the others."""
        names = list(self._files)
        for step in range(len(names)):
            number = (self._turn + step) % len(names)
            file = self._files[names[number]]
            begin = file.position
            try:
                records = file.read(max_records, MAX_BATCH_BYTES)
            except DAMAGED as error:
                log.error("file_damaged", path=file.path, position=file.position, error=str(error))
                file.give_up()
                continue
            except OSError as error:
                raise Unavailable(f"reading {file.path}: {error}") from error
            if records or file.position != begin:
                self._turn = number + 1
                return Fetched(names[number], begin, file.position, records)
        return None

    def _look(self) -> None:
        """Find new files, and files that are no longer what they were."""
        self._next_look = self._monotonic() + (LOOK_SECONDS if self._follow else float("inf"))
        for path in _matching(self._pattern):
            try:
                self._look_at(path)
            except FileNotFoundError:
                continue  # it went between the two looks
            except OSError as error:
                raise Unavailable(f"reading {path}: {error}") from error

    def _look_at(self, path: str) -> None:
        known = self._positions.seen(path)
        if known is None:
            generation = 0
        elif _same(path, known, self._reached(path, known.generation)):
            generation = known.generation
        else:
            generation = known.generation + 1
            log.warning("file_replaced", path=path, hint="it is read from its start as a new file")
        partition = f"file:{path}" + (f"#{generation}" if generation else "")
        if partition in self._files:
            return
        for file in self._files.values():
            if file.path == path:
                file.replaced = True
        self._files[partition] = OpenFile(path, generation, follow=self._follow)
        if known is None or generation != known.generation:
            # Durable before the first record is read, or after a crash the old position would be taken for its.
            self._positions.see(path, _seen(path, generation))
            self._positions.save()

    def _reached(self, path: str, generation: int) -> int:
        """The furthest uncompressed position known of a plain file: a shorter one was truncated."""
        partition = f"file:{path}" + (f"#{generation}" if generation else "")
        if partition in self._files:
            return self._files[partition].position
        kept = self._positions.get(partition)
        return kept.checkpoint if kept else 0


def _matching(pattern: str) -> Sequence[str]:
    return sorted(os.path.abspath(path) for path in glob.glob(pattern, recursive=True) if Path(path).is_file())  # noqa: PTH100, PTH207


def _seen(path: str, generation: int) -> Seen:
    with Path(path).open("rb") as file:
        head = file.read(HEAD_BYTES)
        inode = os.fstat(file.fileno()).st_ino
    return Seen(generation=generation, inode=inode, head_length=len(head), head=_hash(head))


def _same(path: str, known: Seen, reached: int) -> bool:
    """Whether the file under this name is the one we know, perhaps grown. A copy of it is the same."""
    with Path(path).open("rb") as file:
        head = file.read(HEAD_BYTES)
        size = os.fstat(file.fileno()).st_size
    if len(head) < known.head_length or _hash(head[: known.head_length]) != known.head:
        return False
    compressed = head.startswith(b"\x1f\x8b")  # positions count uncompressed bytes there
    return compressed or size >= reached


def _hash(head: bytes) -> str:
    return blake2b(head, digest_size=16).hexdigest()
