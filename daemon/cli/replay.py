"""``rasid replay``: deliveries of a running daemon sent again, under their ids and with their bytes."""

import argparse
import sys
from typing import Any

from daemon.cli.config_option import add_config_option

EXAMPLES = """examples:
  rasid replay -c rasid.yaml evt_a1b2… evt_c3d4…
  rasid replay -c rasid.yaml --receiver desk --since 2h --dry-run
  rasid replay -c rasid.yaml --receiver desk --state dead
  rasid reconcile -c rasid.yaml --receiver desk --since 1d --missing held.txt | rasid replay -c rasid.yaml -
"""

MOST = 1_000
"""Ids in one request."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    describe_replay(
        commands.add_parser(
            "replay",
            help="send deliveries again: by id, or all of a receiver since a moment",
            description="Each goes out under its id and with its bytes, with the header rasid-replay. A few are "
            "sent at a time, ten a second to a receiver, so that new alerts need not wait. Exit status 1 where there "
            "is nothing to send, or an id is not known.",
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )


def describe_replay(parser: argparse.ArgumentParser) -> None:
    """Its arguments, also for ``rasid deliveries replay``."""
    add_config_option(parser)
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="evt_… as `rasid deliveries list` shows them; -: one a line"
    )
    parser.add_argument("--receiver", metavar="NAME", help="all of this receiver that finished within the range")
    parser.add_argument(
        "--since", metavar="TIME", help="start of the range: 2h ago, a date, or a moment, in UTC without a zone"
    )
    parser.add_argument("--until", metavar="TIME", help="end of the range; default: now")
    parser.add_argument(
        "--state",
        choices=("delivered", "dead", "any"),
        default="any",
        help="those that arrived, those that were given up, or both (default); `dead` alone needs no --since",
    )
    parser.add_argument("--dry-run", action="store_true", help="say how many there are, and send nothing")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from daemon.cli.http_client import Client

    if bool(options.ids) == bool(options.receiver):
        print("rasid replay: name the ids to send again, or --receiver", file=sys.stderr)
        return 2
    try:
        asked = _asked(options)
    except ValueError as error:
        print(f"rasid replay: {error}", file=sys.stderr)
        return 2
    client = Client(options.config)
    answers = [client.post("/api/v1/deliveries/replay", {**each, "dry_run": True}) for each in asked]
    found, unknown = sum(each["found"] for each in answers), [id_ for each in answers for id_ in each["unknown"]]
    print(_before(answers), file=sys.stderr)
    for each in unknown:
        print(f"rasid replay: {each} is not known, or forgotten", file=sys.stderr)
    if found and not options.dry_run:
        queued = sum(client.post("/api/v1/deliveries/replay", each)["queued"] for each in asked)
        print(f"{queued} will be sent again")
    return 1 if unknown or not found else 0


def _asked(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The requests that it takes. ``ValueError`` says what cannot be meant."""
    import time

    from alerts.notices.timestamp import rfc3339
    from daemon.config.since import since_ms

    now_ms = time.time_ns() // 1_000_000
    if options.receiver:
        if options.since is None and options.state != "dead":
            raise ValueError("say --since when, or --state dead: else all that is kept would be sent again")
        # The end is fixed here: what finishes between asking and doing is not sent again.
        until = since_ms(options.until, now_ms) if options.until else now_ms
        asked = {"receiver": options.receiver, "state": options.state, "until": rfc3339(until)}
        return [asked | ({"since": rfc3339(since_ms(options.since, now_ms))} if options.since else {})]
    if options.since or options.until or options.state != "any":
        raise ValueError("--since, --until and --state go with --receiver")
    ids = list(dict.fromkeys(_ids(options.ids)))
    return [{"ids": ids[start : start + MOST]} for start in range(0, len(ids), MOST)]


def _ids(written: list[str]) -> list[str]:
    lines = sys.stdin.read().split("\n") if written == ["-"] else written
    ids = [line.strip() for line in lines if line.strip()]
    for each in ids:
        if not (each.startswith("evt_") and each.isascii() and each[4:].isalnum() and len(each) <= 68):
            raise ValueError(f"{each[:80]!r} is no id of a delivery: they begin with evt_")
    if not ids:
        raise ValueError("no ids came")
    return ids


def _before(answers: list[dict[str, Any]]) -> str:
    """What will be done, said before it is done."""
    found, delivered, dead = (sum(each[name] for each in answers) for name in ("found", "delivered", "dead"))
    under_way = sum(len(each["under_way"]) for each in answers)
    waiting, per_second = answers[0]["waiting"], answers[0]["per_second"]
    said = f"rasid replay: {found} to send again ({delivered} arrived, {dead} were given up)"
    said += f", {under_way} are under way" if under_way else ""
    said += f"; {waiting} of other replays wait" if waiting else ""
    return said + (f"; at {per_second} a second to a receiver, {found / per_second:.0f} s at least" if found else "")
