"""The option that chooses topics, for the commands that match articles without a configuration file."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    parser.add_argument(
        "-e",
        "--entities",
        action="append",
        metavar="ENTITIES",
        help="a file or folder of more entities; may be repeated",
    )


def watchlist_of(options: argparse.Namespace) -> "Watchlist":
    """The chosen topics, compiled. Raises ``InvalidInput``."""
    from daemon.compiled import load_watchlist

    watchlist, warnings = load_watchlist(options.topics or ALL_BUILT_IN, options.entities or ())
    for warning in warnings:
        print(f"{warning} (warning)", file=sys.stderr)
    return watchlist
