"""One attempt under one deadline, and what is kept of what a receiver said."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from alerts.model import Attempt
from alerts.secret_text import SecretText, masked_start, redacted

# Standard Webhooks asks for 15 to 30 seconds; the lease of a delivery (20 s) must outlive an attempt.
DEADLINE_SECONDS = 15.0

EXCERPT_BYTES = 1024
"""Of a reply, in UTF-8, is kept for the history: an error page says in its first lines what it did not like."""

_READ_BYTES = 4 * EXCERPT_BYTES
"""Of a reply that are looked at: masks are shorter than what they hide."""

# Arabic letter mark, left-to-right and right-to-left marks, embeddings, overrides, isolates: they would turn the
# direction of the line in which a reply is shown.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


async def timed(
    make: Callable[[list[Attempt]], Awaitable[None]], failed: Callable[[Exception], Attempt], deadline_seconds: float
) -> Attempt:
    """What ``make`` came to within the deadline: the last attempt that it noted, however it ended."""
    started = time.monotonic()
    # What is known when the deadline passes: a receiver that said 200 has taken it, however its reply drips.
    seen: list[Attempt] = []
    try:
        async with asyncio.timeout(deadline_seconds):
            await make(seen)
        attempt = seen[-1]
    except Exception as error:
        attempt = seen[-1] if seen else failed(error)
    return replace(attempt, seconds=time.monotonic() - started)


def printable(body: bytes, concealed: tuple[SecretText, ...] = ()) -> str:
    """The first part of a reply as it may be kept: one line of ``EXCERPT_BYTES`` at most, without secrets.

    What would turn the reading direction is shown as a mark, ``[U+202E]``.
    """
    if not body:
        return ""  # as most receivers answer
    text, cut = body[:_READ_BYTES].decode("utf-8", "replace"), len(body) > _READ_BYTES
    line = "".join(map(_shown, masked_start(text, concealed) if cut else redacted(text, concealed)))
    return line.encode()[:EXCERPT_BYTES].decode("utf-8", "ignore")


def _shown(char: str) -> str:
    if char in _TURNING:
        return f"[U+{ord(char):04X}]"
    return char if char.isprintable() else " "
