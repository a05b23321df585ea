"""Marks of the articles that were read: so little of each that a million can be remembered. Pure.

A mark is 12 bytes: when, and a checksum of the article's id and of its address. Of a million marks, one address that
was never seen is taken for one that was once in four thousand times; whoever asks is told that it is so found.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from processors.normalize.url import canonical_url

MARK_BYTES = 12

PRECISION_MS = 2_000
"""Of a mark's moment: it is the beginning of the two seconds in which the article was read."""

_MARK = struct.Struct("<III")


class SeenAt(NamedTuple):
    """When an article was read, to two seconds; ``partial``: not every near miss of that batch was written down."""

    at_ms: int
    partial: bool


def marks(articles: Iterable[tuple[str, str]], now_ms: int, *, partial: bool) -> bytes:
    """What to keep of some articles, each given by id and address."""
    at = _moment(now_ms, partial=partial)
    flat = [value for id_, url in articles for value in (at, checksum(id_), checksum(_plain(url)) if url else 0)]
    return struct.pack(f"<{len(flat)}I", *flat)


def checksum(text: str) -> int:
    """32 bits of an id or address."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def asked_for(written: str) -> Sequence[int]:
    """The checksums by which an article may be known that someone names by its id or address."""
    return list(dict.fromkeys(map(checksum, (written, _plain(written), canonical_url(written)))))


def find(held: bytes, checksums: Sequence[int]) -> Iterator[SeenAt]:
    """The marks in ``held`` whose id or address has one of the checksums, oldest first."""
    wanted = set(checksums)
    for at, id_, url in _MARK.iter_unpack(held):
        if id_ in wanted or url in wanted:
            yield seen_at(at)


def seen_at(at: int) -> SeenAt:
    """What the first four bytes of a mark say."""
    return SeenAt((at & ~1) * 1000, bool(at & 1))


def oldest(held: bytes) -> int | None:
    """When the first of the marks was made, in ms; None where there are none."""
    return seen_at(struct.unpack_from("<I", held)[0]).at_ms if len(held) >= MARK_BYTES else None


def _moment(now_ms: int, *, partial: bool) -> int:
    return (now_ms // 1000 & 0xFFFFFFFE) | partial


def _plain(url: str) -> str:
    """Without what feeds add most often. The whole table of tracking parameters would take longer than all else."""
    return url.partition("#")[0].partition("?utm_")[0]
