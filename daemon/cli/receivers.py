"""``rasid receivers``: list them, use one again that is disabled, try one out."""

import argparse
import sys
from typing import TYPE_CHECKING

from daemon.cli.config_option import add_config_option

if TYPE_CHECKING:
    from alerts.receiver import Receiver

EXAMPLES = """examples:
  rasid receivers list -c rasid.yaml
  rasid receivers enable -c rasid.yaml desk
  rasid receivers test -c rasid.yaml desk --dry-run
  rasid receivers public-key -c rasid.yaml desk
"""

DEFAULT_EVENT = "alert.opened"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    receivers = commands.add_parser("receivers", help="receivers: list, enable again, test", epilog=EXAMPLES)
    verbs = receivers.add_subparsers(title="verbs", metavar="VERB", required=True)
    listing = verbs.add_parser(
        "list", help="each receiver: whether it works, how many alerts wait for it, since when it has been failing"
    )
    add_config_option(listing)
    listing.set_defaults(run=_list)
    enable = verbs.add_parser("enable", help="call a disabled receiver again: it answered 410 Gone, or failed for days")
    add_config_option(enable)
    enable.add_argument("name", metavar="NAME", help="as `list` shows it")
    enable.set_defaults(run=_enable)
    test = verbs.add_parser(
        "test",
        help="send one test event to a receiver, or print what would be sent",
        description="Needs no running daemon. Exit status: 0 the receiver took it, 1 it did not, 2 wrong usage.",
    )
    add_config_option(test)
    test.add_argument("name", metavar="NAME", help="as the configuration calls it")
    test.add_argument(
        "--event", metavar="TYPE", default=DEFAULT_EVENT, help=f"type of event (default: {DEFAULT_EVENT})"
    )
    test.add_argument("--dry-run", action="store_true", help="send nothing: print it, with secrets masked")
    test.set_defaults(run=_test)
    key = verbs.add_parser("public-key", help="what a receiver verifies the signatures of our private keys with")
    add_config_option(key)
    key.add_argument("name", metavar="NAME", help="as the configuration calls it")
    key.set_defaults(run=_public_key)


def _list(options: argparse.Namespace) -> int:
    from alerts.notices.timestamp import rfc3339
    from daemon.cli.http_client import Client

    receivers = Client(options.config).get("/api/v1/status")["receivers"]
    print("RECEIVER\tSTATE\tWAITING\tFAILING SINCE\tFAILURES\tDISABLED")
    for name, each in receivers.items():
        row = each["failing"] or {}
        since = rfc3339(row["since_ms"]) if row else ""
        waiting = "?" if each["ready"] is None else each["ready"]  # Redis does not answer
        print(name, each["state"], waiting, since, row.get("failures", ""), each["disabled"] or "", sep="\t")
    return 0


def _enable(options: argparse.Namespace) -> int:
    from urllib.parse import quote

    from daemon.cli.http_client import Client

    answer = Client(options.config).post(f"/api/v1/receivers/{quote(options.name, safe='')}/enable")
    print(f"{options.name} is enabled again" if answer["was_disabled"] else f"{options.name} was not disabled")
    return 0 if answer["was_disabled"] else 1


def _named(options: argparse.Namespace) -> "Receiver | None":
    """The receiver that is meant; where there is none, that is said."""
    from daemon.config.load import load_config
    from processors.yaml_document import meant

    receivers = load_config(options.config).receivers
    if options.name not in receivers:
        known = meant(options.name, receivers)
        print(f"rasid receivers: no receiver is called `{options.name}`{known}", file=sys.stderr)
    return receivers.get(options.name)


def _public_key(options: argparse.Namespace) -> int:
    from alerts.senders.ed25519 import Ed25519Key

    receiver = _named(options)
    if receiver is None:
        return 2
    keys = [key.public for key in receiver.secrets if isinstance(key, Ed25519Key)]
    print(*keys, sep="\n", end="\n" if keys else "")
    if not keys:
        print(f"rasid receivers: {receiver.name} has no private key (whsk_…): its secret is shared", file=sys.stderr)
    return 0 if keys else 1


def _test(options: argparse.Namespace) -> int:
    import asyncio
    import time

    from alerts.model import Leased, Reply
    from alerts.rendering.examples import example_deliveries
    from alerts.senders.senders import Senders
    from daemon import __version__
    from processors.yaml_document import meant

    receiver = _named(options)
    if receiver is None:
        return 2
    examples = example_deliveries(receiver, time.time_ns() // 1_000_000)
    if options.event not in examples:
        known = meant(options.event, examples)
        print(f"rasid receivers test: no event is of type `{options.event}`{known}", file=sys.stderr)
        return 2
    leased = Leased(delivery=examples[options.event], attempt=1, order_gap=False, replay=False)

    async def work() -> int:
        senders = Senders(user_agent=f"rasid/{__version__}")
        try:
            if options.dry_run:
                print(senders.preview(leased, receiver))
                return 0
            attempt = await senders.send(leased, receiver)
        finally:
            await senders.close()
        came_to = " ".join(str(each) for each in (attempt.reply.value, attempt.status or "", attempt.error) if each)
        print(f"{receiver.name}: {came_to} in {attempt.seconds:.2f} s", *([attempt.excerpt] if attempt.excerpt else []))
        return 0 if attempt.reply is Reply.DELIVERED else 1

    return asyncio.run(work())
