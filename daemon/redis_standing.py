"""How the store stands at this moment, for people: asked when they look, and not for each of them anew."""

import asyncio
import time
from collections.abc import Callable

from redis.asyncio import Redis

from alerts.store.redis_safety import Health, health_of

ANSWERS_SECONDS = 1.5
"""Longer than that is told as no answer: who looks at a page must see it within seconds."""

FRESH_SECONDS = 1.0
"""For so long an answer serves everybody who asks: any number of open pages costs the store one look a second."""


class RedisStanding:
    """Remembers the last answer. Whoever asks while another does waits for the same one."""

    def __init__(self, redis: Redis, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._known: tuple[float, Health] | None = None

    async def now(self) -> Health:
        """No more than ``FRESH_SECONDS`` old, after ``ANSWERS_SECONDS`` at most. Nothing is raised."""
        async with self._turn:
            if self._known is None or self._monotonic() - self._known[0] >= FRESH_SECONDS:
                health = await self._ask()
                self._known = self._monotonic(), health
            return self._known[1]

    async def _ask(self) -> Health:
        try:
            async with asyncio.timeout(ANSWERS_SECONDS):
                return await health_of(self._redis)
        except TimeoutError:
            return Health(answers=False)
