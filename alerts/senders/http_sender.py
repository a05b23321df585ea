"""Sends a delivery as a signed webhook: Standard Webhooks, one POST."""

import ssl
import time
from collections.abc import Callable

from aiohttp.abc import AbstractResolver

from alerts.model import Attempt, Leased
from alerts.receiver import Receiver
from alerts.senders.attempting import DEADLINE_SECONDS
from alerts.senders.http_exchange import HttpExchange, Request
from alerts.senders.signature import sign


class HttpSender:
    """Sends deliveries. Made inside the running loop, closed by ``close``."""

    def __init__(
        self,
        *,
        user_agent: str,
        now: Callable[[], float] = time.time,
        deadline_seconds: float = DEADLINE_SECONDS,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        exchange: HttpExchange | None = None,
    ) -> None:
        """``exchange`` takes the place of one of our own, made of the arguments before it."""
        self._user_agent = user_agent
        self._now = now
        self._exchange = exchange or HttpExchange(
            now=now, deadline_seconds=deadline_seconds, resolver=resolver, tls=tls
        )

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception."""
        return await self._exchange.timed(lambda seen: self._post(leased, receiver, seen), receiver.concealed)

    async def close(self) -> None:
        """Close every connection."""
        await self._exchange.close()

    async def _post(self, leased: Leased, receiver: Receiver, seen: list[Attempt]) -> None:
        await self._exchange.post(self.request(leased, receiver), seen)

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now, secrets masked."""
        return self.request(leased, receiver).shown()

    def request(self, leased: Leased, receiver: Receiver) -> Request:
        """What is sent, signed as of now."""
        delivery = leased.delivery
        timestamp = int(self._now())
        headers = {
            "content-type": "application/json",
            "user-agent": self._user_agent,
            "webhook-id": delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(receiver.secrets, delivery.id, timestamp, delivery.body),
            "rasid-attempt": str(leased.attempt),
        }
        if leased.order_gap:
            headers["rasid-order-gap"] = "true"
        if leased.replay:
            headers["rasid-replay"] = "true"
        if delivery.trace:
            headers["traceparent"] = delivery.trace
        return Request(receiver.url, delivery.body, headers, receiver.allow, receiver.concealed)
