"""``rasid demo``: everything on one machine, with nothing set up."""

import argparse

EXAMPLES = """examples:
  rasid demo                          half a minute of news; the page stays until Ctrl-C
  rasid demo --for 20s                the page too ends then
  rasid demo --for 10m
  NO_COLOR=1 rasid demo | less
"""

UNWATCHED_SECONDS = 30.0
"""Where no terminal is: nobody would press Ctrl-C."""

SHORTEST_SECONDS = 3.0
"""The private Valkey needs a second to start, and the articles some time to be seen."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "demo",
        help="the whole of it on this machine: a sample stream, a receiver, every alert with its evidence",
        description=(
            "Starts the real daemon with a private Valkey in a temporary directory, streams invented articles in four "
            "languages through it, verifies every alert's signature and shows what decided. Leaves nothing behind."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    about = "how long it lasts, about (default: on a terminal until Ctrl-C, else 30s)"
    parser.add_argument("--for", dest="seconds", metavar="TIME", type=_seconds, help=about)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import asyncio
    import logging
    import os
    import sys

    from daemon import logs
    from daemon.demo.play import play
    from daemon.demo.show import Style

    logs.set_up(level=logging.WARNING)
    style = Style(colors=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    watched = sys.stdin.isatty() and sys.stdout.isatty()
    seconds = options.seconds or (None if watched else UNWATCHED_SECONDS)
    return asyncio.run(play(seconds, lambda line: print(line, flush=True), style))


def _seconds(written: str) -> float:
    from daemon.config.values import parse_duration

    try:
        seconds = parse_duration(written).total_seconds()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if seconds < SHORTEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{written} is too short to see anything: at least {SHORTEST_SECONDS:g}s")
    return seconds
