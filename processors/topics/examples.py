"""A topic's own tests: examples that it must match, or must not."""

from collections.abc import Sequence
from dataclasses import dataclass

from processors.errors import Problem
from processors.model import Article
from processors.topics.explain.explain import explain
from processors.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that the topic gets wrong."""

    topic: str
    number: int  # from 1
    expected: str
    reason: str
    problem: Problem


def run_tests(watchlist: Watchlist, topic_name: str) -> Sequence[Failure]:
    """Run the tests of one topic; those that fail, each with its place and what was found instead."""
    topic, failures = watchlist.topics[topic_name], []
    for number, test in enumerate(topic.file.tests):
        article = Article(
            id=f"{topic_name}-test-{number + 1}",
            title=test.title,
            body=test.text,
            source=test.source,
            lang=test.lang,
            published_at=test.published_at,
        )
        judged = watchlist.judge(topic_name, watchlist.read(article), {})
        matched = watchlist.matches(topic_name, judged) and watchlist.may_match(topic_name, article)
        if matched != (test.expect == "match"):
            reason = explain(watchlist, topic_name, article).reason
            shown = (test.title or test.text)[:60]
            message = f"test {number + 1} expects {test.expect} for «{shown}», but: {reason}"
            place = topic.document.problem(("topics", topic_name, "tests", number), message)
            failures.append(Failure(topic_name, number + 1, test.expect, reason, place))
    return failures
