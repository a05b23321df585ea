"""Sends a delivery as a mail, over a connection of its own to the configured mail server.

The rules are those of webhooks: every address is checked before a byte goes to it, the certificate must be trusted and
fit the name, one deadline over all, replies are bounded (32 kB, by the library).
"""

import asyncio
import contextlib
import socket
import ssl
from email.utils import parseaddr
from functools import partial

import aiosmtplib
from aiohttp.abc import AbstractResolver

from alerts.model import Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.mail import domain_of, mail_of
from alerts.rendering.message import Message
from alerts.rendering.told import flawed, told
from alerts.secret_text import redacted
from alerts.senders.attempting import DEADLINE_SECONDS, printable, timed
from alerts.senders.connect_check import DeniedAddress, check_connection
from alerts.senders.denied_addresses import MAIL_PORTS
from alerts.senders.http_resolver import ThreadResolver
from alerts.target import Email, Encryption

_BUSY = frozenset({421, 451, 452})
"""Not now: too many connections, an error or a limit of the server's, no room (RFC 5321, 4.2.2)."""

_MOST_REFUSALS = 3
"""Of refused recipients, how many are told of."""


class _NoEncryption(Exception):
    """The server does not offer what the configuration asks for: nothing is sent in the clear instead."""


class EmailSender:
    """Sends deliveries as mails. Made inside the running loop."""

    def __init__(
        self,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._deadline_seconds = deadline_seconds
        self._resolver = resolver or ThreadResolver()
        self._tls = tls

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one attempt. Whatever the server does is an ``Attempt``, never an exception.

        Taken for one recipient is delivered: to try again for the others would send it twice to this one.
        """
        mail, message = self._mail(leased, receiver)
        work = partial(self._deliver, mail, receiver)
        return flawed(await timed(work, partial(_failed, receiver), self._deadline_seconds), message)

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now: the mail as its server gets it."""
        target = _target(receiver)
        envelope = [f"SMTP {target.host}:{target.port} {target.encryption}"]
        envelope += [f"MAIL FROM:<{_address(target.sender)}>", *(f"RCPT TO:<{_address(each)}>" for each in target.to)]
        mail = self._mail(leased, receiver)[0].decode("ascii").replace("\r\n", "\n")
        return redacted("\n".join([*envelope, "", mail]), receiver.concealed)

    async def _deliver(self, mail: bytes, receiver: Receiver, seen: list[Attempt]) -> None:
        target = _target(receiver)
        client = aiosmtplib.SMTP(
            hostname=target.host,
            sock=await self._connected(target, receiver),
            use_tls=target.encryption is Encryption.TLS,
            start_tls=False,
            tls_context=self._context(),
            local_hostname=domain_of(target.sender),
            timeout=None,  # ``timed`` has the one deadline
        )
        try:
            await client.connect()
            if target.encryption is Encryption.STARTTLS:
                await client.ehlo()
                if not client.supports_extension("starttls"):
                    raise _NoEncryption(f"{target.host} offers no STARTTLS")
                await client.starttls(server_hostname=target.host, tls_context=self._context())
            if target.password is not None:
                await client.login(target.username, target.password.reveal())
            await client.mail(_address(target.sender))
            refused = await _recipients(client, target)
            said = await client.data(mail)
            told = "; ".join([*(str(each) for each in refused[:_MOST_REFUSALS]), said.message])
            excerpt = printable(told.encode("utf-8", "replace"), receiver.concealed)
            error = "some_refused" if refused else ""
            seen.append(Attempt(reply=Reply.DELIVERED, status=said.code, error=error, excerpt=excerpt))
            with contextlib.suppress(aiosmtplib.SMTPException):
                await client.quit()
        finally:
            client.close()

    def _mail(self, leased: Leased, receiver: Receiver) -> tuple[bytes, Message]:
        event, message = told(leased.delivery, receiver.style, receiver.templates)
        return mail_of(event, message, leased.delivery, _target(receiver)), message

    async def _connected(self, target: Email, receiver: Receiver) -> socket.socket:
        """A connection to the first address that takes one. Raises ``DeniedAddress`` if any must not be reached."""
        found = await self._resolver.resolve(target.host, target.port, socket.AF_UNSPEC)
        encrypted = target.encryption is not Encryption.OFF
        for each in found:
            check_connection(each["host"], target.port, receiver.allow, encrypted, MAIL_PORTS)
        last: OSError = ConnectionRefusedError(f"{target.host} has no address")
        for each in found:
            connection = socket.socket(each["family"], socket.SOCK_STREAM)
            try:
                connection.setblocking(False)
                await asyncio.get_running_loop().sock_connect(connection, (each["host"], each["port"]))
            except OSError as error:
                connection.close()
                last = error
            except BaseException:
                connection.close()
                raise
            else:
                return connection
        raise last

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


async def _recipients(client: aiosmtplib.SMTP, target: Email) -> list[aiosmtplib.SMTPRecipientRefused]:
    """Name them all. Those that were refused; raises ``SMTPRecipientsRefused`` if nobody is left."""
    refused = []
    for each in target.to:
        try:
            await client.rcpt(_address(each))
        except aiosmtplib.SMTPRecipientRefused as error:
            refused.append(error)
    if len(refused) == len(target.to):
        raise aiosmtplib.SMTPRecipientsRefused(refused)
    return refused


def _failed(receiver: Receiver, error: Exception) -> Attempt:
    """What an attempt came to that no server took; ``error`` is from a closed set."""
    status, said = 0, str(error)
    match error:
        case DeniedAddress():
            return Attempt(reply=Reply.REFUSED, error="denied_address", excerpt=printable(said.encode()))
        case aiosmtplib.SMTPRecipientsRefused():
            first = error.recipients[0]
            status, word, said = first.code, "recipients_refused", str(first)
        case aiosmtplib.SMTPAuthenticationError():
            status, word, said = error.code, "auth", error.message
        case aiosmtplib.SMTPResponseException():
            # The library's own code for a reply that is none is -1.
            status, word, said = max(0, error.code), "protocol" if error.code < 0 else "", error.message
        case _NoEncryption():
            word = "tls"
        case TimeoutError():
            word = "timeout"
        case socket.gaierror():
            word = "dns"
        case ssl.SSLError():
            word = "tls"
        case ConnectionRefusedError():
            word = "connect"
        case OSError() | aiosmtplib.SMTPServerDisconnected() | aiosmtplib.SMTPConnectError():
            word = "tls" if isinstance(error.__cause__, ssl.SSLError) else "disconnected"
        case _:
            word = "protocol"
    reply = Reply.BUSY if status in _BUSY else Reply.FAILED
    excerpt = printable(said.encode("utf-8", "replace"), receiver.concealed)
    return Attempt(reply=reply, status=status, error=word, excerpt=excerpt)


def _target(receiver: Receiver) -> Email:
    if not isinstance(receiver.target, Email):
        raise TypeError(f"{receiver.name} is no receiver of mail")
    return receiver.target


def _address(written: str) -> str:
    """``desk@example.org`` of ``Desk <desk@example.org>``."""
    return parseaddr(written)[1]
