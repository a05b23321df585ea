"""A dispatcher in a process of its own, which may be killed: ``python -m benchmarks.dispatching REDIS NAME URL``.

It runs until SIGTERM. Always the same instance, as a daemon that is started again in its state directory.
"""

import asyncio
import random
import signal
import sys
import time
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from alerts.dispatcher import Dispatcher
from alerts.model import Attempt, Leased
from alerts.observer import Ending
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.receiver import Receiver
from alerts.redis_connection import connect
from alerts.senders import Senders
from alerts.signature import parse_secrets
from alerts.standing import Standing

RECEIVERS = 20


class Silent:
    """Nobody who wants to know."""

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        pass

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        pass

    def removed(self, deliveries: int) -> None:
        pass

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        pass

    def info(self, event: str, **values: Any) -> None:
        pass  # a line of each request

    def warning(self, event: str, **values: Any) -> None:
        print(event, values, file=sys.stderr)


def name_of(number: int) -> str:
    """A receiver."""
    return f"desk{number}"


async def run(redis_url: str, name: str, url: str) -> None:
    """Deliver until told to stop."""
    stopping, silent = asyncio.Event(), Silent()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    key = parse_secrets("whsec_" + "QUJD" * 10, "benchmark")
    allow = (ip_network("127.0.0.0/8"),)
    names = [name_of(number) for number in range(RECEIVERS)]
    redis, sender = connect(redis_url), Senders(user_agent="rasid/benchmark")
    dispatcher = Dispatcher(
        outbox=RedisOutbox(redis, name, "one"),
        sender=sender,
        receivers={each: Receiver(name=each, url=url, secrets=key, allow=allow) for each in names},
        observer=silent,
        log=silent,
        now_ms=lambda: time.time_ns() // 1_000_000,
        chance=random.random,
        poll_seconds=0.05,  # what is added comes from another process
    )
    await dispatcher.run(stopping)
    await sender.close()
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:4]))
