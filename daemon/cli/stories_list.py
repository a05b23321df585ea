"""``rasid stories list``: what a running daemon has seen told lately."""

import argparse
import sys
from typing import Any

from daemon.cli.config_option import add_config_option
from daemon.cli.limit_option import add_limit_option

EXAMPLES = """examples:
  rasid stories list -c rasid.yaml
  rasid stories list -c rasid.yaml --topic syria-egypt-relations --since 6h
  rasid stories list -c rasid.yaml --since 2026-11-24 | jq -r .headline
"""

MOST = 500
"""In one answer of the daemon."""

_ID_CHARS = 8
"""Of an id on a terminal: enough to tell a million stories apart but for one in a million times."""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "list",
        help="stories of a running daemon, the most recently read first",
        description="Stories that some topic concerned, from the decision log: a table on a terminal, JSON lines "
        "otherwise. Ordered by when an article of each was last read.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_option(parser)
    parser.add_argument("--topic", metavar="NAME", default="", help="only stories that this topic concerns")
    parser.add_argument(
        "--since",
        metavar="TIME",
        help="only those read about since: a duration before now (6h, 2d), a date, or a moment",
    )
    add_limit_option(parser, default=50, most=MOST)
    parser.add_argument("--format", choices=("table", "jsonl"), help="default: table on a terminal, else jsonl")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import json
    import time
    from urllib.parse import urlencode

    from daemon.cli.http_client import Client
    from daemon.config.since import since_ms

    try:
        since = since_ms(options.since, time.time_ns() // 1_000_000) if options.since else 0
    except ValueError as error:
        print(f"rasid: --since: {error}", file=sys.stderr)
        return 2
    query = urlencode({"topic": options.topic, "since_ms": since, "limit": options.limit})
    answer = Client(options.config).get(f"/api/v1/stories?{query}")
    if options.format == "jsonl" or (options.format is None and not sys.stdout.isatty()):
        for story in answer["stories"]:
            print(json.dumps(story, ensure_ascii=False))
        return 0
    for line in table(answer["stories"]):
        print(line)
    return 0


def table(stories: list[dict[str, Any]]) -> list[str]:
    """The lines that a person reads."""
    if not stories:
        return ["no stories"]
    lines = [f"{'STORY':<{_ID_CHARS}}  {'READ':<16}  ARTICLES  REPORTS  HEADLINE"]
    for each in stories:
        reports = each["independent_sources"]
        told = ", ".join(each["topics"]) or "no alert"
        lines.append(
            f"{each['story'][:_ID_CHARS]}  {each['read_at'][:16].replace('T', ' ')}  {each['articles']:>8}  "
            f"{'–' if reports is None else reports:>7}  \u2068{each['headline']}\u2069 "
            f"[{told}; {', '.join(each['languages']) or 'unknown language'}]"
        )
    return lines
