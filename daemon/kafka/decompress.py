"""Decompression of a Kafka block into memory of a given size, never past its end. Pure.

A block of 29 kB can stand for 900 MB, so nothing here allocates what the block asks for: the caller gives the room.
"""

import mmap
import struct
import zlib
from enum import IntEnum

import cramjam

XERIAL = b"\x82SNAPPY\0"
"""Begins a snappy block as Java writes it: this, two version numbers, then pieces with their lengths."""
XERIAL_HEADER = 16

GZIP_STEP = 1024 * 1024
"""zlib hands out new bytes objects; of this size they are a small part of the room."""

MAX_MEMBERS = 16
"""Of one gzip block, each of which costs a copy of what follows it. Producers write one."""

SMALLEST_PIECE = 1024
"""Of a snappy block, on average: Java writes pieces of 32 KiB. A million empty ones would cost a second."""

NO_ROOM = "failed to write whole buffer"
"""What cramjam says where the output does not fit, and only then. It has no exception of its own for it."""


class Codec(IntEnum):
    """As numbered in a batch's attributes."""

    NONE = 0
    GZIP = 1
    SNAPPY = 2
    LZ4 = 3
    ZSTD = 4


class DoesNotFit(Exception):
    """The block stands for more than the room it was given."""


class Damaged(Exception):
    """The block is not what its codec writes, or nobody knows its codec."""


def room(size: int) -> mmap.mmap:
    """Memory that costs nothing until it is written to, and is given back at once when closed.

    A bytearray would be zeroed when made: 64 MiB of it, with every thread waiting.
    """
    return mmap.mmap(-1, size)


def decompress_into(codec: int, block: memoryview, output: mmap.mmap) -> int:
    """Write what ``block`` stands for to the beginning of ``output``. Returns its length.

    Raises ``DoesNotFit`` or ``Damaged``, nothing else. Other threads run meanwhile.
    """
    try:
        match codec:
            case Codec.GZIP:
                return _gzip(block, output)
            case Codec.SNAPPY:
                return _snappy(block, output)
            case Codec.LZ4:
                return cramjam.lz4.decompress_into(block, output)
            case Codec.ZSTD:
                return cramjam.zstd.decompress_into(block, output)
    except cramjam.DecompressionError as error:
        if str(error) == NO_ROOM:
            raise _does_not_fit(output) from None
        raise Damaged(f"{Codec(codec).name.lower()}: {error}") from None
    except zlib.error as error:
        raise Damaged(f"gzip: {error}") from None
    raise Damaged(f"codec {codec} is unknown")


def _does_not_fit(output: mmap.mmap) -> DoesNotFit:
    return DoesNotFit(f"more than {len(output)} bytes after decompression")


def _gzip(block: memoryview, output: mmap.mmap) -> int:
    """One gzip member after the other, as gzip has it."""
    written, rest, members = 0, bytes(block), 0
    while rest:
        members += 1
        if members > MAX_MEMBERS:
            raise Damaged(f"gzip: more than {MAX_MEMBERS} members")
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        while not member.eof:
            piece = member.decompress(rest, GZIP_STEP)
            if written + len(piece) > len(output):
                raise _does_not_fit(output)
            output[written : written + len(piece)] = piece
            written += len(piece)
            rest = member.unconsumed_tail
            if not piece and not rest and not member.eof:
                raise Damaged("gzip: the block ends too early")
        rest = member.unused_data.lstrip(b"\0")  # padding is allowed
    return written


def _snappy(block: memoryview, output: mmap.mmap) -> int:
    if bytes(block[: len(XERIAL)]) != XERIAL or len(block) <= XERIAL_HEADER:
        return _snappy_piece(block, output, 0)
    written, at, pieces_left = 0, XERIAL_HEADER, max(1, len(output) // SMALLEST_PIECE)
    while at < len(block):
        pieces_left -= 1
        if pieces_left < 0:
            raise Damaged(f"snappy: pieces of less than {SMALLEST_PIECE} bytes")
        if at + 4 > len(block):
            raise Damaged("snappy: the block ends too early")
        (length,) = struct.unpack_from(">i", block, at)
        at += 4
        if not 0 <= length <= len(block) - at:
            raise Damaged(f"snappy: a piece of {length} bytes, where {len(block) - at} are left")
        written += _snappy_piece(block[at : at + length], output, written)
        at += length
    return written


def _snappy_piece(piece: memoryview, output: mmap.mmap, begin: int) -> int:
    length = cramjam.snappy.decompress_raw_len(piece)  # as the piece itself says, and is held to when read
    if length > len(output) - begin:
        raise _does_not_fit(output)
    if length == 0:  # cramjam wants some room even for nothing
        return 0
    with memoryview(output) as whole, whole[begin : begin + length] as place:
        return cramjam.snappy.decompress_raw_into(piece, place)
