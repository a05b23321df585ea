"""What a receiver is told of an event: by its templates, else in our own words. Pure.

A template that cannot be used for an event costs no alert: it is told in our words, and the message says why.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alerts.model import Attempt, Delivery, Reply
from alerts.rendering.composed import Composed, TemplateProblem
from alerts.rendering.event import Event, Style, locale_of, mapping, mappings, read_event, words_of
from alerts.rendering.message import LEFT_TO_RIGHT, RIGHT_TO_LEFT, Message, message_of

if TYPE_CHECKING:
    from alerts.rendering.template import MessageTemplate

_TITLE_CHARS = 500

# Signs, like ``> `` and ``• ``, have no direction either.
_BEGINS_ISOLATED = re.compile("^([^\\w\n\u200e\u200f\u2066-\u2069]*)\u2068", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Templates:
    """A receiver's own; where there is none, the part is told in our words. Jinja2 is read only where there is one."""

    title: "MessageTemplate | None" = None
    text: "MessageTemplate | None" = None
    html: "MessageTemplate | None" = None


def told(delivery: Delivery, style: Style, templates: Templates) -> tuple[Event, Message]:
    """The event of ``delivery``, and how it is told: in the receiver's ``style``, unless its route asks for another."""
    event, style = read_event(delivery.body), style_of(delivery, style)
    message = message_of(event, style)
    facts = facts_of(event, message, style)
    try:
        message = _by_templates(message, templates, facts, style, _mark(event, style))
    except TemplateProblem as problem:
        message = replace(message, flaw=str(problem))
    return event, message


def style_of(delivery: Delivery, style: Style) -> Style:
    """What its route asked for when the delivery was made, and for the rest ``style``."""
    zone = style.zone
    if delivery.timezone:
        with suppress(ValueError, OSError, KeyError):  # another machine wrote it, which knew the zone
            zone = ZoneInfo(delivery.timezone)
    return Style(delivery.locale or style.locale, zone)


def facts_of(event: Event, message: Message, style: Style) -> Mapping[str, Any]:
    """What templates may name."""
    locale = locale_of(event, style)
    return {
        "event": event.type,
        "timestamp": event.timestamp,
        "locale": locale,
        "title": Composed(message.title),
        "text": Composed(message.text),
        "url": message.url,
        "severity": message.severity,
        "topic": event.topic_title(locale),
        "alert": event.part("alert"),
        "story": event.part("story"),
        "article": event.part("article"),
        "delta": event.part("delta"),
        "evidence": mappings(event.data.get("evidence")),
        "data": mapping(event.data),
    }


def _by_templates(message: Message, templates: Templates, facts: Mapping[str, Any], style: Style, mark: str) -> Message:
    changed = message
    if templates.title is not None:
        changed = replace(changed, title=Composed(directed(_one_line(templates.title.render(facts, style)), mark)))
    if templates.text is not None:
        changed = replace(changed, body=Composed(directed(templates.text.render(facts, style).strip(), mark)))
    if templates.html is not None:
        changed = replace(changed, page=templates.html.render(facts, style))
    return changed


def directed(text: str, mark: str) -> str:
    """``text`` with ``mark`` in each line that begins with an isolate: that counts for no direction (UAX #9, P2)."""
    return _BEGINS_ISOLATED.sub(lambda found: f"{found[1]}{mark}\u2068", text)


def _mark(event: Event, style: Style) -> str:
    return RIGHT_TO_LEFT if words_of(event, style).right_to_left else LEFT_TO_RIGHT


def _one_line(text: str) -> str:
    """A title of a template: without line breaks, for it becomes a header of a mail."""
    line = " ".join(text.split())
    return line if len(line) <= _TITLE_CHARS else line[: _TITLE_CHARS - 1] + "…"


def flawed(attempt: Attempt, message: Message) -> Attempt:
    """The same attempt; one that was delivered says so where a template had failed."""
    if message.flaw and attempt.reply is Reply.DELIVERED and not attempt.error:
        return replace(attempt, error="template", excerpt=message.flaw)
    return attempt
