"""What became of every article of the demo, and why most of them made no alert. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.demo.show import Style, isolated
from daemon.sources.decode import Decoder
from processors.counted import counted
from processors.errors import InvalidArticle
from processors.model import Article
from processors.topics.explain.explain import Explanation, explain
from processors.topics.watchlist import Watchlist

RELATIONS = {
    "same_article": "the same article again, edited or not",
    "copy": "a copy of a text already told",
    "same_story": "another text on a story already told",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """Everything that the summary is made of."""

    lines: Sequence[bytes]  # as published
    decisions: Sequence[Mapping[str, Any]]  # the daemon's own log of articles that matched
    alerts: int
    refused: int  # requests whose signature was wrong
    seconds: float
    updates: int = 0


def summary_lines(ended: Ended, watchlist: Watchlist, style: Style) -> Iterator[str]:
    """The last page of the demo."""
    articles, unreadable = _read(ended.lines)
    titles: dict[str, str] = {}
    for article in articles:
        titles.setdefault(article.id, article.title)  # of an edited article the first
    stories = {decision["story"] for decision in ended.decisions}
    signatures = (
        f"{counted(ended.refused, 'signature')} did not verify" if ended.refused else "every signature verified"
    )
    yield style.strong(
        f"{counted(len(ended.lines), 'record')}, {counted(len(articles), 'article')}, "
        f"{counted(len(stories), 'story')} of a topic, {counted(ended.alerts, 'alert')}{_updates(ended.updates)} "
        f"in {ended.seconds:.0f} s; {signatures}."
    )
    yield "Why the rest made none:"
    repeats = [decision for decision in ended.decisions if decision["outcome"] == "repeat"]
    for relation, meaning in RELATIONS.items():
        told = [titles.get(each["article"], each["article"]) for each in repeats if each["relation"] == relation]
        yield from _group(meaning, told, style)
    matched = {decision["article"] for decision in ended.decisions}
    named: dict[bool, list[str]] = {True: [], False: []}
    for article in articles:
        if article.id not in matched:
            explanations = (explain(watchlist, topic, article) for topic in watchlist.topics)
            named[any(map(_names_somebody, explanations))].append(article.title)
    yield from _group("names of a topic, but not what it asks for about them", named[True], style)
    yield from _group("nobody whom a topic watches; a lion is no president", named[False], style)
    for reason, count in Counter(unreadable).items():
        yield f"  {count:3d}  no article: {reason}, kept in the dead letters"


def _updates(number: int) -> str:
    return "" if not number else f" and {counted(number, 'update')} of them"


def _read(lines: Sequence[bytes]) -> tuple[list[Article], list[str]]:
    decoder, articles, unreadable = Decoder({}), [], []
    for line in lines:
        try:
            articles.append(decoder.decode(line).article)
        except InvalidArticle as error:
            unreadable.append(error.reason)
    return articles, unreadable


def _names_somebody(explanation: Explanation) -> bool:
    """Whether some clause, however deep, found an entity."""
    clauses = list(explanation.clauses)
    while clauses:
        clause = clauses.pop()
        if any(evidence.entity for evidence in clause.evidence):
            return True
        clauses += clause.parts
    return False


def _group(reason: str, titles: Sequence[str], style: Style) -> Iterator[str]:
    if not titles:
        return
    yield f"  {len(titles):3d}  {reason}"
    for title, times in Counter(titles).items():
        yield "         " + style.faint(isolated(title) + (f" ×{times}" if times > 1 else ""))
