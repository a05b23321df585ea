"""``rasid entities search``: which entities have such a name, in any language."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.cli.entities import add_entities_option
from daemon.cli.limit_option import add_limit_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processors.entities.entity_file import NameForm
    from processors.entities.search import Hit

EXAMPLES = """examples:
  rasid entities search سيسي         with or without ال, spelling variants folded
  rasid entities search guinea       every entity with such a name, or with a word that begins so
  rasid entities search Q858         by Wikidata number
"""

MOST = 1_000
"""More than anybody reads; the built-in packs know some 2,400 entities."""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "search",
        help="which entities have such a name",
        description="Exit status: 0 something has the name, 1 nothing has (the nearest names are told), 2 wrong usage.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", nargs="+", help="a name or the beginning of one, in any language")
    add_entities_option(parser)
    add_limit_option(parser, default=20, most=MOST)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from daemon.selection import select_entities
    from processors.entities.search import Rank

    wanted = " ".join(options.name)
    hits = select_entities(options.entities or (), Path()).names.search(wanted, options.limit)
    if not hits or hits[0].rank is Rank.NEAR:
        near = ", ".join(f"{hit.entry.key} (\u2068{hit.name}\u2069)" for hit in hits)
        print(f"rasid: nothing is called {wanted}{f'; near it: {near}' if near else ''}", file=sys.stderr)
        return 1
    _print(hits, options.format)
    return 0


def _print(hits: "Sequence[Hit]", form: str) -> None:
    import msgspec

    if form == "json":
        for hit in hits:
            names = {language: _plain(names) for language, names in hit.entry.names.items()}
            row = {"key": hit.entry.key, "id": hit.entry.id, "kind": hit.entry.kind, "found": hit.name, "names": names}
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
        return
    width = max(len(hit.entry.key) for hit in hits)
    for hit in hits:
        shown = " · ".join(f"\u2068{names[0]}\u2069" for names in map(_plain, hit.entry.names.values()) if names)
        print(f"{hit.entry.key:<{width}}  {hit.entry.kind:<12}  {hit.entry.id:<10}  {shown}")


def _plain(names: "Sequence[str | NameForm]") -> list[str]:
    from processors.entities.aliases import plain_name

    return list(dict.fromkeys(plain_name(name) for name in names))
