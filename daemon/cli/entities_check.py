"""``rasid entities check``: files of entities, validated, and what is probably not meant in them."""

import argparse
import sys
from typing import TYPE_CHECKING

from processors.counted import counted

if TYPE_CHECKING:
    from processors.entities.lint_rules import Finding

EXAMPLES = """examples:
  rasid entities check entities/                a folder or files; every mistake with line and column
  rasid entities check names.yaml --format json
"""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "check",
        help="validate files of entities of your own",
        description=(
            "Unknown keys, names that another entity has or that are everyday words, demonyms that lack forms, offices "
            "with two holders. Exit status: 0 all is well, 1 something was found, 2 a file cannot be used at all."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file or folder of entities")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from pathlib import Path

    from daemon.selection import chosen_files
    from processors.entities.entity_files import read_entity_files
    from processors.entities.findings import lint_entities
    from processors.packs.builtin import entity_files

    own = chosen_files(options.files, Path())
    paths = [path for path, _ in own]
    read = read_entity_files([*entity_files(), *own])
    findings = lint_entities(read, paths)
    for finding in findings:
        _print(finding, options.format)
    sys.stdout.flush()
    if options.format == "text":
        count = sum(read.places[entry.key][0].path in paths for entry in read.entries)
        told = f"{len(findings)} findings" if findings else "nothing found"
        print(f"{counted(count, 'entity')} in {counted(len(paths), 'file')}, {told}", file=sys.stderr)
    return 1 if findings else 0


def _print(finding: "Finding", form: str) -> None:
    import msgspec

    if form == "text":
        print(finding)
        return
    problem = finding.problem
    row = {
        "code": finding.code,
        "entity": finding.entity,
        "file": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }
    sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
