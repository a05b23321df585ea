"""``rasid explain``: clause by clause, why an article matches a topic or what was missing."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.cli_watchlist import add_topics_options, watchlist_of

if TYPE_CHECKING:
    from processors.model import Article

EXAMPLES = """examples:
  rasid explain syria-egypt-relations article.json
  rasid explain football article.txt          plain text: the first line is the title
  rasid explain my-topic -t topics/ -         from standard input
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "explain",
        help="clause by clause, why an article matches a topic or what was missing",
        description="Explain one topic on each article of a file (JSON lines, or plain text with a title line). "
        "Paragraphs that a source repeats are known from the articles before in the same file only: of one article "
        "alone, all of them count.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("topic", metavar="TOPIC", help="name of a topic")
    parser.add_argument("file", metavar="FILE", help="JSON lines, also .gz, or plain text; - is standard input")
    add_topics_options(parser)
    parser.add_argument("--id", metavar="ID", help="only the article with this id")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import msgspec

    from daemon.explanation_text import explanation_lines
    from processors.stories.event_time import event_time
    from processors.topics.explain.explain import explain
    from processors.topics.repeated import RepeatedParagraphs
    from processors.yaml_document import nearest

    watchlist = watchlist_of(options)
    if options.topic not in watchlist.topics:
        print(f"rasid: no topic is called {options.topic}{nearest(options.topic, watchlist.topics)}", file=sys.stderr)
        return 2
    status, found = 0, False
    repeats, arrival = RepeatedParagraphs(), datetime.now(UTC)
    for article, problem in _articles(options.file):
        if article is None:
            print(f"{options.file}: {problem}", file=sys.stderr)
            status = 1
            continue
        moment = event_time(article, arrival)
        repeated = repeats.repeated_in(article, moment, max_chars=watchlist.max_text_chars)
        if options.id not in (None, article.id):
            continue
        found = True
        explanation = explain(watchlist, options.topic, article, repeated)
        if options.format == "json":
            line = {"article": article.id, **msgspec.to_builtins(explanation), "reason": explanation.reason}
            sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        else:
            sys.stdout.write("\n".join(explanation_lines(article.id, explanation)) + "\n")
    if options.id is not None and not found:
        print(f"rasid explain: {options.file} holds no article with the id {options.id}", file=sys.stderr)
        return 2
    return status


def _articles(name: str) -> "Iterator[tuple[Article | None, str]]":
    """Articles of JSON lines; a file that holds no JSON is one article in plain text."""
    from daemon.decode import Decoder
    from daemon.file_lines import READ_ERRORS, open_lines
    from processors.errors import InvalidArticle, InvalidInput, Problem

    try:
        with open_lines(Path("/dev/stdin") if name == "-" else Path(name)) as file:
            content = file.read()
    except READ_ERRORS as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput([Problem(name, 0, 0, f"cannot be read: {reason}")]) from error
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield _plain(name, content)
        return
    decoder = Decoder()
    try:
        yield decoder.decode(content).article, ""  # one object over several lines
        return
    except InvalidArticle as error:
        if content.strip().count(b"\n") == 0:
            yield None, str(error)
            return
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            try:
                yield decoder.decode(line).article, ""
            except InvalidArticle as error:
                yield None, f"line {number}: {error}"


def _plain(name: str, content: bytes) -> "tuple[Article | None, str]":
    from processors.model import Article

    try:
        title, _, body = content.decode("utf-8-sig").partition("\n")
    except UnicodeDecodeError:
        return None, "neither JSON nor UTF-8 text"
    return Article(id=name, title=title.strip(), body=body), ""
