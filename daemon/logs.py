"""Structured logs on standard error: for people on a terminal, JSON otherwise. Never a secret, never an article."""

import logging
import os
import sys
import time
from typing import Any, TextIO

import structlog

from daemon.log_stream import LogStream

ACCEPT_FAILED = "socket.accept() out of system resource"
"""What asyncio logs with a traceback, up to a hundred times a second, while no descriptor is free."""

SECONDS_BETWEEN = 60.0
"""Between two such lines: the first one says it, and a full disk helps nobody."""

BAD_REQUEST = "Error handling request"
"""What aiohttp logs with a traceback for each request that is no HTTP, whoever sends it."""

SECONDS_BETWEEN_TALK = 30.0
"""Between two lines of one kind that a talkative library says: aiokafka ten a second, while a broker is away, and
OpenTelemetry one every few seconds, while a collector is."""

TALKATIVE = ("aiokafka", "opentelemetry")


def set_up(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Call once, when the process begins."""
    out: Any = LogStream(sys.stderr if stream is None else stream)
    people = out.isatty()
    colors = people and "NO_COLOR" not in os.environ
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
    ]
    last: list[structlog.typing.Processor]
    if people:
        last = [structlog.dev.ConsoleRenderer(colors=colors)]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    # Libraries speak only when something is wrong, and in our form.
    handler = logging.StreamHandler(out)
    theirs = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    formatter = structlog.stdlib.ProcessorFormatter(processors=theirs, foreign_pre_chain=shared)
    handler.setFormatter(formatter)
    handler.addFilter(_Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


class _Seldom(logging.Filter):
    """Passes over what asyncio repeats for each connection that it could not accept, talkative libraries while they
    wait, and aiohttp for each request that cannot be read: nobody who reaches us may fill a disk.
    """

    def __init__(self) -> None:
        super().__init__()
        self._next: dict[str, float] = {}  # kind of line → when the next one may pass

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(TALKATIVE):
            kind, pause = str(record.msg), SECONDS_BETWEEN_TALK  # the text before its values are put in
        elif record.getMessage().startswith(ACCEPT_FAILED):
            kind, pause = ACCEPT_FAILED, SECONDS_BETWEEN
        elif record.name == "aiohttp.server" and _is_bad_request(record):
            kind, pause, record.exc_info = BAD_REQUEST, SECONDS_BETWEEN, None  # of no use to anybody
        else:
            return True
        now = time.monotonic()
        if now < self._next.get(kind, 0.0):
            return False
        self._next[kind] = now + pause
        return True


def _is_bad_request(record: logging.LogRecord) -> bool:
    """Known by the name of its error: commands that log have no need of aiohttp."""
    kinds = type(record.exc_info[1]).__mro__ if record.exc_info else ()
    return record.getMessage().startswith(BAD_REQUEST) and "HttpProcessingError" in [each.__name__ for each in kinds]
