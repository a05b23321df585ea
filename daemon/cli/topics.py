"""``rasid topics``: verbs for those who write topics, one file each."""

import argparse
from importlib import import_module

# In the order in which an author needs them.
VERBS = ("new", "list", "bench", "import", "schema")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the group and every verb of it."""
    topics = commands.add_parser("topics", help="list topics, and what helps to write them")
    verbs = topics.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb in VERBS:
        import_module(f"daemon.cli.topics_{verb}").add_to(verbs)
