"""One attempt under one deadline, and what is kept of what a receiver said."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from alerts.model import Attempt
from alerts.secret_text import SecretText, redacted

# Standard Webhooks asks for 15 to 30 seconds; the lease of a delivery (20 s) must outlive an attempt.
DEADLINE_SECONDS = 15.0

# What is kept of a reply for the history.
EXCERPT_CHARS = 200


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
    """The first part of a reply as it may be kept: one line, without secrets."""
    # A secret that begins inside the excerpt must be seen whole to be masked, also where it is percent-encoded.
    longest = max((len(secret.reveal().encode()) for secret in concealed), default=0)
    text = redacted(body[: 4 * EXCERPT_CHARS + 3 * longest].decode("utf-8", "replace"), concealed)
    return "".join(char if char.isprintable() else " " for char in text)[:EXCERPT_CHARS]
