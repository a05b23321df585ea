"""Clients of the API's alerts, and an article of the second topic."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.daemon.build import a_line

ALERTS = "/api/v1/alerts"
STREAM = "/api/v1/alerts/stream"


def a_harbour(number: int) -> bytes:
    """An English article of the other topic."""
    words = " ".join(f"word{number}row{step}" for step in range(30))
    return a_line(id=f"harbour-{number}", title=f"The harbour of town {number}", body=words, lang="en")


class Followed:
    """A stream, read event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def block(self) -> dict[str, str]:
        """The next one by field, a comment under an empty name."""
        fields: dict[str, str] = {}
        while line := (await self.answer.content.readline()).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        if not fields and self.answer.content.at_eof():
            raise EOFError
        return fields

    async def event(self) -> dict[str, str]:
        """The next block that shows something, by field."""
        while True:
            fields = await self.block()
            if "data" in fields:
                return fields

    async def article(self) -> str:
        """The article of the next notice."""
        return str(json.loads((await self.event())["data"])["article"])


@asynccontextmanager
async def following(address: str, query: str = "", **headers: str) -> AsyncIterator[Followed]:
    """A client of the stream."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}{STREAM}{query}", headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        yield Followed(answer)


async def ask(address: str, path: str, status: int = 200, **options: Any) -> dict[str, Any]:
    """The JSON at a path."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}", **options) as answer:
        assert answer.status == status, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found
