"""A delivery as a mail: what a mail server gets, and how its answers are understood."""

import asyncio
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from alerts.model import Attempt, Reply
from alerts.target import Encryption
from tests.alerts.senders.mailing import EXAMPLES, PASSWORD, Post, a_lease, a_mailbox, a_sender, mail_server, mailed


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


@pytest.mark.parametrize("encryption", list(Encryption))
def test_an_alert_arrives_as_a_mail_however_the_connection_is_encrypted(encryption: Encryption) -> None:
    post = Post()

    async def scenario() -> Attempt:
        async with mail_server(post, encryption) as port:
            (attempt,) = await mailed(a_mailbox(port, encryption=encryption, password=PASSWORD))
            return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.status, attempt.excerpt) == (Reply.DELIVERED, 250, "taken")
    assert post.users == ["rasid"]
    (envelope,) = post.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("rasid@news.example", ["desk@news.example"])
    mail = read(cast(bytes, envelope.content))
    assert "تأجيل افتتاح الميناء" in mail["Subject"] and "راصد" in mail["From"]
    assert mail["Message-ID"] == f"<{EXAMPLES['alert.opened'].id}@news.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, page = (cast(EmailMessage, mail.get_body((kind,))).get_content() for kind in ("plain", "html"))
    assert text.rstrip().endswith("https://news.example/rasid/test?number=1")
    assert '<body dir="rtl">' in page and 'href="https://news.example/rasid/test?number=1"' in page


def test_every_notice_of_an_alert_is_of_one_conversation_and_a_repeat_is_the_same_bytes() -> None:
    post = Post()
    kinds = ("alert.opened", "alert.updated", "alert.corrected")

    async def scenario() -> None:
        async with mail_server(post) as port:
            leases = [a_lease(EXAMPLES[kind]) for kind in kinds]
            await mailed(a_mailbox(port), *leases, a_lease(attempt=3))

    asyncio.run(scenario())

    contents = [cast(bytes, each.content) for each in post.mails]
    assert contents[0] == contents[3]
    assert len({read(each)["References"] for each in contents}) == 1
    assert len({read(each)["Message-ID"] for each in contents}) == 3


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("250 taken", (Reply.DELIVERED, 250, "")),
        ("421 too many connections", (Reply.BUSY, 421, "")),
        ("451 try again later", (Reply.BUSY, 451, "")),
        ("450 greylisted", (Reply.FAILED, 450, "")),
        ("550 no", (Reply.FAILED, 550, "")),
        ("554 looks like spam", (Reply.FAILED, 554, "")),
    ],
)
def test_an_answer_to_the_mail_is_understood(says: str, expected: tuple[Reply, int, str]) -> None:
    async def scenario() -> Attempt:
        async with mail_server(Post(says=says)) as port:
            (attempt,) = await mailed(a_mailbox(port))
            return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.status, attempt.error) == expected


@pytest.mark.parametrize(
    ("refuses", "expected"),
    [
        ({}, (Reply.DELIVERED, "", ["a@n.example", "b@n.example"])),
        ({"a@n.example": "550 unknown"}, (Reply.DELIVERED, "some_refused", ["b@n.example"])),
        ({"a@n.example": "550 no", "b@n.example": "450 later"}, (Reply.FAILED, "recipients_refused", [])),
        ({"a@n.example": "452 full", "b@n.example": "452 full"}, (Reply.BUSY, "recipients_refused", [])),
    ],
)
def test_who_is_refused_keeps_no_mail_from_the_others(
    refuses: Mapping[str, str], expected: tuple[Reply, str, list[str]]
) -> None:
    post = Post(refuses=refuses)

    async def scenario() -> Attempt:
        async with mail_server(post) as port:
            (attempt,) = await mailed(a_mailbox(port, to=("a@n.example", "B <b@n.example>")))
            return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, [each for mail in post.mails for each in mail.rcpt_tos]) == expected
    assert attempt.error != "some_refused" or "a@n.example" in attempt.excerpt


def test_a_wrong_password_is_a_failed_attempt_that_repeats_it_nowhere() -> None:
    async def scenario() -> Attempt:
        async with mail_server(Post()) as port:
            (attempt,) = await mailed(a_mailbox(port, password="canary-of-another"))
            return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.status, attempt.error) == (Reply.FAILED, 535, "auth")
    assert attempt.excerpt == "not with ***"


@pytest.mark.parametrize(
    ("served", "asked", "trusted", "host", "error"),
    [
        (Encryption.STARTTLS, Encryption.STARTTLS, False, "receiver.test", "tls"),
        (Encryption.STARTTLS, Encryption.STARTTLS, True, "other.test", "tls"),
        (Encryption.TLS, Encryption.TLS, False, "receiver.test", "tls"),
        (Encryption.TLS, Encryption.TLS, True, "other.test", "tls"),
        (Encryption.OFF, Encryption.STARTTLS, True, "receiver.test", "tls"),
        (Encryption.OFF, Encryption.TLS, True, "receiver.test", "tls"),
    ],
)
def test_without_a_trusted_certificate_for_its_name_no_password_and_no_mail_is_sent(
    served: Encryption, asked: Encryption, trusted: bool, host: str, error: str
) -> None:
    post = Post()

    async def scenario() -> Attempt:
        async with mail_server(post, served) as port:
            receiver = a_mailbox(port, encryption=asked, password=PASSWORD, host=host)
            (attempt,) = await mailed(receiver, trusted=trusted, deadline=2.0)
            return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error) == (Reply.FAILED, error)
    assert (post.users, post.mails) == ([], [])


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent(answer: list[str]) -> None:
    connections = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1

    async def scenario() -> Attempt:
        server = await asyncio.start_server(count, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        attempt = await a_sender(1.0, answer).send(a_lease(), a_mailbox(port, allowed=False))
        server.close()
        return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, connections) == (Reply.REFUSED, "denied_address", 0)


def test_a_preview_is_the_mail_as_its_server_gets_it() -> None:
    shown = a_sender().preview(a_lease(), a_mailbox(587, encryption=Encryption.STARTTLS, password=PASSWORD))

    assert shown.startswith(
        "SMTP receiver.test:587 starttls\nMAIL FROM:<rasid@news.example>\nRCPT TO:<desk@news.example>"
    )
    assert read(shown.partition("\n\n")[2].encode())["Subject"] and "canary" not in shown
