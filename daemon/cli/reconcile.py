"""``rasid reconcile``: which deliveries a subscriber should hold, and which it does not."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.cli.config_option import add_config_option

if TYPE_CHECKING:
    from daemon.cli.http_client import Client

EXAMPLES = """examples:
  rasid reconcile -c rasid.yaml --receiver desk --since 1d                 the ids that it should hold
  rasid reconcile -c rasid.yaml --receiver desk --since 1d held.txt        what differs from those that it holds
  rasid reconcile -c rasid.yaml --receiver desk --since 1d --missing held.txt | rasid replay -c rasid.yaml -
"""

MOST = 1_000
"""Ids looked up by one request."""

_SHOWN = 20
"""Ids written into the command that is offered; more are passed on by a pipe."""

_ID = re.compile(r"\bevt_[a-z0-9]{1,64}\b")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "reconcile",
        help="which deliveries a receiver should hold, and which it does not",
        description="Prints the ids that a receiver took since a moment. With the ids that it holds (a file with one "
        "on each line; a CSV or a log will do), prints those that are missing there, and those that Rasid does not "
        "know. Exit status 1 where they differ.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_option(parser)
    parser.add_argument("held", nargs="?", metavar="FILE", help="ids that the subscriber holds; -: standard input")
    parser.add_argument("--receiver", required=True, metavar="NAME", help="its name in the configuration")
    parser.add_argument(
        "--since", required=True, metavar="TIME", help="delivered since: 1d ago, a date, or a moment, in UTC"
    )
    parser.add_argument("--until", metavar="TIME", help="and not later than this: when FILE was written; default: now")
    parser.add_argument("--missing", action="store_true", help="print the missing ids alone, for `rasid replay … -`")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import time

    from alerts.notices.timestamp import rfc3339
    from daemon.cli.deliveries import deliveries_of
    from daemon.cli.http_client import Client
    from daemon.config.since import since_ms
    from daemon.sources.file_lines import why_unread

    now_ms = time.time_ns() // 1_000_000
    try:
        since = since_ms(options.since, now_ms)
        until = since_ms(options.until, now_ms) if options.until else now_ms
        held = None if options.held is None else _held(options.held)
    except OSError as error:
        print(f"rasid reconcile: {options.held}: cannot be read: {why_unread(error)}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"rasid reconcile: {error}", file=sys.stderr)
        return 2
    if options.missing and held is None:
        print("rasid reconcile: --missing needs the FILE of ids that the subscriber holds", file=sys.stderr)
        return 2
    client = Client(options.config)
    asked = {"receiver": options.receiver, "state": "delivered", "since": rfc3339(since), "until": rfc3339(until)}
    should_hold = {each["id"]: each["at"] for each in deliveries_of(client, asked)}
    if held is None:
        print("".join(f"{id_}\n" for id_ in reversed(should_hold)), end="")
        return 0
    missing = [id_ for id_ in reversed(should_hold) if id_ not in held]
    unknown = _unknown(client, [id_ for id_ in held if id_ not in should_hold], options.receiver)
    _tell(options, missing, should_hold, unknown)
    said = f"rasid reconcile: {len(should_hold)} delivered, {len(missing)} of them missing, {len(unknown)} unknown"
    print(said, file=sys.stderr)
    return 1 if missing or unknown else 0


def _held(path: str) -> dict[str, None]:
    """Every id in the file. ``ValueError`` where there is none in one that is not empty."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8", errors="replace")
    found = dict.fromkeys(_ID.findall(text))
    if text.strip() and not found:
        raise ValueError(f"{path}: no id of a delivery is in it: they begin with evt_")
    return found


def _unknown(client: "Client", ids: list[str], receiver: str) -> list[tuple[str, str]]:
    """Those that this receiver cannot have got from us, each with the reason."""
    found: list[tuple[str, str]] = []
    for start in range(0, len(ids), MOST):
        some = {"ids": ids[start : start + MOST]}
        states: dict[str, dict[str, Any]] = client.post("/api/v1/deliveries/states", some)["states"]
        for id_, each in states.items():
            if each["state"] == "unknown":
                found.append((id_, "never made here, or so long ago that it is forgotten"))
            elif each["receiver"] not in ("", receiver):
                found.append((id_, f"was for {each['receiver']}"))
    return found


def _tell(
    options: argparse.Namespace, missing: list[str], delivered: dict[str, str], unknown: list[tuple[str, str]]
) -> None:
    if options.missing:
        print("".join(f"{id_}\n" for id_ in missing), end="")
        return
    for id_ in missing:
        print("missing", id_, f"delivered {delivered[id_][:19].replace('T', ' ')}", sep="\t")
    for id_, why in unknown:
        print("unknown", id_, why, sep="\t")
    if not missing:
        return
    if len(missing) <= _SHOWN:
        print(f"to send them again: rasid replay -c {options.config} {' '.join(missing)}", file=sys.stderr)
    else:
        print(f"to send them again: add --missing, and `| rasid replay -c {options.config} -`", file=sys.stderr)
