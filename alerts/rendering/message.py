"""An event as people read it in a chat or a mail: a title, lines, a link. Pure: same bytes and style, same message.

Whatever is not our own word (a headline, a name, a number, a time) stands in an isolate, and each line begins with the
mark of our words' direction: so a line reads in one order wherever it is shown, whatever stands in it (UAX #9).
A link has a line of its own and no mark, for programs that make it clickable.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from alerts.notices.plain_text import isolate, shorten
from alerts.rendering.event import Event, Style, items, locale_of, mapping, mappings, shown_time, text_of, words_of
from alerts.rendering.words import Words
from processors.stories.reasons import CORRECTIONS

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
"""LRM and RLM: an isolate does not count for the direction of a line, so a line that begins with one has none."""

_TITLE_CHARS, _QUOTE_CHARS, _NAME_CHARS = 300, 400, 100
_QUOTES, _DIGEST_LINES, _REASONS = 2, 20, 4


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown of one event."""

    title: str  # one line
    lines: tuple[str, ...]
    url: str  # of the article, or empty
    severity: str  # info, warning, critical; empty where it has none
    body: str | None = None  # a template's, in place of the lines and the link
    page: str | None = None  # a template's HTML
    flaw: str = ""  # why a template could not be used

    @property
    def text(self) -> str:
        """All but the title, the link last."""
        if self.body is not None:
            return self.body
        return "\n".join([*self.lines, *([self.url] if self.url else [])])


def message_of(event: Event, style: Style) -> Message:
    """How ``event`` is told where no template says otherwise."""
    words = words_of(event, style)
    if event.type == "alert.digest":
        kind = words.digests.get(text_of(event.data.get("reason")), words.kinds[event.type])
        title = f"{kind}: {isolate(text_of(event.data.get('total')))}"
        lines = list(_digest_lines(event, words))
    elif event.type.startswith("alert.") and event.part("alert"):
        title, lines = _alert_title(event, words, locale_of(event, style)), list(_alert_lines(event, words, style))
    else:
        said = text_of(event.data.get("text")) or event.type
        title, lines = f"{words.system}: {_foreign(said)}", []
    mark = RIGHT_TO_LEFT if words.right_to_left else LEFT_TO_RIGHT
    return Message(
        title=mark + title,
        lines=tuple(mark + line for line in lines),
        url=text_of(event.part("article").get("url")),
        severity=text_of(event.part("alert").get("severity")),
    )


def _foreign(text: object, limit: int = _TITLE_CHARS) -> str:
    """What is not our own word, in an isolate."""
    return isolate(shorten(text_of(text), limit))


def _alert_title(event: Event, words: Words, locale: str) -> str:
    severity = text_of(event.part("alert").get("severity"))
    head = event.part("article").get("title") or next(_quotes(event), "") or event.data.get("text")
    # What is usual is not said: an opening of no special urgency.
    said = [words.severities.get(severity, "") if severity != "info" else ""]
    said += [words.kinds.get(event.type, "") if event.type != "alert.opened" else ""]
    return ": ".join(
        [*(each for each in said if each), _foreign(event.topic_title(locale), _NAME_CHARS), _foreign(head)]
    )


def _alert_lines(event: Event, words: Words, style: Style) -> Iterator[str]:
    if news := words.semicolon.join(_news(event, words)):
        yield news
    for quote in islice(_quotes(event), _QUOTES):
        yield f"«{_foreign(quote, _QUOTE_CHARS)}»"
    article, story = event.part("article"), event.part("story")
    facts = [_foreign(article["source"], _NAME_CHARS)] if article.get("source") else []
    if published := shown_time(article.get("published"), style):
        facts.append(f"{words.published} {isolate(published)}")
    for word, key in ((words.sources, "independent_sources"), (words.outlets, "outlets")):
        if isinstance(count := story.get(key), int) and count > 1:
            facts.append(f"{word}: {isolate(str(count))}")
    if facts:
        yield " · ".join(facts)


def _quotes(event: Event) -> Iterator[str]:
    """Sentences of the article that decided; the title is shown already."""
    for each in event.parts("evidence"):
        if each.get("field") == "body" and (quote := text_of(each.get("quote"))):
            yield quote


def _news(event: Event, words: Words) -> Iterator[str]:
    """What is new since the notice before, in our words."""
    delta = event.part("delta")
    named = [*mappings(delta.get("countries")), *mappings(delta.get("entities"))]
    names = {text_of(each.get("id")): _name(each, words) for each in named}
    figures = mapping(delta.get("figures"))
    was, now = (next(iter(items(figures.get(key))), "") for key in ("was", "now"))
    for each in mappings(delta.get("reasons"))[:_REASONS]:
        reason, about = text_of(each.get("reason")), text_of(each.get("about"))
        if reason == "figures" and was and now:
            yield words.figures.format(_foreign(was, _NAME_CHARS), _foreign(now, _NAME_CHARS))
        elif (phrase := words.reasons.get(reason)) is not None:
            yield phrase.format(_foreign(names.get(about, about), _NAME_CHARS))


def _name(entity: Mapping[str, Any], words: Words) -> str:
    order = ("arabic", "latin") if words.right_to_left else ("latin", "arabic")
    return text_of(next((entity[key] for key in order if entity.get(key)), entity.get("id")))


def _digest_lines(event: Event, words: Words) -> Iterator[str]:
    shown = event.parts("alerts")
    for each in shown[:_DIGEST_LINES]:
        article = mapping(each.get("article"))
        source = f" ({_foreign(article['source'], _NAME_CHARS)})" if article.get("source") else ""
        sources = each.get("independent_sources")
        weight = f" · {words.sources}: {isolate(str(sources))}" if isinstance(sources, int) and sources > 1 else ""
        corrected = f"{words.reasons[reason]}: " if (reason := text_of(each.get("reason"))) in CORRECTIONS else ""
        topic, title = _foreign(each.get("topic"), _NAME_CHARS), _foreign(article.get("title"))
        yield f"• {topic}: {corrected}{title}{source}{weight}"
    total = event.data.get("total")
    left = total - min(len(shown), _DIGEST_LINES) if isinstance(total, int) else 0
    if left > 0:
        yield f"{words.more}: {isolate(str(left))}"
