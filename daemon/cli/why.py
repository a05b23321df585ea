"""``rasid why``: what became of one article under one topic, asked of a running daemon."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from daemon.cli.config_option import add_config_option

EXAMPLES = """examples:
  rasid why -c rasid.yaml syria-egypt-relations https://news.example/2026/11/24/visit
  rasid why -c rasid.yaml syria-egypt-relations articles/0/48213      where it was read
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "why",
        help="why a running daemon told of an article under a topic, or did not",
        description="Look an article up in the logs of a running daemon: alerted (and what became of it), held (its "
        "news waits for the floor between updates), a repeat (of which story, joined by which article, why), silenced, "
        "inhibited, muted, unrouted, excluded, below the threshold, a near miss (with the clause that is missing), no "
        "article at all, not concerned, or never seen. Exit status 0 where there is an answer, 1 where the article was "
        "never seen.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_option(parser)
    parser.add_argument("topic", metavar="TOPIC", help="name of a topic")
    parser.add_argument("article", metavar="ARTICLE", help="its id, its address, or where it was read")
    parser.add_argument("--format", choices=("text", "json"), help="default: text on a terminal, else json")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import json
    from urllib.parse import urlencode

    from daemon.cli.http_client import Client

    query = urlencode({"topic": options.topic, "article": options.article})
    answer = Client(options.config).get(f"/api/v1/why?{query}")
    if options.format == "json" or (options.format is None and not sys.stdout.isatty()):
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print("\n".join(answer_lines(answer)))
    return 1 if answer["answer"] == "never_seen" else 0


def answer_lines(answer: dict[str, Any]) -> Iterator[str]:
    """The lines that a person reads: the answer, each reading, what was told."""
    from daemon.cli.explanation_text import with_own_direction
    from daemon.cli.stories_show import notice_lines

    yield f"{answer['answer'].replace('_', ' ')}: it {with_own_direction(answer['says'])}"
    if len(answer["readings"]) > 1:
        yield "  every time that it was read:"
        for each in answer["readings"]:
            yield f"  {each['at'][:19].replace('T', ' ')}  {with_own_direction(each['says'])}"
    elif answer["readings"]:
        yield f"  read {answer['readings'][0]['at'][:19].replace('T', ' ')}"
    yield from notice_lines(answer["notices"])
    reach = {name: at for name, at in answer["reaches_back_to"].items() if at is not None}
    known = ", ".join(f"{name.replace('_', ' ')} {at[:16].replace('T', ' ')}" for name, at in reach.items())
    yield f"  known since: {known}" if known else "  nothing was read yet"
