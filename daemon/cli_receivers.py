"""``rasid receivers``: use a receiver again that said 410 Gone."""

import argparse

from daemon.cli_config_option import add_config_option

EXAMPLES = """examples:
  rasid receivers list -c rasid.yaml
  rasid receivers enable -c rasid.yaml desk
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    receivers = commands.add_parser(
        "receivers", help="receivers of a running daemon: list, enable again", epilog=EXAMPLES
    )
    verbs = receivers.add_subparsers(title="verbs", metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="each receiver, how many alerts wait for it, and why it is disabled")
    add_config_option(listing)
    listing.set_defaults(run=_list)
    enable = verbs.add_parser("enable", help="call a receiver again that answered 410 Gone")
    add_config_option(enable)
    enable.add_argument("name", metavar="NAME", help="as `list` shows it")
    enable.set_defaults(run=_enable)


def _list(options: argparse.Namespace) -> int:
    from daemon.cli_client import Client

    print("RECEIVER\tWAITING\tDISABLED")
    for name, each in Client(options.config).get("/api/v1/status")["receivers"].items():
        print(name, each["ready"], each["disabled"] or "", sep="\t")
    return 0


def _enable(options: argparse.Namespace) -> int:
    from urllib.parse import quote

    from daemon.cli_client import Client

    answer = Client(options.config).post(f"/api/v1/receivers/{quote(options.name, safe='')}/enable")
    print(f"{options.name} is enabled again" if answer["was_disabled"] else f"{options.name} was not disabled")
    return 0 if answer["was_disabled"] else 1
