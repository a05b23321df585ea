"""Waiting that a stop ends at once."""

import asyncio


async def pause(seconds: float, stopping: asyncio.Event) -> None:
    """Returns after ``seconds``, or when ``stopping`` is set."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
