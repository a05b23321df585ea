"""The process that sends one message by Apprise, run as a module by ``apprise_sender``. Killed when its time is over.

Apprise calls services by libraries of its own, which know neither our deadline nor our limits nor our addresses. So it
runs alone, and what it must not do is refused where Python does it: an audit hook sees every connection (also of a name
that changed its answer) and every program that would be started.

Standard input: ``{"url", "title", "body", "allow", "check"}``. Standard output: ``{"sent", "denied", "said"}``.
"""

import json
import logging
import resource
import socket
import sys
from ipaddress import ip_network
from typing import Any

from alerts.senders.connect_check import DeniedAddress, check_connection
from alerts.senders.denied_addresses import MAIL_PORTS, PORTS, Network

MEMORY_BYTES = 768 * 1024 * 1024
"""Of address space: ten times what Apprise needs, and a reply without end meets it."""

SAID_CHARS = 2_000

_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_STARTS = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn"}
)


class Guard:
    """The audit hook. What it refused is remembered: libraries turn it into errors of their own."""

    def __init__(self, allow: tuple[Network, ...]) -> None:
        self._allow = allow
        self.denied = ""

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise for what must not be done."""
        if event in _STARTS:
            self._deny("programs are not started")
        if event in _CONNECTS:
            family, address = arguments[0].family, arguments[1]
            if family not in (socket.AF_INET, socket.AF_INET6):
                self._deny("only the Internet is spoken to")
            try:
                # By the port alone it cannot be told whether a connection is encrypted: those of 443 are.
                check_connection(str(address[0]), int(address[1]), self._allow, True, PORTS | MAIL_PORTS)
            except DeniedAddress as error:
                self._deny(str(error))

    def _deny(self, why: str) -> None:
        self.denied = self.denied or why
        raise PermissionError(why)


class _Said(logging.Handler):
    """Keeps the beginning of what Apprise says of a failure."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.text) < SAID_CHARS:
            self.text = f"{self.text} {record.getMessage()}".strip()[:SAID_CHARS]


def work(asked: dict[str, Any]) -> dict[str, Any]:
    """Send, or with ``check`` only read the URL."""
    import apprise
    import requests

    # A redirect leads elsewhere than the configuration says.
    vars(requests.sessions)["Session"].resolve_redirects = lambda *_, **__: iter(())
    said = _Said()
    logging.getLogger("apprise").handlers[:] = [said]
    guard = Guard(tuple(ip_network(each) for each in asked["allow"]))
    sys.addaudithook(guard)
    service = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, secure_logging=True))
    known = bool(service.add(asked["url"]))
    if asked.get("check") or not known:
        return {"sent": known, "denied": "", "said": said.text}
    sent = bool(service.notify(body=asked["body"], title=asked["title"], body_format=apprise.NotifyFormat.TEXT))
    return {"sent": sent, "denied": guard.denied, "said": said.text}


def main() -> None:
    """Read what to do, do it, tell what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.load(sys.stdin)
    json.dump(work(asked), sys.stdout)


if __name__ == "__main__":
    main()
