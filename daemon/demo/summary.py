"""What became of every article of the demo, and why most of them made no alert. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.decode import Decoder
from daemon.demo.show import Style, isolated
from processors.errors import InvalidArticle
from processors.model import Article
from processors.topics.explain import Explanation, explain
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


def summary_lines(ended: Ended, watchlist: Watchlist, style: Style) -> Iterator[str]:
    """The last page of the demo."""
    articles, unreadable = _read(ended.lines)
    titles = {article.id: article.title for article in articles}
    stories = {decision["story"] for decision in ended.decisions}
    signatures = f"{ended.refused} signatures were wrong" if ended.refused else "every signature verified"
    yield style.strong(
        f"{len(ended.lines)} records, {len(articles)} articles, {len(stories)} stories, {ended.alerts} alerts "
        f"in {ended.seconds:.0f} s; {signatures}."
    )
    yield "Why the rest made none:"
    repeats = [decision for decision in ended.decisions if decision["outcome"] == "repeat"]
    for relation, meaning in RELATIONS.items():
        told = [titles.get(each["article"], each["article"]) for each in repeats if each["relation"] == relation]
        yield from _group(meaning, told, style)
    matched = {decision["article"] for decision in ended.decisions}
    by_reason: dict[str, list[str]] = {}
    for article in articles:
        if article.id not in matched:
            by_reason.setdefault(_reason(article, watchlist), []).append(article.title)
    for reason, held in by_reason.items():
        yield from _group(reason, held, style)
    for reason, count in Counter(unreadable).items():
        yield f"  {count:3d}  no article: {reason}, kept in the dead letters"


def _read(lines: Sequence[bytes]) -> tuple[list[Article], list[str]]:
    decoder, articles, unreadable = Decoder({}), [], []
    for line in lines:
        try:
            articles.append(decoder.decode(line).article)
        except InvalidArticle as error:
            unreadable.append(error.reason)
    return articles, unreadable


def _reason(article: Article, watchlist: Watchlist) -> str:
    """The nearest that any topic came to it."""
    explanations = [explain(watchlist, topic, article) for topic in watchlist.topics]
    for each in explanations:
        if each.excluded_by is not None and any(clause.holds for clause in each.clauses):
            return f"kept out of {each.topic} by its exclude: {isolated(each.excluded_by.source)}"
    if any(_holds_something(each) for each in explanations):
        return "a watched word or name, but not what any topic asks for"
    return "no watched name in it, as a name"


def _holds_something(explanation: Explanation) -> bool:
    clauses = list(explanation.clauses)
    while clauses:
        clause = clauses.pop()
        if clause.evidence:
            return True
        clauses += clause.parts
    return False


def _group(reason: str, titles: Sequence[str], style: Style) -> Iterator[str]:
    if not titles:
        return
    yield f"  {len(titles):3d}  {reason}"
    for title, times in Counter(titles).items():
        yield "         " + style.faint(isolated(title) + (f" ×{times}" if times > 1 else ""))
