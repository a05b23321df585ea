"""What is read of a collector's answer: its first line and its headers, which are bounded, and never what follows.

The exporter asks for nothing else, and reads an answer to its end, however long: a collector, or whatever listens
where one should, must not fill the memory of the process that tells alerts.
"""

from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from alerts.notices.plain_text import clean

REASON_CHARS = 100
"""Of the words beside a status, which stand in the log."""

ANSWER_BYTES = 64 * 1024
"""Of an answer that says how long it is and is no longer, what came with its headers is read: where that is all of it,
as it usually is, the connection serves again."""


def collector_session() -> requests.Session:
    """For an exporter. It keeps no cookies."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("http://", _Bounded())
    session.mount("https://", _Bounded())
    return session


class _Bounded(HTTPAdapter):
    """Answers without what they hold. Raises ``requests.RequestException`` where one leads elsewhere: the exporter
    follows none, and would take it for a success."""

    def send(self, request: requests.PreparedRequest, stream: bool = False, *rest: Any, **more: Any) -> Any:
        response = super().send(request, True, *rest, **more)
        left = response.raw.length_remaining
        if left is not None and left <= ANSWER_BYTES:
            response.raw.read1(ANSWER_BYTES, decode_content=False)
        response.raw.close()
        response._content, response._content_consumed = b"", True
        response.reason = clean(response.reason or "", REASON_CHARS)
        if response.is_redirect:
            raise requests.RequestException(
                f"the collector answers {response.status_code}, it is elsewhere: write where into tracing.endpoint"
            )
        return response
