"""Sends to Slack-compatible incoming webhooks."""

from dataclasses import replace

from alerts.model import Attempt, Leased
from alerts.receiver import Receiver
from alerts.rendering.message import Message
from alerts.rendering.slack import slack_body
from alerts.rendering.told import flawed, told
from alerts.senders.http_exchange import HttpExchange, Request

_SAID = frozenset(
    "invalid_token invalid_payload action_prohibited channel_not_found channel_is_archived no_active_hooks no_service "
    "no_service_id no_team team_disabled user_not_found posting_to_general_channel_denied too_many_attachments".split()
)
"""What Slack answers in words, beside the status: kept as the attempt's error, for it says what to mend."""


class SlackSender:
    """Sends deliveries as messages. A 403 or 404 is tried again: who mends the URL in time gets every alert."""

    def __init__(self, exchange: HttpExchange, user_agent: str) -> None:
        self._exchange = exchange
        self._user_agent = user_agent

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception."""
        message = self._message(leased, receiver)
        request = self._request(message, leased, receiver)
        attempt = await self._exchange.timed(lambda seen: self._exchange.post(request, seen), receiver.concealed)
        said = attempt.excerpt.strip()
        return flawed(replace(attempt, error=said) if said in _SAID and not attempt.error else attempt, message)

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now, secrets masked."""
        return self._request(self._message(leased, receiver), leased, receiver).shown()

    def _message(self, leased: Leased, receiver: Receiver) -> Message:
        return told(leased.delivery, receiver.style, receiver.templates)[1]

    def _request(self, message: Message, leased: Leased, receiver: Receiver) -> Request:
        """What is sent: the same bytes for the same delivery."""
        body = slack_body(message, leased.delivery.created_ms)
        headers = {"content-type": "application/json", "user-agent": self._user_agent}
        return Request(receiver.url, body, headers, receiver.allow, receiver.concealed)
