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
    """Passes over what asyncio repeats for each connection that it could not accept."""

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.getMessage().startswith(ACCEPT_FAILED):
            return True
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + SECONDS_BETWEEN
        return True
