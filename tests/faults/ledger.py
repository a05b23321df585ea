"""What is written down during a run, on disk before anybody is told: the only witness when everything else dies."""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.faults.articles import Article, Expected


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request as it reached a receiver, and the answer that it was about to get (0: cut off without one)."""

    receiver: str
    at: float
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def id(self) -> str:
        """The delivery that it claims to be."""
        return self.headers.get("webhook-id", "")

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Published:
    """One record that the broker acknowledged, and what must come of it."""

    at: float
    partition: int
    offset: int
    url: str
    story: int
    topics: tuple[str, ...]
    expected: Expected | None
    refused: str

    @classmethod
    def of(cls, article: Article, partition: int, offset: int, at: float) -> Self:
        said = (article.url, article.story, article.topics, article.expected, article.refused)
        return cls(at, partition, offset, *said)


class Lines:
    """Appends JSON lines to a file; one is on disk when ``write`` returns. A torn last line is ended first."""

    def __init__(self, path: Path) -> None:
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        self._file = path.open("ab", buffering=0)
        if torn:
            self._file.write(b"\n")

    def write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line).encode() + b"\n")
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class Ledger:
    """Receipts."""

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)

    def write(self, receipt: Receipt) -> None:
        body = base64.b64encode(receipt.body).decode("ascii")
        said = {"receiver": receipt.receiver, "at": receipt.at, "status": receipt.status}
        self._lines.write({**said, "headers": dict(receipt.headers), "body": body})

    def close(self) -> None:
        self._lines.close()


class PublishedLedger:
    """Records as they were acknowledged."""

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)

    def write(self, published: Published) -> None:
        told = published.expected
        opens = None if told is None else [told.topic, told.step]
        place = {"at": published.at, "partition": published.partition, "offset": published.offset}
        said = {"url": published.url, "story": published.story, "topics": published.topics}
        self._lines.write({**place, **said, "opens": opens, "refused": published.refused})


def _read(data: bytes) -> Iterator[dict[str, Any]]:
    """Whole lines. One that was torn when its writer was killed was never answered, so nobody relies on it."""
    for line in data.split(b"\n"):
        with suppress(json.JSONDecodeError, UnicodeDecodeError):
            yield json.loads(line)


def parse_receipts(data: bytes) -> list[Receipt]:
    """In order of arrival."""
    return [
        Receipt(kept["receiver"], kept["at"], kept["status"], kept["headers"], base64.b64decode(kept["body"]))
        for kept in _read(data)
    ]


def parse_published(data: bytes) -> list[Published]:
    """In the order in which they were acknowledged."""
    published = []
    for kept in _read(data):
        url, story, opens = kept["url"], kept["story"], kept["opens"]
        expected = Expected(opens[0], story, opens[1], url) if opens else None
        place = (kept["at"], kept["partition"], kept["offset"])
        published.append(Published(*place, url, story, tuple(kept["topics"]), expected, kept["refused"]))
    return published


def read_receipts(path: Path) -> list[Receipt]:
    """All of a ledger."""
    return parse_receipts(path.read_bytes())


def read_published(path: Path) -> list[Published]:
    """All of a ledger."""
    return parse_published(path.read_bytes())


class Tail:
    """What was added to a file since the last look, whole lines only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    def read(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return b""
        whole = data[: data.rfind(b"\n") + 1]
        self._at += len(whole)
        return whole
