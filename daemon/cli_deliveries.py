"""``rasid deliveries``: dead letters of a running daemon, seen and sent again."""

import argparse
import sys
from typing import TYPE_CHECKING

from daemon.cli_config_option import add_config_option

if TYPE_CHECKING:
    from daemon.cli_client import Client

EXAMPLES = """examples:
  rasid deliveries list -c rasid.yaml
  rasid deliveries replay -c rasid.yaml evt_a1b2… evt_c3d4…
  rasid deliveries replay -c rasid.yaml --receiver desk
"""

MOST = 1_000
"""Shown, or sent again, by one request."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    deliveries = commands.add_parser(
        "deliveries",
        help="dead letters of a running daemon: see them, send them again",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = deliveries.add_subparsers(title="verbs", metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="deliveries that were given up, newest first")
    add_config_option(listing)
    listing.add_argument("--limit", type=int, default=100, metavar="N", help="at most this many (default 100)")
    listing.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: table")
    listing.set_defaults(run=_list)
    replay = verbs.add_parser("replay", help="send them again: same id, same bytes, marked as a replay")
    add_config_option(replay)
    replay.add_argument("ids", nargs="*", metavar="ID", help="evt_… as `list` shows them")
    replay.add_argument(
        "--receiver", metavar="NAME", help="all dead letters of this receiver; status 1 where it has none"
    )
    replay.set_defaults(run=_replay)


def _list(options: argparse.Namespace) -> int:
    import json
    from datetime import UTC, datetime

    from daemon.cli_client import Client

    if not 1 <= options.limit <= MOST:
        print(f"rasid: --limit is a number from 1 to {MOST}", file=sys.stderr)
        return 2
    letters = Client(options.config).get(f"/api/v1/dead-letters?limit={options.limit}")["dead_letters"]
    if options.format == "jsonl":
        for letter in letters:
            print(json.dumps(letter, ensure_ascii=False))
        return 0
    print("DIED\tRECEIVER\tREASON\tATTEMPTS\tID\tTEXT")
    for each in letters:
        died = datetime.fromtimestamp(each["died_ms"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        print(died, each["receiver"], each["reason"], each["attempts"], each["id"], each["text"], sep="\t")
    return 0


def _replay(options: argparse.Namespace) -> int:
    from daemon.cli_client import Client

    if bool(options.ids) == bool(options.receiver):
        print("rasid: name the ids to send again, or --receiver", file=sys.stderr)
        return 2
    client, ids = Client(options.config), list(options.ids)
    if options.receiver:
        ids = _dead_letters_of(client, options.receiver)
        if not ids:
            from processors.yaml_document import nearest

            known = client.get("/api/v1/status")["receivers"]
            close = nearest(options.receiver, known) if options.receiver not in known else ""
            print(f"rasid: no dead letters for `{options.receiver}`{close}", file=sys.stderr)
            return 1
    answers = [
        client.post("/api/v1/dead-letters/replay", {"ids": some})
        for some in (ids[start : start + MOST] for start in range(0, len(ids), MOST))
    ]
    replayed, unknown = (sum(answer[part] for answer in answers) for part in ("replayed", "unknown"))
    print(f"{replayed} sent again, {unknown} unknown")
    return 1 if unknown else 0


def _dead_letters_of(client: "Client", receiver: str) -> list[str]:
    """All that there are now. They are listed before the first is sent again, for it may come straight back."""
    from urllib.parse import urlencode

    ids: dict[str, None] = {}  # a letter that dies meanwhile moves the others back: they are seen twice, not missed
    skip = 0
    while True:
        query = urlencode({"receiver": receiver, "limit": MOST, "skip": skip})
        page = client.get(f"/api/v1/dead-letters?{query}")["dead_letters"]
        ids.update((letter["id"], None) for letter in page)
        skip += len(page)
        if len(page) < MOST:
            return list(ids)
