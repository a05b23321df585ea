"""Articles from files and standard input for the offline commands: one bad line is told of, the rest go on."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path
from typing import TextIO

from daemon.sources.decode import Decoder, is_tombstone
from daemon.sources.file_lines import (
    CHUNK_BYTES,
    READ_ERRORS,
    STANDARD_INPUT,
    LineReader,
    open_lines,
    stored_position,
    why_unread,
)
from processors.counted import counted
from processors.errors import InvalidArticle
from processors.model import Article

PROGRESS_SECONDS = 0.5
"""Between two lines of progress on a terminal."""


class Input:
    """Reads every article; remembers what went wrong."""

    def __init__(self, names: Sequence[str], *, idle: Callable[[], None] | None = None) -> None:
        """``idle`` is called whenever input makes us wait, so that what was found can be shown."""
        self._names = list(names) or [STANDARD_INPUT]
        self._idle = idle
        self._decoder = Decoder()
        self.articles = 0
        self.invalid = 0
        self.unreadable = 0
        self.where = ""  # file and line of the article just given
        self._sizes = [_size_of(name) for name in self._names]
        self._finished = 0  # files that were read to their end
        self._file: BufferedReader | GzipFile | None = None

    @property
    def status(self) -> int:
        """The exit status that the input deserves."""
        return 2 if self.unreadable else 1 if self.invalid else 0

    @property
    def read(self) -> float | None:
        """The part of all bytes that was read, from 0 to 1; None where nobody knows how many there will be."""
        total = sum(size for size in self._sizes if size is not None)
        if None in self._sizes or not total:
            return None
        done = sum(size or 0 for size in self._sizes[: self._finished])
        return min(1.0, (done + (stored_position(self._file) if self._file is not None else 0)) / total)

    def __iter__(self) -> Iterator[Article]:
        for name in self._names:
            try:
                yield from self._articles(name)
            except READ_ERRORS as error:
                print(f"{name}: cannot be read: {why_unread(error)}", file=sys.stderr)
                self.unreadable += 1
            self._file = None
            self._finished += 1

    def _articles(self, name: str) -> Iterator[Article]:
        if name == STANDARD_INPUT and sys.stdin.isatty():
            print("rasid: reading articles from the terminal, one JSON object a line; end with Ctrl-D", file=sys.stderr)
        with open_lines(Path("/dev/stdin") if name == STANDARD_INPUT else Path(name)) as self._file:
            file = self._file
            reader = LineReader(0)
            while chunk := file.read1(CHUNK_BYTES):
                for line in reader.feed(chunk):
                    if (article := self._decode(line.text, name, line.number)) is not None:
                        yield article
                if self._idle is not None and len(chunk) < CHUNK_BYTES:
                    self._idle()
            last = reader.last()
            if last is not None and (article := self._decode(last.text, name, last.number)) is not None:
                yield article

    def _decode(self, line: bytes, name: str, number: int) -> Article | None:
        if is_tombstone(line):
            return None
        try:
            article = self._decoder.decode(line).article
        except InvalidArticle as error:
            print(f"{name}:{number}: {error}", file=sys.stderr)
            self.invalid += 1
            return None
        self.articles += 1
        return article


class Progress:
    """A line on the terminal that tells how far we are; nothing where standard error is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._started = time.monotonic()
        self._next = self._started + PROGRESS_SECONDS

    def step(self, articles: int, found: str, read: float | None = None) -> None:
        """Call for each article. ``read`` is the part of the input that was read, where that is known."""
        if self._shown and (now := time.monotonic()) >= self._next:
            self._next = now + PROGRESS_SECONDS
            spent = now - self._started
            left = f", {read:.0%}, {_time_left(spent, read)} left" if read else ""
            self._stream.write(f"\r\x1b[K{counted(articles, 'article')}, {found}, {articles / spent:,.0f}/s{left}")
            self._stream.flush()

    def close(self) -> None:
        """Leave the terminal clean."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _size_of(name: str) -> int | None:
    """Bytes of a file as it is stored; None for what is no file of a fixed size."""
    path = Path(name)
    try:
        return path.stat().st_size if name != STANDARD_INPUT and path.is_file() else None
    except OSError:
        return None


def _time_left(spent: float, read: float) -> str:
    seconds = round(spent / read - spent)
    minutes, hours = seconds // 60, seconds // 3600
    return (
        f"{hours} h {minutes % 60} min" if hours else f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
    )
