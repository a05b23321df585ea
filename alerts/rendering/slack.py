"""A message as Slack's incoming webhooks take it: also those of Mattermost and Rocket.Chat. Pure."""

import re
from typing import Any

import msgspec

from alerts.model import Severity
from alerts.rendering.chat import escaped
from alerts.rendering.composed import Composed
from alerts.rendering.message import Message

# Slack cuts a longer text; Mattermost refuses the whole message at 16,383.
_TEXT_CHARS = 3_000

_HALF_ESCAPE = re.compile(r"&[a-z]{0,3}\Z")

_COLOURS = {Severity.INFO: "#439FE0", Severity.WARNING: "#DAA038", Severity.CRITICAL: "#A30200"}
"""Slack's own blue, amber and red."""


def slack_body(message: Message, created_ms: int) -> bytes:
    """The JSON that is posted: a line of text, and an attachment, which all three show with a coloured bar."""
    body: dict[str, Any] = {"text": _text(message.title)}
    if message.text:
        attachment = {"fallback": _text(message.title), "text": _text(message.text), "ts": created_ms // 1000}
        if colour := _COLOURS.get(Severity(message.severity)) if message.severity in set(Severity) else None:
            attachment["color"] = colour
        body["attachments"] = [attachment]
    return msgspec.json.encode(body)


def _text(text: str) -> str:
    """Escaped, where a template has not done it; shortened before that: half an escape would show."""
    if isinstance(text, Composed):
        return str(text) if len(text) <= _TEXT_CHARS else _HALF_ESCAPE.sub("", text[: _TEXT_CHARS - 1]) + "…"
    shown = escaped(text)
    while len(shown) > _TEXT_CHARS:
        text = text[: len(text) - max(1, (len(shown) - _TEXT_CHARS) // 5)]
        shown = escaped(text) + "…"
    return shown
