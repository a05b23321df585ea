"""Reads one Kafka record out of a decompressed block. Pure.

Record: length, attributes, timestamp delta, offset delta, key, value, headers; numbers are zigzag varints, and −1 is
the length of null.
"""

import mmap
from typing import NamedTuple

from daemon.sources.decode import MAX_BYTES

Block = bytes | mmap.mmap

KEPT_VALUE = MAX_BYTES + 1
"""Of a value: enough for the decoder to see that it is too long."""

KEPT_KEY = 64 * 1024
"""Of a key, and of all headers together. A longer one is no key of an article."""

MAX_HEADERS = 100
"""Those of tracing are two or three. A block can claim millions, each of which costs fifty times its size here."""


class Malformed(Exception):
    """The bytes are no record."""


class Place(NamedTuple):
    """What stands before a record's content."""

    milliseconds: int  # after the batch's first
    offset: int  # after the batch's base
    content: int  # where key, value and headers begin


class Fields(NamedTuple):
    """What an article is made of."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


def end_of_record(block: Block, at: int, stop: int) -> tuple[int, int]:
    """Where the record begins whose length stands at ``at``, and where it ends. Raises ``Malformed``."""
    length, begin = _number(block, at, stop)
    if not 0 <= length <= stop - begin:
        raise Malformed(f"a record of {length} bytes, where {stop - begin} are left")
    return begin, begin + length


def read_place(block: Block, begin: int, stop: int) -> Place:
    """Attributes are one byte, and mean nothing yet. Raises ``Malformed``."""
    milliseconds, at = _number(block, begin + 1, stop)
    offset, at = _number(block, at, stop)
    return Place(milliseconds, offset, at)


def read_fields(block: Block, at: int, stop: int) -> Fields:
    """From where the content begins to the record's end. Raises ``Malformed``."""
    key, at = _bytes(block, at, stop, KEPT_KEY)
    value, at = _bytes(block, at, stop, KEPT_VALUE)
    count, at = _number(block, at, stop)
    if count < 0:
        raise Malformed(f"{count} headers")
    headers: list[tuple[str, bytes]] = []
    kept = 0
    for _ in range(count):
        if len(headers) == MAX_HEADERS or kept > KEPT_KEY:
            return Fields(key, value, tuple(headers))
        name, at = _bytes(block, at, stop, KEPT_KEY)
        if name is None:
            raise Malformed("a header without a name")
        content, at = _bytes(block, at, stop, KEPT_KEY)
        headers.append((name.decode(errors="replace"), content or b""))
        kept += len(name) + len(content or b"")
    if at != stop:
        raise Malformed(f"{stop - at} bytes after the last header")
    return Fields(key, value, tuple(headers))


def _bytes(block: Block, at: int, stop: int, kept: int) -> tuple[bytes | None, int]:
    """The first ``kept`` of as many bytes as the number at ``at`` says, and what comes after all of them."""
    length, at = _number(block, at, stop)
    if length == -1:
        return None, at
    if not 0 <= length <= stop - at:
        raise Malformed(f"a field of {length} bytes, where {stop - at} are left")
    return block[at : at + min(length, kept)], at + length


def _number(block: Block, at: int, stop: int) -> tuple[int, int]:
    value = shift = 0
    while at < stop:
        byte = block[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at
        shift += 7
        if shift > 63:
            raise Malformed("a number of more than ten bytes")
    raise Malformed("the record ends within a number")
