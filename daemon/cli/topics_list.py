"""``rasid topics list``: which topics there are, and what each is called."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from daemon.cli.watchlist import add_topics_options, topics_of

if TYPE_CHECKING:
    from processors.topics.topic import Topic

EXAMPLES = """examples:
  rasid topics list                  the built-in topics
  rasid topics list -t topics/       your own
"""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "list",
        help="which topics there are",
        description="List topics with their severity, number of tests and titles.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_topics_options(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import msgspec

    rows = [_row(topic) for topic in topics_of(options).values()]
    if options.format == "json":
        for row in rows:
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
        return 0
    width = max((len(row["topic"]) for row in rows), default=0)
    for row in rows:
        titles = " · ".join(f"\u2068{title}\u2069" for title in row["title"].values())
        state = "" if row["enabled"] else "  (matches only where others refer to it)"
        print(f"{row['topic']:<{width}}  {row['severity']:<8}  {_tests(row['tests'])}  {titles}{state}")
    return 0


def _tests(number: int) -> str:
    return f"{number:>3} test" + (" " if number == 1 else "s")


def _row(topic: "Topic") -> dict[str, Any]:
    file = topic.file
    return {
        "topic": topic.name,
        "title": file.title,
        "severity": file.severity,
        "labels": file.labels,
        "enabled": file.enabled,
        "tests": len(file.tests),
        "file": topic.document.path,
    }
