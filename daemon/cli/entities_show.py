"""``rasid entities show``: everything that is known of an entity, and what makes its names count."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from daemon.cli.entities import add_entities_option

EXAMPLES = """examples:
  rasid entities show syria
  rasid entities show سورية                     by any of its names, or by Wikidata number: Q858
  rasid entities show syria --on 2024-12-01     who held its offices on that day
  rasid entities show delta-canal -e entities/  one of your own
"""

# Longest list of keys that is shown; `--format json` has all of them.
_MOST_KEYS = 12


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "show",
        help="names, demonyms, offices with their periods, and what makes a name count",
        description="Show every entity that has this key, Wikidata number or name.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", nargs="+", help="a key, a Wikidata number, or a name in any language")
    add_entities_option(parser)
    parser.add_argument("--on", type=_day, metavar="DATE", help="only who held an office on this day: 2024-12-01")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.set_defaults(run=run)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{written}` is no date: write it like 2024-12-01") from None


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import msgspec

    from daemon.selection import select_entities
    from processors.entities.describe import describe

    gazetteer = select_entities(options.entities or (), Path())
    wanted = " ".join(options.name).removeprefix("@")
    found = gazetteer.names.named(wanted)
    if not found:
        nearest = gazetteer.nearest(wanted)
        close = f", did you mean `{nearest}`?" if nearest else ""
        print(f"rasid: no entity is called {wanted}{close} `rasid entities search` looks inside names", file=sys.stderr)
        return 2
    for number, entry in enumerate(found):
        told = describe(gazetteer, entry, options.on)
        if options.format == "json":
            sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        else:
            print("\n".join(["", *_text(told)] if number else _text(told)))
    return 0


def _text(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"{told['key']}  {told['id']}  {told['kind']}{f'  on {day}' if (day := told.get('on')) else ''}"
    for part in ("names", "demonyms"):
        for language, forms in told[part].items():
            yield f"  {part[:-1]} {language}  {_forms(forms)}"
            yield from (f"      {line}" for form in forms for line in _conditions(form))
    for tie in told["is"]:
        yield f"  {tie['role']} of {tie['of']}{_period(tie)}"
    for tie in told["has"]:
        yield f"  its {tie['role']}: {tie['who']}{_period(tie)}"
    if told["part_of"]:
        yield f"  part of: {', '.join(told['part_of'])}"
    if told["referred_to_by"]:
        yield f"  referred to by: {_keys(told['referred_to_by'])}"


def _forms(forms: Sequence[Mapping[str, Any]]) -> str:
    """Strong ones as they are, ``?`` behind those that ask for something; one told twice is shown once."""
    shown = dict.fromkeys(f"\u2068{form['name']}\u2069{'' if form.get('strong', True) else '?'}" for form in forms)
    return " · ".join(shown)


def _conditions(form: Mapping[str, Any]) -> Iterator[str]:
    asks = [f"needs one of: {_words(form['needs'])}"] if "needs" in form else []
    asks += [f"beside one of: {_words(form['beside'])}"] if "beside" in form else []
    if not form.get("strong", True) and not asks:
        asks.append("needs another name of it in the article")
    asks += [f"not where there is: {_words(form['unless'])}"] if "unless" in form else []
    asks += ["only in quotation marks"] if "quoted" in form else []
    asks += ["only in this case"] if "case" in form else []
    asks += [f"never in: {_words(form['not'])}"] if "not" in form else []
    asks += [f"never written: {_words(form['not_words'])}"] if "not_words" in form else []
    if asks:
        yield f"\u2068{form['name']}\u2069: {'; '.join(asks)}"


def _words(words: Sequence[str]) -> str:
    return "، ".join(f"\u2068{word}\u2069" for word in words)


def _period(tie: Mapping[str, str]) -> str:
    period = f" {tie.get('from', '…')} – {tie.get('to', 'now')}" if "from" in tie or "to" in tie else ""
    notes = ", ".join(tie[part] for part in ("status", "side") if part in tie)
    return period + (f" ({notes})" if notes else "")


def _keys(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return ", ".join(keys[:_MOST_KEYS]) + more
