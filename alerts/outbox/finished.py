"""What is kept of a delivery that is finished, as ``settle.lua`` writes it."""

import msgspec

from alerts.model import Delivery

_decode = msgspec.msgpack.Decoder(Delivery).decode


def read_finished(data: bytes) -> tuple[str, int, int, Delivery]:
    """Why it is dead, or the status by which it arrived; attempts; when, in ms; the delivery with its bytes."""
    word, attempts, at_ms, stored = data.split(b" ", 3)
    return word.decode(), int(attempts), int(at_ms), _decode(stored)
