"""What is said about how far a publish is. Pure, but for ``Progress``, which writes it on a terminal."""

from dataclasses import dataclass
from typing import TextIO

from processors.counted import counted

BAR = 20
"""Characters: with everything beside it, it fits on a narrow terminal."""

TOO_EARLY_SECONDS = 1.0
"""Before this, connecting and filling the first batches say nothing of how long the rest takes."""

SECONDS_BETWEEN = 0.2
"""Between two lines on a terminal."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines of this run."""

    published: int = 0
    invalid: int = 0


@dataclass(frozen=True, slots=True)
class Far:
    """Bytes of all inputs, as they lie on disk. ``size`` is 0 where nobody knows how much comes."""

    begun: float  # done before this run
    done: float
    size: float

    @property
    def part(self) -> float | None:
        """Of the whole, 0 to 1."""
        return min(1.0, self.done / self.size) if self.size > 0 else None


def seconds_left(far: Far, seconds: float) -> float | None:
    """At the pace of this run so far; None while it cannot be told."""
    done = far.done - far.begun
    if far.size <= 0 or done <= 0 or seconds < TOO_EARLY_SECONDS:
        return None
    return max(0.0, (far.size - far.done) * seconds / done)


def progress_line(counts: Counts, far: Far, seconds: float, waiting: float = 0.0) -> str:
    """One line. ``waiting`` is since when Kafka has acknowledged nothing, in seconds, or 0."""
    parts = [counted(counts.published, "article")]
    if counts.invalid:
        parts.append(f"{counts.invalid:,} invalid")
    if waiting:
        parts.append(f"waiting for Kafka for {waiting:.0f} s")
    else:
        parts.append(f"{counts.published / seconds:,.0f}/s" if seconds > 0 else "0/s")
        left = seconds_left(far, seconds)
        if left is not None:
            parts.append(f"{_clock(left)} left")
    line = ", ".join(parts)
    if (part := far.part) is None:
        return line
    full = int(part * BAR)
    return f"[{'#' * full}{'.' * (BAR - full)}] {int(part * 100):3d} %  {line}"


def summary_line(counts: Counts, seconds: float, *, dry: bool = False) -> str:
    """The last line."""
    verb = "would be published" if dry else "published"
    return f"{counts.published:,} {verb}, {counts.invalid:,} invalid, {seconds:.1f} s"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


class Progress:
    """One line on a terminal, written anew; nothing where the stream is none."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.shown = stream.isatty()
        self._drawn = False
        self._next = 0.0

    def show(self, line: str, now: float) -> None:
        """Write ``line`` over the one before, not too often."""
        if self.shown and now >= self._next:
            self._next = now + SECONDS_BETWEEN
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()
            self._drawn = True

    def say(self, line: str) -> None:
        """A line that stays, on every stream."""
        self.clear()
        self._stream.write(line + "\n")
        self._stream.flush()

    def clear(self) -> None:
        """Leave the terminal clean."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False
