"""What the dispatcher sleeps on: something was added for whomever, something ended, or it is to stop."""

import asyncio
from collections.abc import Callable


class Wake:
    """An event of two strengths. ``set`` also calls ``everyone``: nobody knows for whom something was added."""

    def __init__(self, everyone: Callable[[], None]) -> None:
        self._everyone = everyone
        self._event = asyncio.Event()

    def set(self) -> None:
        """Something was added."""
        self._everyone()
        self._event.set()

    def stir(self) -> None:
        """Look again, at what is known already."""
        self._event.set()

    def clear(self) -> None:
        """Look now: whatever comes later sets it again."""
        self._event.clear()

    async def wait(self, seconds: float) -> None:
        """Until woken, or ``seconds`` have passed; others get their turn in any case."""
        if seconds <= 0 or self._event.is_set():
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
