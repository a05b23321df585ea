"""One open file of a file source: read on from a position, seek, see the end."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from daemon.file_lines import CHUNK_BYTES, Line, LineReader, open_lines
from daemon.source import Committed, Record


class OpenFile:
    """Reads lines as records. Blank lines are skipped, but the position passes them."""

    def __init__(self, path: str, generation: int, *, follow: bool) -> None:
        self.path = path
        self.generation = generation
        self.position = 0  # where the next fetch begins
        self.replaced = False  # another file has our name: read on to the end of this one
        self._follow = follow
        self._file = open_lines(Path(path))
        self._reader = LineReader(0)
        self._ready: deque[Line] = deque()
        self._head_known = False
        self._exhausted = False
        self._damaged = False

    @property
    def at_end(self) -> bool:
        """Whether nothing is left to read just now."""
        return self._exhausted and not self._ready

    def give_up(self) -> None:
        """Nothing behind this position can be read, ever."""
        self._exhausted = self._damaged = True

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def head_grew(self) -> bool:
        """Once: whether the first lines have come, by which the file is known again."""
        if self._head_known or self.replaced or self.position == 0:
            return False
        self._head_known = self.position >= CHUNK_BYTES or not self._follow
        return True

    def done(self, committed: Committed | None) -> bool:
        """Whether a replaced file was read to its end and nothing needs it any more."""
        return self.replaced and self.at_end and committed is not None and committed.low >= self.position

    def seek(self, offset: int) -> None:
        """Read on from a line's start. Backwards in gzip this reads the file again from its start."""
        if offset == self.position:
            return
        self._file.seek(offset)
        self._reader = LineReader(offset)
        self._ready.clear()
        self.position = offset
        self._exhausted = False

    def read(self, max_records: int, max_bytes: int) -> Sequence[Record]:
        """The next records; none where nothing has come yet."""
        if self._damaged:
            return ()
        records: list[Record] = []
        taken = 0
        while len(records) < max_records and taken < max_bytes:
            if not self._ready and not self._fill():
                break
            line = self._ready.popleft()
            self.position = line.end
            taken += len(line.text)
            text = line.text.removesuffix(b"\r")
            if text.strip():
                records.append(Record(line.start, text, None, f"{self.path}@{line.start}"))
        return records

    def _fill(self) -> bool:
        """Read until at least one line is ready; False where there is none."""
        while chunk := self._file.read(CHUNK_BYTES):
            self._exhausted = False
            self._ready.extend(self._reader.feed(chunk))
            if self._ready:
                return True
        self._exhausted = True
        if self._follow and not self.replaced:
            return False  # for now
        last = self._reader.last()
        if last is not None:
            self._ready.append(last)
        return bool(self._ready)
