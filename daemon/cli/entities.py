"""``rasid entities``: verbs for those who look names up or write their own, one file each."""

import argparse
from importlib import import_module

# From looking up to writing.
VERBS = ("search", "show", "check")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the group and every verb of it."""
    entities = commands.add_parser("entities", help="who and what is known by which names; check files of your own")
    verbs = entities.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb in VERBS:
        import_module(f"daemon.cli.entities_{verb}").add_to(verbs)


def add_entities_option(parser: argparse.ArgumentParser) -> None:
    """``-e``."""
    parser.add_argument(
        "-e",
        "--entities",
        action="append",
        metavar="ENTITIES",
        help="a file or folder of more entities; may be repeated",
    )
