"""``rasid silence``: what nobody is to be told of for a time; add, list, show, expire."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from daemon.cli.config_option import add_config_option

EXAMPLES = """examples:
  rasid silence add -c rasid.yaml topic='football-*' --for 2h --comment 'the final'
  rasid silence add -c rasid.yaml story=k3fq7m2a source='!سانا' --until 2026-11-25T06:00:00Z --comment 'enough'
  rasid silence list -c rasid.yaml
  rasid silence expire -c rasid.yaml sil_k3fq…
"""

_ID_CHARS = 12
"""Of an id on a terminal: enough to tell a thousand apart; ``expire`` takes a beginning too."""

_STORY_CHARS = 26


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    silence = commands.add_parser(
        "silence",
        help="silences of a running daemon: add, list, show, expire",
        description="A silence keeps the alerts for which all its conditions hold from every receiver, from its start "
        "to its end. They are recorded, and not told later.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = silence.add_subparsers(title="verbs", metavar="VERB", required=True)
    _describe_add(verbs.add_parser("add", help="silence from now on, or from a start; prints the id"))
    listing = verbs.add_parser("list", help="silences that hold or are to come")
    add_config_option(listing)
    listing.add_argument("--all", action="store_true", help="those that are over too, for as long as they are kept")
    listing.add_argument("--format", choices=("table", "jsonl"), help="default: table on a terminal, else jsonl")
    listing.set_defaults(run=_list)
    show = verbs.add_parser("show", help="one silence, in JSON")
    add_config_option(show)
    show.add_argument("id", metavar="ID", help="as `list` shows it")
    show.set_defaults(run=_show)
    expire = verbs.add_parser("expire", help="end silences now")
    add_config_option(expire)
    expire.add_argument("ids", nargs="+", metavar="ID", help="as `list` shows them")
    expire.set_defaults(run=_expire)


def _describe_add(add: argparse.ArgumentParser) -> None:
    add_config_option(add)
    add.add_argument(
        "match",
        nargs="+",
        metavar="KEY=GLOB",
        help="a condition: topic, severity, lang, source, entity, story or labels.NAME; KEY!=GLOB: it must not fit; of "
        "several with one key any may fit",
    )
    add.add_argument("--comment", required=True, help="why")
    add.add_argument("--author", help="who; default: the user's name")
    add.add_argument("--start", metavar="TIME", help="a date or a moment, in UTC without a zone; default: now")
    ends = add.add_mutually_exclusive_group(required=True)
    ends.add_argument("--for", dest="lasts", metavar="TIME", help="how long it lasts, like 2h or 3d")
    ends.add_argument("--until", metavar="TIME", help="its end: a date or a moment, in UTC without a zone")
    add.set_defaults(run=_add)


def conditions(written: list[str]) -> dict[str, list[str]]:
    """``topic=syria-*``, ``source!=سانا`` as the API takes them. ``ValueError`` says how to write them."""
    match: dict[str, list[str]] = {}
    for each in written:
        key, equals, glob = each.partition("=")
        if not equals or not key.rstrip("!"):
            raise ValueError(f"{each!r} is no condition: write one like topic=syria-* or source!=سانا")
        if key == "story" and len(glob) < _STORY_CHARS and not glob.endswith("*"):
            glob += "*"
        match.setdefault(key.removesuffix("!"), []).append(f"!{glob}" if key.endswith("!") else glob)
    return match


def _add(options: argparse.Namespace) -> int:
    import getpass
    import time

    from alerts.notices.timestamp import rfc3339
    from daemon.cli.http_client import Client
    from daemon.config.since import moment_ms
    from daemon.config.values import parse_duration

    try:
        start_ms = moment_ms(options.start) if options.start else time.time_ns() // 1_000_000
        lasts = round(parse_duration(options.lasts).total_seconds() * 1000) if options.lasts else 0
        end_ms = start_ms + lasts if options.lasts else moment_ms(options.until)
        match = conditions(options.match)
    except ValueError as error:
        print(f"rasid silence add: {error}", file=sys.stderr)
        return 2
    asked = {
        "match": match,
        "author": options.author or getpass.getuser(),
        "comment": options.comment,
        "start": rfc3339(start_ms),
        "end": rfc3339(end_ms),
    }
    print(Client(options.config).post("/api/v1/silences", asked)["id"])
    return 0


def _list(options: argparse.Namespace) -> int:
    import json

    from daemon.cli.http_client import Client

    silences = Client(options.config).get("/api/v1/silences")["silences"]
    silences = [each for each in silences if options.all or each["state"] != "expired"]
    if options.format == "jsonl" or (options.format is None and not sys.stdout.isatty()):
        for each in silences:
            print(json.dumps(each, ensure_ascii=False))
        return 0
    for line in table(silences):
        print(line)
    return 0


def table(silences: list[dict[str, Any]]) -> Iterator[str]:
    """The lines that a person reads."""
    if not silences:
        yield "no silences"
        return
    yield f"{'ID':<{_ID_CHARS}}  STATE    UNTIL             WHAT"
    for each in silences:
        what = " ".join(f"{key}={'|'.join(globs)}" for key, globs in each["match"].items())
        yield (
            f"{each['id'][:_ID_CHARS]:<{_ID_CHARS}}  {each['state']:<7}  {each['end'][:16].replace('T', ' ')}  "
            f"\u2068{what}\u2069 (\u2068{each['author']}\u2069: \u2068{each['comment']}\u2069)"
        )


def _show(options: argparse.Namespace) -> int:
    import json

    from daemon.cli.http_client import Client

    found = _meant(Client(options.config).get("/api/v1/silences")["silences"], options.id)
    if found is None:
        return 1
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _expire(options: argparse.Namespace) -> int:
    from urllib.parse import quote

    from daemon.cli.http_client import Client

    client = Client(options.config)
    silences = client.get("/api/v1/silences")["silences"]
    found = [_meant(silences, each) for each in options.ids]
    if None in found:
        return 1  # none is ended where one cannot be meant
    status = 0
    for each in found:
        if each is not None and each["state"] == "expired":
            print(f"{each['id']} was over already")
            status = 1
        elif each is not None:
            client.post(f"/api/v1/silences/{quote(each['id'], safe='')}/expire")
            print(f"{each['id']} ended")
    return status


def _meant(silences: list[dict[str, Any]], written: str) -> dict[str, Any] | None:
    """The silence whose id is, or alone begins with, what was written; says so where there is none."""
    found = [each for each in silences if each["id"] == written]
    found = found or [each for each in silences if each["id"].startswith(written)]
    if len(found) == 1:
        return found[0]
    said = f"{len(found)} silences have ids that begin with" if found else "no silence has the id"
    print(f"rasid silence: {said} `{written}`: `rasid silence list --all` shows them", file=sys.stderr)
    return None
