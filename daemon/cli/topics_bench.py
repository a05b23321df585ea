"""``rasid topics bench``: what each topic costs on your own articles, the dearest first."""

import argparse
import sys
from typing import TYPE_CHECKING

from daemon.cli.watchlist import add_topics_options, watchlist_of
from processors.counted import counted

if TYPE_CHECKING:
    from processors.topics.cost import TopicCost

EXAMPLES = """examples:
  rasid topics bench archive.jsonl.gz                  the built-in topics
  rasid topics bench -t topics/ --top 20 archive.jsonl  the twenty dearest of your own
"""

_SHOWN_TRIGGERS = 3
_SHOWN_TOPICS = 50


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "bench",
        help="what each topic costs on your articles",
        description="Match articles and tell for each topic, the dearest first: the microseconds that it adds to an "
        "article, how many of the articles were looked at closely for it, how many match, and which of its words, "
        "lists and names made articles candidates. A topic that is dear is a candidate often: ask for something rarer "
        "as well.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_topics_options(parser)
    parser.add_argument("--top", type=int, default=_SHOWN_TOPICS, metavar="N", help=f"default: {_SHOWN_TOPICS}")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.add_argument("files", nargs="*", metavar="FILE", help="JSON lines, also .gz; - is standard input")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import msgspec

    from daemon.cli.article_input import Input
    from processors.topics.cost import Costs

    if options.top < 1:
        print("rasid: --top: at least 1", file=sys.stderr)
        return 2
    costs, articles = Costs(watchlist_of(options)), Input(options.files)
    costs.add(articles)
    found = costs.by_cost()
    if options.format == "json":
        for cost in found[: options.top]:
            sys.stdout.buffer.write(msgspec.json.encode(cost) + b"\n")
        return articles.status
    width = max([len("topic"), *(len(cost.topic) for cost in found[: options.top])])
    print(f"{'topic':<{width}}  {'µs/article':>10}  {'candidate':>9}  {'matches':>8}  because of")
    for cost in found[: options.top]:
        print(_row(cost, width))
    total = sum(cost.micros for cost in found)
    read = f"{counted(articles.articles, 'article')}, {counted(len(found), 'topic')}"
    print(f"{read}, {total:,.1f} µs an article for all", file=sys.stderr)
    return articles.status


def _row(cost: "TopicCost", width: int) -> str:
    shown = " · ".join(f"\u2068{source}\u2069 {share:.0%}" for source, share in cost.triggers[:_SHOWN_TRIGGERS])
    more = len(cost.triggers) - _SHOWN_TRIGGERS
    others = f" · {more} more" if more > 0 else ""
    return (
        f"{cost.topic:<{width}}  {cost.micros:>10,.2f}  {cost.candidates:>9.2%}  {cost.matches:>8.2%}  {shown}{others}"
    )
