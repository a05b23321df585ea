"""Mail servers that misbehave are failed attempts, within the deadline, and cost little."""

import asyncio
import resource
import socket

import pytest

from alerts.model import Attempt, Reply
from tests.alerts.senders.mailing import a_mailbox, mailed
from tests.alerts.senders.sending import SHORT, raw_serving
from tests.hostile import Serve, never, reset, saying, without_end


async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01 hello\r\n")
    await writer.drain()
    await reader.read()


async def silent_after_the_greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 hello\r\n")
    await writer.drain()
    await reader.read()


@pytest.mark.parametrize(
    ("serve", "errors", "reply"),
    [
        (never, {"timeout"}, Reply.FAILED),
        (without_end(b"", b"2", 0.02), {"timeout"}, Reply.FAILED),
        (without_end(b"", b"220-welcome\r\n" * 1000), {"protocol", "timeout"}, Reply.FAILED),
        (without_end(b"", b"2" * 65_536), {"protocol"}, Reply.FAILED),
        (nonsense, {"protocol"}, Reply.FAILED),
        (saying(b"HTTP/1.1 200 OK\r\n\r\n"), {"protocol"}, Reply.FAILED),
        (reset, {"disconnected"}, Reply.FAILED),
        (silent_after_the_greeting, {"timeout"}, Reply.FAILED),
        (saying(b"220 hello\r\n"), {"disconnected"}, Reply.FAILED),
        (saying(b"421 too many connections\r\n"), {"", "disconnected"}, Reply.BUSY),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_mail_server_that_misbehaves_is_a_failed_attempt(serve: Serve, errors: set[str], reply: Reply) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def scenario() -> Attempt:
        async with raw_serving(serve) as url:
            port = int(url.split(":")[2].split("/")[0])
            (attempt,) = await mailed(a_mailbox(port), deadline=SHORT)
            return attempt

    attempt = asyncio.run(scenario())

    assert attempt.reply is reply and attempt.error in errors
    assert attempt.seconds < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024, "kilobytes"


def test_nobody_listening_is_a_failed_attempt() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        (attempt,) = asyncio.run(mailed(a_mailbox(bound.getsockname()[1])))

    assert (attempt.reply, attempt.error) == (Reply.FAILED, "connect")


def test_a_server_that_took_the_mail_and_never_says_goodbye_has_taken_it() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if line == b"QUIT\r\n":
                await asyncio.Event().wait()
            if line == b"DATA\r\n":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 fine\r\n")
            await writer.drain()

    async def scenario() -> Attempt:
        async with raw_serving(serve) as url:
            (attempt,) = await mailed(a_mailbox(int(url.split(":")[2].split("/")[0])), deadline=1.0)
            return attempt

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.status) == (Reply.DELIVERED, 250)
