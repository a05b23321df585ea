"""Connections that take so much of an answer and no more, whatever it is made of.

The client reads informational answers (1xx) for as long as they come. A server that sends nothing else would cost a
whole core until the deadline of the attempt; here it costs ``HEAD_BYTES``, some milliseconds.
"""

import asyncio
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

HEAD_BYTES = 16 * 1024
"""Before and of the head of the answer: as much as common servers let a head have."""

MOST_BYTES = 128 * 1024
"""Of one answer: twice what is read of a body."""

_FIRST_FINAL, _SWITCHING = 200, 101


class BoundedConnector(aiohttp.TCPConnector):
    """The library's own, with connections that count."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # What makes the protocol of a new connection; the library has no public way to name another.
        self._factory = partial(_BoundedHandler, loop=asyncio.get_running_loop())  # type: ignore[assignment]


class _BoundedHandler(ResponseHandler):
    """Ends the connection at the byte that is one too many."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._begin()

    def _begin(self) -> None:
        self._taken = 0
        self._headed = False  # the head of the answer has come, whole

    def set_response_params(self, **options: Any) -> None:  # before each request
        self._begin()
        super().set_response_params(**options)

    def feed_data(self, data: Any, size: int = 0) -> None:  # a head
        code = data[0].code
        self._headed = self._headed or code >= _FIRST_FINAL or code == _SWITCHING
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        if not self._headed:
            room = HEAD_BYTES - self._taken
            self._pass(data[:room])
            data = data[room:]
            if data and not self._headed:
                self._end()
        if data and self._headed:
            self._pass(data[: MOST_BYTES - self._taken])
        if self._taken >= MOST_BYTES:
            self._end()

    def _pass(self, data: bytes) -> None:
        self._taken += len(data)
        if data:
            super().data_received(data)

    def _end(self) -> None:
        if self.transport is not None:
            self.transport.abort()
