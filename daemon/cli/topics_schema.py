"""``rasid topics schema``: JSON Schemas by which an editor completes and checks topic and entity files."""

import argparse
import sys
from pathlib import Path

EXAMPLES = """examples:
  rasid topics schema > topics/topics.schema.json        topics and lists
  rasid topics schema entities                           entities
  rasid topics schema --write topics/                    both, as topics.schema.json and entities.schema.json

In VS Code with its YAML extension, the first line of a topic file names the schema, relative to the file:
  # yaml-language-server: $schema=topics.schema.json
"""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "schema",
        help="JSON Schemas, for editors that complete and check while one writes",
        description="Print the JSON Schema of topic and list files, or of entity files.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", choices=("topics", "entities"), default="topics", help="default: topics")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="write both into this folder instead")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    if options.write is None:
        sys.stdout.write(schema_text(options.file))
        return 0
    try:
        for name in ("topics", "entities"):
            path = options.write / f"{name}.schema.json"
            path.write_text(schema_text(name), encoding="utf-8")
            print(f"{path} written", file=sys.stderr)
    except OSError as error:
        print(f"rasid topics schema: {error.filename} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def schema_text(name: str) -> str:
    """One schema as it stands in a file."""
    import json

    from processors.topics.schema import schema_of

    return json.dumps(schema_of("entities" if name == "entities" else "topics"), ensure_ascii=False, indent=2) + "\n"
