"""``rasid topics import``: queries and word lists of other tools as a topic file."""

import argparse
import sys
from pathlib import Path

EXAMPLES = """examples:
  rasid topics import --from lucene query.txt > topics/grain.yaml
  rasid topics import --from meltwater --name nile-dam -      the query is typed or piped in
  rasid topics import --from words ports.csv > topics/ports.yaml

The topic goes to standard output. Standard error tells, with its place, what was changed and what was lost.
"""
LONGEST_SOURCE = 1 << 20
"""Bytes, as of a topic file."""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    from processors.topics.imports.formats import FORMATS

    parser = verbs.add_parser(
        "import",
        help="a query or word list of another tool as a topic file",
        description="Read a query or a list of words of another tool and write a topic file, with a report of what is "
        "not the same. Exit status 1: something was lost.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--from", dest="format", required=True, choices=tuple(FORMATS), help="what wrote it")
    parser.add_argument("--name", help="name of the topic; default: the file's")
    parser.add_argument("file", metavar="FILE", help="the query or list; - is standard input")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from processors.topics.imports.formats import FORMATS
    from processors.topics.imports.imported import Unreadable
    from processors.topics.imports.topic_file import topic_name

    shown = "<stdin>" if options.file == "-" else options.file
    try:
        raw = sys.stdin.buffer.read(LONGEST_SOURCE + 1) if options.file == "-" else Path(options.file).read_bytes()
        source = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        print(f"{shown}: cannot be read: {why}", file=sys.stderr)
        return 2
    if len(raw) > LONGEST_SOURCE:
        print(f"{shown}: larger than 1 MiB: split it", file=sys.stderr)
        return 2
    name = topic_name(options.name or ("" if options.file == "-" else Path(options.file).stem))
    try:
        imported = FORMATS[options.format](source, name)
    except Unreadable as error:
        print(f"{shown}:{error.line}:{error.column}: {error.message}", file=sys.stderr)
        return 2
    sys.stdout.write(imported.text)
    for note in imported.notes:
        print(f"{shown}:{note.line}:{note.column}: {note.fate}: {note.message}", file=sys.stderr)
    print(f"topic {name}: {len(imported.notes) - imported.lost} changed, {imported.lost} lost", file=sys.stderr)
    return 1 if imported.lost else 0
