"""An alert on a terminal: headline, what it is about, and the sentences that decided, with the evidence marked. Pure.

Every piece of somebody else's text stands between direction isolates, so that an Arabic headline does not turn the
rest of its line around.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ISOLATE, END_ISOLATE = "\u2068", "\u2069"

MOST_QUOTES = 3
"""Of an alert: enough to see why, and the next alert is still on the screen."""


@dataclass(frozen=True, slots=True)
class Style:
    """How words stand out. Without colours, evidence is put in brackets."""

    colors: bool

    def strong(self, text: str) -> str:
        """A headline."""
        return f"\x1b[1m{text}\x1b[0m" if self.colors else text

    def faint(self, text: str) -> str:
        """What may be passed over."""
        return f"\x1b[2m{text}\x1b[0m" if self.colors else text

    def marked(self, text: str) -> str:
        """Evidence."""
        return f"\x1b[1;33m{text}\x1b[0m" if self.colors else f"[{text}]"


def isolated(text: str) -> str:
    """``text`` on one line, in its own direction."""
    return f"{ISOLATE}{' '.join(text.split())}{END_ISOLATE}"


def alert_lines(number: int, data: Mapping[str, Any], style: Style) -> Iterator[str]:
    """One alert. ``data`` is the payload's."""
    alert, article = data["alert"], data["article"]
    topic = alert["topics"][0]
    title = topic["title"].get("ar") or topic["title"].get("en") or ""
    about = f"{topic['id']}  {isolated(title)}" if title else topic["id"]
    yield f"{number:3d}  {style.strong(isolated(article['title']))}"
    yield f"     {about}  {alert['severity']}"
    if "delta" in data:
        yield "     " + style.marked(f"notice {alert['number']} of this story, for it has news: {_news(data['delta'])}")
    yield "     " + style.faint(
        f"{isolated(article['source'])}  {article['lang'] or ''}  {_age(article)}{_speed(data)}"
    )
    for each in data["evidence"][:MOST_QUOTES]:
        yield f"     │ {_quote(each, style)}"
        yield "     │ " + style.faint("; ".join(_reasons(each["highlights"])))


def _news(delta: Mapping[str, Any]) -> str:
    names = {each["id"]: _name(each) for each in (*delta["countries"], *delta["entities"])}
    told = [(each["reason"], names.get(each["about"], each["about"])) for each in delta["reasons"]]
    figures = delta["figures"]
    changed = [isolated(f"{kind} {' '.join(figures[kind])}") for kind in ("was", "now") if figures and figures[kind]]
    return ", ".join([*(f"{reason} {about}" if about else reason for reason, about in told), *changed])


def _age(article: Mapping[str, Any]) -> str:
    return "" if article["age"] is None else f"{article['age'] // 60} min old, "


def _speed(data: Mapping[str, Any]) -> str:
    latency = data["latency"]["matched_to_admitted"]
    return "signature verified" if latency is None else f"{latency} ms from match to outbox, signature verified"


def _quote(evidence: Mapping[str, Any], style: Style) -> str:
    quote, at, marked = evidence["quote"], 0, []
    for highlight in sorted(evidence["highlights"], key=lambda each: each["start"]):
        if highlight["start"] < at:  # the same words may satisfy two clauses
            continue
        marked += [quote[at : highlight["start"]], style.marked(quote[highlight["start"] : highlight["end"]])]
        at = highlight["end"]
    return isolated("".join([*marked, quote[at:]]))


def _reasons(highlights: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each clause that found something in the quote, once: whom it names, at which levels, what was mended."""
    by_clause: dict[str, list[Mapping[str, Any]]] = {}
    for highlight in highlights:
        by_clause.setdefault(highlight["clause"], []).append(highlight)
    for clause, found in by_clause.items():
        names = dict.fromkeys(_name(each["entity"]) for each in found if each.get("entity"))
        levels = dict.fromkeys(each["level"] for each in found)
        mended = dict.fromkeys(f"broken: {isolated(each['plain'])}" for each in found if each.get("plain"))
        yield f"{' '.join([isolated(clause), *names])} ({', '.join([*levels, *mended])})"


def _name(entity: Mapping[str, Any]) -> str:
    written = [entity[key] for key in ("arabic", "latin") if entity.get(key)]
    return isolated(" ".join(written) or entity["id"])
