"""What comes while a call is under way goes together in the next."""

import asyncio
from collections.abc import Sequence

from alerts.errors import Unavailable
from alerts.store.coalesced import Coalesced


class Server:
    """Answers ten times what it is asked, once it is let."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.open = 0
        self.let = asyncio.Event()
        self.down = False

    async def call(self, asked: Sequence[int]) -> list[int]:
        self.calls.append(list(asked))
        self.open += 1
        assert self.open == 1, "one call at a time"
        await self.let.wait()
        self.open -= 1
        if self.down:
            raise Unavailable("Redis: SETTLE")
        return [10 * each for each in asked]


def test_the_first_goes_at_once_and_the_others_together_in_order_up_to_a_limit() -> None:
    async def scenario() -> None:
        server = Server()
        coalesced = Coalesced(server.call, 3)
        asked = [asyncio.ensure_future(coalesced.ask(number)) for number in range(1)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asked += [asyncio.ensure_future(coalesced.ask(number)) for number in range(1, 6)]
        await asyncio.sleep(0)
        server.let.set()

        assert await asyncio.gather(*asked) == [0, 10, 20, 30, 40, 50]
        assert server.calls == [[0], [1, 2, 3], [4, 5]]

    asyncio.run(scenario())


def test_a_call_that_fails_fails_for_all_in_it_and_for_nobody_else() -> None:
    async def scenario() -> None:
        server = Server()
        server.let.set()
        server.down = True
        coalesced = Coalesced(server.call, 10)
        results = await asyncio.gather(*(coalesced.ask(number) for number in range(4)), return_exceptions=True)
        assert [type(each) for each in results] == [Unavailable] * 4
        server.down = False
        assert await coalesced.ask(7) == 70

    asyncio.run(scenario())


def test_who_stopped_waiting_holds_up_nobody_and_is_not_asked_for() -> None:
    async def scenario() -> None:
        server = Server()
        coalesced = Coalesced(server.call, 10)
        first = asyncio.ensure_future(coalesced.ask(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        second, third = (asyncio.ensure_future(coalesced.ask(number)) for number in (2, 3))
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        server.let.set()

        assert await third == 30
        assert server.calls == [[1], [3]]

    asyncio.run(scenario())
