"""Where in a file a publish stands, and whether a file is the one that it stood in. Pure."""

from hashlib import blake2b

import msgspec

from daemon.sources.file_lines import KEPT_OF_A_LINE

HEAD_BYTES = 1024
"""First bytes by which a file is known again; the last line before the place is the other half of the proof."""


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where a file is settled. Bytes are those of the text, unpacked where the file is compressed."""

    position: int  # where the next line begins
    line: int  # number of the last settled one, from 1
    line_start: int  # where it begins
    line_hash: str
    line_ended: bool  # False: the file ended without a line end
    head_length: int
    head_hash: str


def hashed(data: bytes) -> str:
    """By which bytes are known again."""
    return blake2b(data, digest_size=16).hexdigest()


def reached_at(head: bytes, start: int, end: int, number: int, text: bytes) -> Reached:
    """After the line ``number`` from ``start`` to ``end`` of the file that begins with ``head``."""
    length = min(len(head), HEAD_BYTES, end)
    return Reached(
        position=end,
        line=number,
        line_start=start,
        line_hash=hashed(text),
        line_ended=end - start > len(text),
        head_length=length,
        head_hash=hashed(head[:length]),
    )


def known_again(reached: Reached, head: bytes, last: bytes) -> bool:
    """Whether a file is the one of ``reached``, perhaps grown.

    ``last`` is what it holds from ``line_start`` to ``position``, as much as ``kept_length`` of it.
    """
    if len(head) < reached.head_length or hashed(head[: reached.head_length]) != reached.head_hash:
        return False
    return hashed(last[:KEPT_OF_A_LINE].removesuffix(b"\n")) == reached.line_hash


def kept_length(reached: Reached) -> int:
    """How many bytes from ``line_start`` on are needed to know it again."""
    return min(reached.position - reached.line_start, KEPT_OF_A_LINE)


def lines_before(reached: Reached) -> int:
    """What to add to line numbers that are counted from ``position``.

    Where the last line had no end, the end that was written since is counted first.
    """
    return reached.line if reached.line_ended else reached.line - 1
