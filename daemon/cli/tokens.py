"""``rasid tokens``: who may ask the API what; create, list, revoke."""

import argparse
import sys
from urllib.parse import quote

from daemon.access.scope import Scope
from daemon.cli.config_option import add_config_option

EXAMPLES = """examples:
  rasid tokens create -c rasid.yaml desk-page --scope read --scope silence
  rasid tokens create -c rasid.yaml trainee --scope read --days 30
  rasid tokens list -c rasid.yaml
  rasid tokens revoke -c rasid.yaml trainee
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    tokens = commands.add_parser(
        "tokens",
        help="tokens of the API: create, list, revoke",
        description="A token lets its holder ask the API of every process of this name. Scopes: read (all that only "
        "shows), silence (silences, and verdicts on alerts), replay (deliveries sent again), admin (everything). "
        "Whoever has any of them may read. Redis keeps hashes only. The token of http.token_file may do everything.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = tokens.add_subparsers(title="verbs", metavar="VERB", required=True)
    create = verbs.add_parser("create", help="make one; prints it, this once")
    add_config_option(create)
    create.add_argument("name", metavar="NAME", help="whom it is for: it stands in the audit log")
    create.add_argument(
        "--scope", action="append", required=True, choices=[each.value for each in Scope], help="may be repeated"
    )
    create.add_argument("--days", type=_days, metavar="N", help="after which it opens nothing; default: never")
    create.set_defaults(run=_create)
    listing = verbs.add_parser("list", help="all of them, without what they are")
    add_config_option(listing)
    listing.add_argument("--format", choices=("table", "jsonl"), help="default: table on a terminal, else jsonl")
    listing.set_defaults(run=_list)
    revoke = verbs.add_parser("revoke", help="from now on they open nothing, in no process")
    add_config_option(revoke)
    revoke.add_argument("names", nargs="+", metavar="NAME", help="as `list` shows them")
    revoke.set_defaults(run=_revoke)


def _days(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of days: 1 or more")
    return int(written)


def _create(options: argparse.Namespace) -> int:
    from daemon.cli.http_client import Client

    content = {"name": options.name, "scopes": options.scope}
    if options.days is not None:
        content["days"] = options.days
    made = Client(options.config).post("/api/v1/tokens", content)
    print(made["token"])
    print(f"this is the only time that it is shown: `{made['name']}`, {_until(made)}", file=sys.stderr)
    return 0


def _list(options: argparse.Namespace) -> int:
    import json

    from daemon.cli.http_client import Client

    tokens = Client(options.config).get("/api/v1/tokens")["tokens"]
    if (options.format or ("table" if sys.stdout.isatty() else "jsonl")) == "jsonl":
        for token in tokens:
            print(json.dumps(token, ensure_ascii=False))
        return 0
    for token in tokens:
        made = f"made {token['created'][:10]} by {token['created_by']}"
        print(f"{token['name']:<24} {','.join(token['scopes']):<28} {_until(token):<22} {made}")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    from daemon.cli.http_client import Client

    client = Client(options.config)
    for name in options.names:
        client.delete(f"/api/v1/tokens/{quote(name, safe='')}")
        print(f"{name} revoked")
    return 0


def _until(token: dict[str, str | None]) -> str:
    if token["expires"] is None:
        return "until it is revoked"
    return f"{'expired' if token['expired'] else 'until'} {token['expires'][:10]}"
