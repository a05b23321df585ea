"""The option that chooses topics, for the commands that match articles without a configuration file."""

import argparse
import sys
from typing import TYPE_CHECKING

from daemon.cli.entities import add_entities_option
from daemon.collecting import not_collecting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processors.errors import Problem
    from processors.topics.topic import Topic
    from processors.topics.watchlist import Watchlist

ALL_BUILT_IN = ("builtin:mena",)


def add_topics_options(parser: argparse.ArgumentParser) -> None:
    """``-t`` and ``-e``."""
    parser.add_argument(
        "-t",
        "--topics",
        action="append",
        metavar="TOPICS",
        help="a file, a folder, or builtin:NAME (a pack or one topic); may be repeated; default: all built-in topics",
    )
    add_entities_option(parser)


def watchlist_of(options: argparse.Namespace) -> "Watchlist":
    """The chosen topics, compiled. Raises ``InvalidInput``."""
    with not_collecting():
        from daemon.compiled import load_watchlist

        watchlist, warnings = load_watchlist(options.topics or ALL_BUILT_IN, options.entities or ())
    _warn(warnings, watchlist.topics)
    return watchlist


def topics_of(options: argparse.Namespace) -> "Mapping[str, Topic]":
    """The chosen topics by their names, for a command that matches nothing: checked all the same. Raises the same."""
    with not_collecting():
        from daemon.compiled import load_checked_topics

        topics, warnings = load_checked_topics(options.topics or ALL_BUILT_IN, options.entities or ())
    _warn(warnings, topics)
    return topics


def _warn(warnings: "Iterable[Problem]", topics: "Mapping[str, Topic]") -> None:
    for warning in warnings:
        print(f"{warning} (warning)", file=sys.stderr)
    if not any(topic.file.enabled for topic in topics.values()):
        none = "nothing can match: no enabled topic was found (of a folder, files in .yaml and .yml are read)"
        print(f"rasid: {none}", file=sys.stderr)
