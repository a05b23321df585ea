"""Publishes the stream under load, durably, and remembers what must come of it."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.articles import Expected, Stream

PER_SECOND = 60.0
"""Articles; about twenty alerts a second, so that at every kill some are in each state."""


class Producer:
    """Appends to ``path`` in a thread of its own, from ``start`` to ``stop``."""

    def __init__(self, path: Path, seed: int) -> None:
        self.expected: list[Expected] = []
        self.lines = 0
        self._path = path
        self._stream = Stream(seed, most_bytes=10_000)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="producer")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        with self._path.open("ab", buffering=0) as file:
            while not self._stopping.is_set():
                record = self._stream.next(datetime.now(UTC).isoformat(timespec="seconds"))
                self._write(file.fileno(), record.value + b"\n")
                self.lines += 1
                if record.expected is not None:
                    self.expected.append(record.expected)
                self._stopping.wait(1 / PER_SECOND)

    def _write(self, file: int, line: bytes) -> None:
        """Acknowledged when it is on disk. Some lines come in two parts, as from any writer with a buffer."""
        half = len(line) // 2 if self.lines % 9 == 0 else len(line)
        for part in (line[:half], line[half:]):
            os.write(file, part)
        os.fdatasync(file)
