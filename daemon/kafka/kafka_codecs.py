"""A cap on what aiokafka decompresses, because it has none: 29 kB of zstd can become 900 MB, within the event loop.

aiokafka has no option or hook for it. Its batch readers, compiled or not, look up ``zstd_decode`` and the like in
their own module when they decompress, so ``install`` sets those names to decoders that stop at the cap. A batch over
it or of a suspicious ratio makes ``getmany`` raise ``BatchUnreadable``; ``kafka_salvage`` then reads it in a
thread, whatever its ratio. The tests decompress a real batch through each reader and fail should a release of aiokafka
look elsewhere.
"""

import threading
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from aiokafka.errors import CorruptRecordException

from daemon.kafka.decompress import Codec, Damaged, DoesNotFit, decompress_into, room

CAP_BYTES = 8 * 1024 * 1024
"""A batch of ordinary articles is 1 MiB before compression. gzip keeps the loop 30 ms for as much as this."""

ALWAYS_BYTES = 1024 * 1024
MOST_TIMES = 32
"""What is decompressed to more than that may be this many times its size; news compresses to a tenth. For what comes
cheap in a block comes dear out of it: aiokafka makes 270 MiB of 7 MiB of empty headers, and 800 bytes hold those."""

READERS = (
    "aiokafka.record.default_records",
    "aiokafka.record.legacy_records",
    "aiokafka.record._crecords.default_records",
    "aiokafka.record._crecords.legacy_records",
)
"""Modules of aiokafka that decompress. The compiled ones are not everywhere."""

DECODERS = {
    "gzip_decode": Codec.GZIP,
    "snappy_decode": Codec.SNAPPY,
    "lz4_decode": Codec.LZ4,
    "zstd_decode": Codec.ZSTD,
}


class BatchUnreadable(CorruptRecordException):  # type: ignore[misc]  # aiokafka has no types
    """A batch does not decompress, or to more than the event loop may bear."""


def install(cap_bytes: int = CAP_BYTES) -> None:
    """Cap every decoder of this process. May be called again, also with another cap."""
    output, alone = room(cap_bytes), threading.Lock()

    def capped(codec: Codec) -> Callable[[bytes | memoryview], bytes]:
        def decode(payload: bytes | memoryview) -> bytes:
            with alone:  # the room is one for all: made anew for each batch it would cost more than the batch
                try:
                    length = decompress_into(codec, memoryview(payload), output)
                except (DoesNotFit, Damaged) as error:
                    raise BatchUnreadable(str(error)) from None
                if length > max(ALWAYS_BYTES, MOST_TIMES * len(payload)):
                    raise BatchUnreadable(f"{length} bytes out of {len(payload)}")
                return output[:length]

        return decode

    decoders = {name: capped(codec) for name, codec in DECODERS.items()}
    for reader in readers():
        for name, decode in decoders.items():
            if hasattr(reader, name):
                setattr(reader, name, decode)


def readers() -> list[ModuleType]:
    """Those of ``READERS`` that there are."""
    found = []
    for name in READERS:
        try:
            found.append(import_module(name))
        except ImportError:
            continue
    return found
