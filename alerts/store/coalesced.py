"""Requests that come while one is under way go together in the next: one call and one write to disk for all of them.

Nobody waits for others to come: a request that comes while nothing is under way goes at once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Coalesced(Generic[Asked, Answer]):
    """Calls ``call`` with at most ``most`` requests, one call at a time. All of a call share its error."""

    def __init__(self, call: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]], most: int) -> None:
        """``call`` answers each request, in order."""
        self._call = call
        self._most = most
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._work: asyncio.Task[None] | None = None

    async def ask(self, request: Asked) -> Answer:
        """The answer to ``request``. Raises what the call raised that it was in."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run(), name="together")
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
            asked = [(request, answer) for request, answer in batch if not answer.done()]  # else nobody waits for it
            try:
                answers = await self._call([request for request, _ in asked]) if asked else []
            except BaseException as error:
                for _, answer in asked:
                    if not answer.done():
                        answer.set_exception(error) if isinstance(error, Exception) else answer.cancel()
                if not isinstance(error, Exception):
                    raise
            else:
                for (_, answer), each in zip(asked, answers, strict=True):
                    if not answer.done():
                        answer.set_result(each)
