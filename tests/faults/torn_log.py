"""Tears the append-only file of a Redis as a crash of its machine might: the last second of it may be gone, no more."""

import random
import threading
import time
from collections import deque
from pathlib import Path

KEPT_SECONDS = 1.0
"""What is older is on disk, whatever the policy of syncing is."""

LOOK_SECONDS = 0.05


class LogWatch:
    """Remembers how long the files were, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: deque[tuple[float, dict[str, int]]] = deque(maxlen=200)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()

    def tear(self, chance: random.Random) -> int:
        """Cut the file that is written to; call it while no server runs. Returns how many bytes are gone."""
        now = time.monotonic()
        files = sorted(self._folder.glob("*.incr.aof"), key=lambda path: path.stat().st_mtime)
        if not files:
            return 0
        last = files[-1]
        size = last.stat().st_size
        kept = next((sizes.get(last.name, 0) for at, sizes in reversed(self._seen) if at <= now - KEPT_SECONDS), 0)
        cut = chance.randint(min(kept, size), size)
        with last.open("r+b") as file:
            file.truncate(cut)
        return size - cut

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            sizes = {}
            for path in self._folder.glob("*.incr.aof"):
                try:
                    sizes[path.name] = path.stat().st_size
                except FileNotFoundError:  # written anew in this moment
                    continue
            self._seen.append((time.monotonic(), sizes))
