"""Mail servers to send to: one that nobody here wrote, and ones that do as they like."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from alerts.model import Attempt, Delivery, Leased
from alerts.receiver import Receiver
from alerts.rendering.event import Style
from alerts.rendering.examples import example_deliveries
from alerts.secret_text import SecretText
from alerts.senders.smtp_sender import EmailSender
from alerts.target import Email, Encryption
from tests.alerts.senders.sending import CERTIFICATE, LOOPBACK, PRIVATE_KEY, Names

PASSWORD = "canary-password"


@dataclass
class Post:
    """What a mail server did, and how it shall answer."""

    mails: list[Envelope] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    refuses: Mapping[str, str] = field(default_factory=dict)  # recipient → reply
    says: str = "250 taken"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.mails.append(envelope)
        return self.says

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        good = bool(login.password == PASSWORD.encode())
        self.users += [login.login.decode()] if good else []
        return AuthResult(
            success=good, handled=good, message=None if good else f"535 not with {login.password.decode()}"
        )


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, PRIVATE_KEY)
    return context


@contextlib.asynccontextmanager
async def mail_server(post: Post, encryption: Encryption = Encryption.OFF) -> AsyncIterator[int]:
    """A proper mail server on a port of this machine, called ``receiver.test`` where it has a certificate."""

    def make() -> SMTP:
        return SMTP(
            post,
            hostname="receiver.test",
            tls_context=server_tls() if encryption is Encryption.STARTTLS else None,
            require_starttls=encryption is Encryption.STARTTLS,
            authenticator=post.authenticate,
            auth_require_tls=False,
        )

    tls = server_tls() if encryption is Encryption.TLS else None
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def a_mailbox(
    port: int,
    *,
    encryption: Encryption = Encryption.OFF,
    password: str = "",
    to: tuple[str, ...] = ("Desk <desk@news.example>",),
    allowed: bool = True,
    host: str = "receiver.test",
) -> Receiver:
    return Receiver(
        name="mail",
        url="",
        secrets=(),
        allow=LOOPBACK if allowed else (),
        style=Style("ar"),
        concealed=(SecretText(password),) if password else (),
        target=Email(
            host=host,
            port=port,
            encryption=encryption,
            sender="Rasid راصد <rasid@news.example>",
            to=to,
            username="rasid" if password else "",
            password=SecretText(password) if password else None,
        ),
    )


EXAMPLES = example_deliveries(a_mailbox(1), 1_795_608_000_000)


def a_lease(delivery: Delivery = EXAMPLES["alert.opened"], attempt: int = 1) -> Leased:
    return Leased(delivery=delivery, attempt=attempt, order_gap=False, replay=False)


def a_sender(deadline: float = 5.0, *answers: list[str], trusted: bool = True) -> EmailSender:
    tls = ssl.create_default_context(cafile=str(CERTIFICATE)) if trusted else None
    return EmailSender(deadline_seconds=deadline, resolver=Names(*(answers or (["127.0.0.1"],))), tls=tls)


async def mailed(receiver: Receiver, *leases: Leased, trusted: bool = True, deadline: float = 5.0) -> list[Attempt]:
    sender = a_sender(deadline, trusted=trusted)
    return [await sender.send(leased, receiver) for leased in leases or (a_lease(),)]
