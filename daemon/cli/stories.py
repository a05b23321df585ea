"""``rasid stories``: an archive into stories, without Redis; and those of a running daemon."""

import argparse
import sys
from importlib import import_module

EXAMPLES = """examples:
  rasid stories group archive.jsonl.gz > stories.jsonl
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    stories = commands.add_parser("stories", help="group an archive into stories; see those of a running daemon")
    verbs = stories.add_subparsers(title="verbs", metavar="VERB", required=True)
    group = verbs.add_parser(
        "group",
        help="articles in stream order in, one line each out, in order",
        description="Tell for each article which story it belongs to, by which article it joined, and why.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    group.add_argument("files", nargs="*", metavar="FILE", help="JSON lines, also .gz; - is standard input")
    group.set_defaults(run=run)
    for verb in ("list", "show"):
        import_module(f"daemon.cli.stories_{verb}").add_to(verbs)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from datetime import UTC, datetime

    import msgspec

    from daemon.cli.article_input import Input, Progress
    from processors.entities.gazetteer import load_gazetteer
    from processors.packs.builtin import entity_files
    from processors.stories.group import group
    from processors.stories.known_names import KnownNames

    out, progress = sys.stdout.buffer, Progress()
    encode = msgspec.json.Encoder().encode
    articles = Input(options.files, idle=out.flush)
    names = KnownNames(load_gazetteer(entity_files()).strong_names())
    # An archive has no arrival times: an article without a usable date takes the time of this run.
    arrival = datetime.now(UTC)
    try:
        for line in group(((article, arrival) for article in articles), names=names):
            out.write(encode(line) + b"\n")
            progress.step(articles.articles, "grouped")
        out.flush()
    finally:
        progress.close()
    return articles.status
