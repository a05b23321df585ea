"""A dispatcher in a process of its own, which may be killed: ``python -m benchmarks.dispatching REDIS NAME URL``.

It runs until SIGTERM. Always the same instance, as a daemon that is started again in its state directory.
"""

import asyncio
import random
import signal
import sys
import time
from ipaddress import ip_network

from alerts.dispatch.dispatcher import Dispatcher
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.receiver import Receiver
from alerts.senders.senders import Senders
from alerts.senders.signature import parse_secrets
from alerts.store.redis_connection import connect
from benchmarks.unheard import Unheard

RECEIVERS = 20


def name_of(number: int) -> str:
    """A receiver."""
    return f"desk{number}"


async def run(redis_url: str, name: str, url: str) -> None:
    """Deliver until told to stop."""
    stopping, unheard = asyncio.Event(), Unheard()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    key = parse_secrets("whsec_" + "QUJD" * 10, "benchmark")
    allow = (ip_network("127.0.0.0/8"),)
    names = [name_of(number) for number in range(RECEIVERS)]
    redis, sender = connect(redis_url), Senders(user_agent="rasid/benchmark")
    dispatcher = Dispatcher(
        outbox=RedisOutbox(redis, name, "one"),
        sender=sender,
        receivers={each: Receiver(name=each, url=url, secrets=key, allow=allow) for each in names},
        observer=unheard,
        log=unheard,
        now_ms=lambda: time.time_ns() // 1_000_000,
        chance=random.random,
        poll_seconds=0.05,  # what is added comes from another process
    )
    await dispatcher.run(stopping)
    await sender.close()
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:4]))
