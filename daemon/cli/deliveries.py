"""``rasid deliveries``: what became of the deliveries of a running daemon; list, show, send again."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from daemon.cli.config_option import add_config_option
from daemon.cli.limit_option import add_limit_option
from daemon.cli.replay import describe_replay
from processors.counted import counted

if TYPE_CHECKING:
    from daemon.cli.http_client import Client

EXAMPLES = """examples:
  rasid deliveries list -c rasid.yaml --receiver desk --state dead
  rasid deliveries list -c rasid.yaml --since 2h --story k3fq7m2a
  rasid deliveries show -c rasid.yaml evt_a1b2…
  rasid deliveries replay -c rasid.yaml --receiver desk --state dead
"""

STATES = ("pending", "ready", "leased", "delivered", "dead")

MOST = 10_000
"""Shown by one command: twenty answers of the daemon."""

_WAITS = {
    "backlog": "the digest of a backlog",
    "group": "others of its group",
    "scheduled": "the hour of its digest",
    "throttled": "a slot: its receiver was told enough",
}

PAGE = 500
"""Asked for at once, as many as the daemon shows."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    deliveries = commands.add_parser(
        "deliveries",
        help="deliveries of a running daemon: list, show, send again",
        description="Unfinished deliveries, those that were given up, and the newest of those that arrived "
        "(history.deliveries), for as long as history.keep says.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = deliveries.add_subparsers(title="verbs", metavar="VERB", required=True)
    _describe_list(verbs.add_parser("list", help="deliveries, the newest first"))
    show = verbs.add_parser(
        "show", help="one delivery: its body, and each attempt with what the receiver said; status 1: not known"
    )
    add_config_option(show)
    show.add_argument("id", metavar="ID", help="evt_… as `list` shows it")
    show.add_argument("--format", choices=("text", "json"), help="default: text on a terminal, else json")
    show.set_defaults(run=_show)
    describe_replay(verbs.add_parser("replay", help="the same as `rasid replay`"))


def _describe_list(listing: argparse.ArgumentParser) -> None:
    add_config_option(listing)
    listing.add_argument("--receiver", default="", metavar="NAME", help="of this receiver alone")
    listing.add_argument(
        "--state",
        default="",
        metavar="STATE",
        help=f"where it stands: {', '.join(STATES)}, or several with commas between",
    )
    listing.add_argument(
        "--since", metavar="TIME", help="reached its state since: 2h ago, a date, or a moment, in UTC without a zone"
    )
    listing.add_argument("--until", metavar="TIME", help="and not later than this")
    listing.add_argument("--story", default="", metavar="STORY", help="of this story, by the beginning of its id")
    add_limit_option(listing, default=100, most=MOST)
    listing.add_argument("--format", choices=("table", "jsonl"), help="default: table on a terminal, else jsonl")
    listing.set_defaults(run=_list)


def _list(options: argparse.Namespace) -> int:
    import json
    import time

    from alerts.notices.timestamp import rfc3339
    from daemon.cli.http_client import Client
    from daemon.config.since import since_ms

    now_ms = time.time_ns() // 1_000_000
    asked = {"receiver": options.receiver, "state": options.state, "story": options.story}
    try:
        for name, written in (("since", options.since), ("until", options.until)):
            if written:
                asked[name] = rfc3339(since_ms(written, now_ms))
    except ValueError as error:
        print(f"rasid deliveries list: {error}", file=sys.stderr)
        return 2
    found = deliveries_of(Client(options.config), asked, options.limit)
    if options.format == "jsonl" or (options.format is None and not sys.stdout.isatty()):
        for each in found:
            print(json.dumps(each, ensure_ascii=False))
        return 0
    print("SINCE\tSTATE\tRECEIVER\tATTEMPTS\tID\tTEXT")
    for each in found:
        state = f"{each['state']}: {each['reason']}" if each["reason"] else each["state"]
        state += ", again" if each["replay"] else ""
        at, text = each["at"][:19].replace("T", " "), f"\u2068{each['text']}\u2069"
        print(at, state, each["receiver"], each["attempts"], each["id"], text, sep="\t")
    return 0


def deliveries_of(client: "Client", asked: dict[str, str], limit: int | None = None) -> Iterator[dict[str, Any]]:
    """All deliveries that fit, page by page, the newest first; at most ``limit``."""
    from urllib.parse import urlencode

    wanted, left = {name: value for name, value in asked.items() if value}, limit
    while left is None or left > 0:
        answer = client.get(f"/api/v1/deliveries?{urlencode({**wanted, 'limit': min(PAGE, left or PAGE)})}")
        yield from answer["deliveries"]
        left = None if left is None else left - len(answer["deliveries"])
        if answer["next"] is None:
            return
        wanted["cursor"] = answer["next"]


def _show(options: argparse.Namespace) -> int:
    import json
    from urllib.parse import quote

    from daemon.cli.http_client import Client

    delivery = Client(options.config).get(f"/api/v1/deliveries/{quote(options.id, safe='') or '-'}")
    if options.format == "json" or (options.format is None and not sys.stdout.isatty()):
        print(json.dumps(delivery, ensure_ascii=False))
    else:
        print("\n".join(delivery_lines(delivery)))
    return 0


def delivery_lines(delivery: dict[str, Any]) -> Iterator[str]:
    """The lines that a person reads."""
    import json

    yield f"{delivery['id']}  {delivery['type'] or 'waits for its digest'}  to {delivery['receiver']}"
    yield f"  \u2068{delivery['text']}\u2069"
    yield f"  {state_words(delivery)}"
    for name in ("topic", "story", "alert"):
        if delivery[name]:
            yield f"  {name} {delivery[name]}"
    for each in delivery["history"]:
        said = f"HTTP {each['status']}" if each["status"] else each["error"] or "no answer"
        said += f", {each['error']}" if each["status"] and each["error"] else ""
        yield (
            f"  {each['at'][:19].replace('T', ' ')}  attempt {each['attempt']}: {said} "
            f"in {each['seconds']:.2f} s, {each['outcome']}"
        )
        if each["reply"].strip():
            yield f"      \u2068{each['reply'].strip()}\u2069"
    if not delivery["history"] and delivery["attempts"]:
        yield "  its attempts are not in the history any more"
    yield json.dumps(delivery["body"], ensure_ascii=False, indent=2)


def state_words(delivery: dict[str, Any]) -> str:
    """Where it stands, since when, and what comes next."""
    at = delivery["at"][:19].replace("T", " ")
    again = ", and waits to be sent again" if delivery["replay"] else ""
    failed = f", {counted(delivery['attempts'], 'attempt')} failed" if delivery["attempts"] else ""
    match delivery["state"]:
        case "pending":
            due = f", until {delivery['next'][:19].replace('T', ' ')} at least" if delivery["next"] else ""
            return f"waits since {at} for {_WAITS.get(delivery['reason'], delivery['reason'])}{due}"
        case "delivered":
            return f"delivered at {at}, by attempt {delivery['attempts']}{again}"
        case "dead":
            return (
                f"dead since {at} because {delivery['reason']}, after {counted(delivery['attempts'], 'attempt')}{again}"
            )
        case "leased":
            return f"is being sent now, waiting since {at}{failed}"
        case _:
            due = f", next attempt {delivery['next'][:19].replace('T', ' ')}" if delivery["next"] else ""
            return f"waiting since {at}{failed}{due or ', after another one of its story'}"
