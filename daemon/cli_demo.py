"""``rasid demo``: everything on one machine, with nothing set up."""

import argparse
from datetime import timedelta


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "demo",
        help="see it work on this machine, with nothing to set up",
        description=(
            "Streams sample articles through the daemon into a receiver that verifies each signature, and prints "
            "every alert with its evidence."
        ),
    )
    parser.add_argument("--for", dest="length", metavar="TIME", default="30s", type=_length, help="default: 30s")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from daemon.demo.command import run_demo  # noqa: PLC0415

    return run_demo(options.length)


def _length(written: str) -> timedelta:
    from daemon.config_values import parse_duration  # noqa: PLC0415

    try:
        return parse_duration(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
