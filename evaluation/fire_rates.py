"""How often each built-in topic fires on archives, and on what: a rule that grew too wide shows here first.

    python -m evaluation.fire_rates archive.jsonl.gz [more.jsonl …] [--topic NAME]… [--read 30]

One block a topic: articles and share, then the ten texts that are evidence in most of its articles. ``--read`` also
prints that many of them, drawn by a fixed seed, each with the start of its text, for a person to judge.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from evaluation.topic_f1 import as_stream, read_articles, ready_watchlist
from processors.model import Article, Verdict

MOST_FREQUENT = 10
"""Evidence texts shown of a topic: what is not among them is in few of its articles."""

SHOWN_CHARS = 300
"""Of an article's body: enough to see what it is about."""

SEED = 20260101
"""Any fixed number, so that two runs draw the same articles."""

Hits = dict[str, list[tuple[Article, Verdict]]]
"""Topic → the articles that it fires on, in the order of the archives."""


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="share of articles on which built-in topics fire")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="articles, .jsonl or .jsonl.gz, or folders")
    parser.add_argument("--topic", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--read", type=int, default=0, metavar="N", help="also print N of the articles of each topic")
    asked = parser.parse_args(arguments)
    absent = [str(path) for path in asked.paths if not path.exists()]
    if absent:
        print(f"skipped: no such data: {', '.join(absent)}")
        return 0
    watchlist = ready_watchlist()
    topics = asked.topic or [name for name, topic in watchlist.topics.items() if topic.file.enabled]
    hits: Hits = defaultdict(list)
    articles = 0
    for article, repeated in as_stream(read_articles(asked.paths)):
        articles += 1
        for verdict in watchlist.match(article, repeated):
            hits[verdict.topic].append((article, verdict))
    print(f"articles {articles}")
    for topic in topics:
        report(topic, hits[topic], articles, asked.read)
    return 0


def report(topic: str, hits: Sequence[tuple[Article, Verdict]], articles: int, read: int) -> None:
    """Print one topic's block."""
    print(f"{topic}  {len(hits)}  {100 * len(hits) / max(1, articles):.3f} %")
    texts: Counter[str] = Counter()
    for _, verdict in hits:
        texts.update({f"{each.clause} {' '.join(each.text.split())}" for each in verdict.evidence})
    print(*(f"    {count:5d}  {text}" for text, count in texts.most_common(MOST_FREQUENT)), sep="\n")
    drawn = random.Random(SEED).sample(hits, min(read, len(hits)))  # noqa: S311 - no secret
    for article, verdict in drawn:
        body = " ".join(article.body.split())[:SHOWN_CHARS]
        evidence = dict.fromkeys(f"{each.field}:{each.clause}={each.text}" for each in verdict.evidence)
        print(f"  [{article.id}] {verdict.score:g}  {article.title}\n      {body}\n      ← {'; '.join(evidence)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
