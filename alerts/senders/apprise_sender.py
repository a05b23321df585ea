"""Sends by Apprise, in a process of its own for each message, which can be ended when its time is over.

A message takes a second of computing that way, which is fine for people's phones and too much for machines: those have
webhooks.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alerts.model import Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.rendering.message import Message
from alerts.rendering.told import flawed, told
from alerts.secret_text import MASK, redacted
from alerts.senders.attempting import DEADLINE_SECONDS, printable, timed
from alerts.target import Apprise

MOST_AT_ONCE = 4
"""Processes: each takes some 60 MB."""

CHECK_SECONDS = 30.0

_ANSWER_BYTES = 64 * 1024

_COMMAND = (sys.executable, "-m", "alerts.senders.apprise_worker")

# What the process is given of our environment: neither proxies, nor the secrets that stand in variables.
_KEPT = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR")


class AppriseSender:
    """Sends deliveries as messages. Made inside the running loop."""

    def __init__(self, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._deadline_seconds = deadline_seconds
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one attempt. Whatever the service does is an ``Attempt``, never an exception."""
        _, message = told(leased.delivery, receiver.style, receiver.templates)
        async with self._room:  # before the time begins: a queue of ours is no fault of the service
            work = partial(self._work, message, receiver)
            return flawed(await timed(work, partial(_failed, receiver), self._deadline_seconds), message)

    def preview(self, leased: Leased, receiver: Receiver) -> str:
        """What ``send`` would send now, secrets masked."""
        _, message = told(leased.delivery, receiver.style, receiver.templates)
        scheme = _url(receiver).partition("://")[0]
        return redacted(f"Apprise {scheme}://{MASK}\n\n{message.title}\n\n{message.text}", receiver.concealed)

    async def _work(self, message: Message, receiver: Receiver, seen: list[Attempt]) -> None:
        asked = _asked(receiver, str(message.title), str(message.text))
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            answer, _ = await process.communicate(asked)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        seen.append(_attempt(answer[:_ANSWER_BYTES], receiver))


def why_unusable(receiver: Receiver) -> str | None:
    """Why Apprise cannot use the receiver's URL, with the remedy; None if it can. Takes a second."""
    if not _url(receiver):
        return None  # that there is none was told already
    if find_spec("apprise") is None:
        return "the package apprise is not installed: pip install 'rasid[apprise]'"
    try:
        ended = subprocess.run(
            _COMMAND,
            input=_asked(receiver, "", "", check=True),
            capture_output=True,
            env=_environment(),
            timeout=CHECK_SECONDS,
            check=False,
        )
        known = bool(json.loads(ended.stdout)["sent"])
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return "the package apprise cannot be used: reinstall it, pip install 'rasid[apprise]'"
    return None if known else "Apprise knows no service of this URL: compare it with the service's page in its manual"


def _asked(receiver: Receiver, title: str, body: str, *, check: bool = False) -> bytes:
    asked: dict[str, Any] = {"url": _url(receiver), "title": title, "body": body, "check": check}
    return json.dumps(asked | {"allow": list(map(str, receiver.allow))}).encode()


def _attempt(answer: bytes, receiver: Receiver) -> Attempt:
    try:
        read = json.loads(answer)
        sent, denied, said = bool(read["sent"]), str(read["denied"]), str(read["said"])
    except (ValueError, KeyError, TypeError):  # it died: of its memory, or killed by somebody
        return Attempt(reply=Reply.FAILED, error="apprise_died")
    if sent:
        return Attempt(reply=Reply.DELIVERED)
    if denied:
        return Attempt(reply=Reply.REFUSED, error="denied_address", excerpt=printable(denied.encode()))
    excerpt = printable(said.encode("utf-8", "replace"), receiver.concealed)
    return Attempt(reply=Reply.FAILED, error="apprise", excerpt=excerpt)


def _failed(receiver: Receiver, error: Exception) -> Attempt:
    word = "timeout" if isinstance(error, TimeoutError) else "apprise_died"
    excerpt = printable(str(error).encode("utf-8", "replace"), receiver.concealed)
    return Attempt(reply=Reply.FAILED, error=word, excerpt=excerpt)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[1]), "HOME": "/nonexistent"}


def _url(receiver: Receiver) -> str:
    if not isinstance(receiver.target, Apprise):
        raise TypeError(f"{receiver.name} is no receiver of Apprise's")
    return receiver.target.url.reveal()
