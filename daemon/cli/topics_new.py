"""``rasid topics new``: a first version of a topic file, with examples that pass."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.cli.entities import add_entities_option

if TYPE_CHECKING:
    from processors.entities.entity_file import EntityEntry
    from processors.entities.gazetteer import Gazetteer
    from processors.errors import Problem
    from processors.topics.starter import Wish

EXAMPLES = """examples:
  rasid topics new nile-dam --title "سد النهضة" --entity @egypt --entity @ethiopia --words "سد النهضة, مياه النيل"
  rasid topics new bread-prices --lang ar,en --entity @lebanon --words "سعر الخبز, رغيف, bread price"
  rasid topics new floods --words "فيضان, سيول" -o topics/floods.yaml
"""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "new",
        help="write a first version of a topic",
        description="Write a topic file with comments, a query and examples that pass. A file is never overwritten.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="small Latin letters, digits and hyphens: bread-prices")
    parser.add_argument(
        "--title",
        action="append",
        metavar="TEXT",
        help="its name for people; once for each language, in the order of --lang",
    )
    parser.add_argument(
        "--lang",
        metavar="LANGUAGES",
        help="ar, en, fr or tr, several with commas; comments are Arabic where ar is first, else English",
    )
    parser.add_argument(
        "--entity", action="append", metavar="@KEY", help="who or what it is about, by key or name; may be repeated"
    )
    parser.add_argument("--words", action="append", metavar="WORDS", help="words and phrases, with commas between them")
    add_entities_option(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="default: NAME.yaml; - is standard output")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from daemon.selection import select_entities
    from processors.errors import InvalidInput
    from processors.topics.starter import write_starter

    gazetteer = select_entities(options.entities or (), Path())
    wish, problems = _wish(options, gazetteer)
    if problems or wish is None:
        raise InvalidInput(problems)
    file = options.output or f"{options.name}.yaml"
    shown = f"{options.name}.yaml" if file == "-" else file

    def found(text: str, body: str) -> bool:
        return _matches(text, body, gazetteer)

    text = write_starter(wish, shown, found)
    if file == "-":
        sys.stdout.write(text)
        return 0
    try:
        with Path(file).open("x", encoding="utf-8") as output:
            output.write(text)
    except FileExistsError:
        print(f"rasid topics new: {file} is there already: choose another name, or -o FILE", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"rasid topics new: {file} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{file} written. Next: rasid check -t {file}", file=sys.stderr)
    return 0


def _wish(options: argparse.Namespace, gazetteer: "Gazetteer") -> "tuple[Wish | None, Sequence[Problem]]":
    from processors.errors import Problem
    from processors.topics.starter import Wish
    from processors.topics.topic import NAME

    problems = []
    if not re.fullmatch(NAME, options.name):
        problems.append(
            Problem(options.name, 0, 0, "a topic's name has small Latin letters, digits and hyphens: nile-dam")
        )
    languages, unknown = _languages(options.lang)
    if unknown:
        problems.append(
            Problem(f"--lang {unknown}", 0, 0, "is no language here: ar, en, fr or tr, with commas between")
        )
    entities = []
    for written in options.entity or ():
        entry = gazetteer.find(written.removeprefix("@")) or _named(written, gazetteer)
        if entry is None:
            problems.append(Problem(f"--entity {written}", 0, 0, f"is not known{_close(written, gazetteer)}"))
        elif entry not in entities:
            entities.append(entry)
    words = list(dict.fromkeys(_split(options.words or ())))
    if any(not re.search(r"\w", word) for word in words):
        problems.append(Problem("--words", 0, 0, "a word has at least one letter or digit"))
    for word in list(words):
        country = next(
            (e for e in gazetteer.entities.values() if e.kind == "country" and word in _plain_names(e)), None
        )
        if country is not None:
            print(f"«{word}» is a known name: @{country.key} is used for it", file=sys.stderr)
            words.remove(word)
            entities += [country] * (country not in entities)
    titles = dict(_by_language(options.title or (), languages))
    titles = titles or {"en": options.name.replace("-", " ").capitalize()}
    if not entities and not words:
        words = list(titles.values())
    return (None if problems else Wish(options.name, titles, languages, entities, words)), problems


def _plain_names(entry: "EntityEntry") -> Iterator[str]:
    for names in entry.names.values():
        yield from (name for name in names if isinstance(name, str))


def _languages(written: str | None) -> tuple[Sequence[str], str]:
    if written is None:
        locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
        return ("ar" if locale.startswith("ar") else "en",) if locale else ("ar",), ""
    languages = list(dict.fromkeys(each.strip().lower() for each in written.split(",") if each.strip()))
    unknown = next((each for each in languages if each not in ("ar", "en", "fr", "tr")), "" if languages else "(none)")
    return languages or ["ar"], unknown


def _by_language(titles: Sequence[str], languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Arabic letters are Arabic; titles in Latin letters are in the other languages, in their order."""
    from processors.normalize.scripts import has_arabic

    others = [each for each in languages if each != "ar"] or ["en"]
    left = iter(others)
    for title in titles:
        yield "ar" if has_arabic(title) else next(left, others[-1]), title


def _split(written: Sequence[str]) -> Iterator[str]:
    for each in written:
        yield from (" ".join(word.split()) for word in re.split("[,،؛;\n]", each) if word.strip())


def _named(written: str, gazetteer: "Gazetteer") -> "EntityEntry | None":
    """The one entity that is called so, in any language."""
    from processors.topics.lint.name_uses import NameUses

    keys = {use.key for use in NameUses(gazetteer.entities.values()).uses(written) if not use.demonym}
    return gazetteer.find(keys.pop()) if len(keys) == 1 and not written.startswith("@") else None


def _close(written: str, gazetteer: "Gazetteer") -> str:
    from processors.topics.lint.name_uses import NameUses

    named = NameUses(gazetteer.entities.values()).uses(written.removeprefix("@"))
    close = named[0].key if named else gazetteer.nearest(written.removeprefix("@"))
    if close:
        return f", did you mean @{close}?"
    return ": write its names as --words, or an entity of your own (docs/topics.md, -e FILE)"


def _matches(text: str, body: str, gazetteer: "Gazetteer") -> bool:
    """Whether the topic in the file's ``text`` finds ``body``."""
    from datetime import UTC, datetime

    from processors.model import Article
    from processors.packs.builtin import packs
    from processors.topics.topic import Loaded, load_topics
    from processors.topics.watchlist import compile_watchlist

    own = load_topics([("new.yaml", text)])
    held = [each for pack in packs() for each in pack.loaded.lists]
    names = {each.name for each in own.lists}
    loaded = Loaded(own.topics, [*(each for each in held if each.name not in names), *own.lists])
    watchlist = compile_watchlist(loaded, gazetteer, clock=lambda: datetime.now(UTC))
    return bool(watchlist.match(Article(id="new", body=body)))
