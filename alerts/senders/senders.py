"""Every kind of receiver's sender, chosen by the receiver's type."""

from collections.abc import Mapping
from typing import Protocol

from alerts.logger import Logger
from alerts.model import FLAWS, Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.senders.apprise_sender import AppriseSender
from alerts.senders.http_alertmanager import AlertmanagerSender
from alerts.senders.http_exchange import HttpExchange
from alerts.senders.http_sender import HttpSender
from alerts.senders.http_slack import SlackSender
from alerts.senders.sender import Sender
from alerts.senders.smtp_sender import EmailSender
from alerts.target import Kind


class Previewed(Sender, Protocol):
    """A sender that can say beforehand what it would send."""

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now, secrets masked."""
        ...


class Senders:
    """Sends each delivery in its receiver's way. Made inside the running loop, closed by ``close``."""

    def __init__(self, *, user_agent: str, exchange: HttpExchange | None = None, log: Logger | None = None) -> None:
        self._log = log
        self._exchange = exchange or HttpExchange()
        self._by_kind: Mapping[Kind, Previewed] = {
            Kind.WEBHOOK: HttpSender(user_agent=user_agent, exchange=self._exchange),
            Kind.SLACK: SlackSender(self._exchange, user_agent),
            Kind.ALERTMANAGER: AlertmanagerSender(self._exchange, user_agent),
            Kind.EMAIL: EmailSender(),
            Kind.APPRISE: AppriseSender(),
        }

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception."""
        attempt = await self._by_kind[receiver.target.kind].send(leased, receiver)
        if attempt.error in FLAWS and attempt.reply is Reply.DELIVERED and self._log is not None:
            self._log.warning(
                "delivered_flawed",
                receiver=receiver.name,
                delivery=leased.delivery.id,
                flaw=attempt.error,
                detail=attempt.excerpt,
                hint="`rasid receivers test --dry-run` shows what it gets",
            )
        return attempt

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now, secrets masked."""
        return self._by_kind[receiver.target.kind].preview(leased, receiver)

    async def close(self) -> None:
        """Close every connection."""
        await self._exchange.close()
