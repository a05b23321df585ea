"""Sends to a Prometheus Alertmanager, so that whoever is on call is told of news as of anything else."""

import time
from collections.abc import Callable

from alerts.model import Attempt, Leased
from alerts.receiver import Receiver
from alerts.rendering.alertmanager import alertmanager_body
from alerts.rendering.message import Message
from alerts.rendering.told import flawed, told
from alerts.senders.http_exchange import HttpExchange, Request
from alerts.target import Alertmanager

PATH = "/api/v2/alerts"


class AlertmanagerSender:
    """Sends deliveries as alerts. What an Alertmanager refuses (400) is tried again like all but 410."""

    def __init__(self, exchange: HttpExchange, user_agent: str, now: Callable[[], float] = time.time) -> None:
        self._exchange = exchange
        self._user_agent = user_agent
        self._now = now

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception."""
        request, message = self._request(leased, receiver)
        attempt = await self._exchange.timed(lambda seen: self._exchange.post(request, seen), receiver.concealed)
        return flawed(attempt, message)

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now, secrets masked."""
        return self._request(leased, receiver)[0].shown()

    def _request(self, leased: Leased, receiver: Receiver) -> tuple[Request, Message]:
        """What is sent, ending as of now."""
        target = receiver.target
        known = target if isinstance(target, Alertmanager) else Alertmanager()
        event, message = told(leased.delivery, receiver.style, receiver.templates)
        body = alertmanager_body(event, message, leased.delivery, known.resolve_after, round(self._now() * 1000))
        headers = {"content-type": "application/json", "user-agent": self._user_agent}
        if known.authorization is not None:
            headers["authorization"] = known.authorization.reveal()
        url = receiver.url.rstrip("/") + PATH
        return Request(url, body, headers, receiver.allow, receiver.concealed), message
