"""``rasid explain``: clause by clause, why an article matches a topic or what was missing."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.cli.watchlist import add_topics_options, watchlist_of

if TYPE_CHECKING:
    from daemon.sources.decode import Decoder
    from daemon.sources.file_lines import Line
    from processors.model import Article

LONGEST_ARTICLE = 4 << 20
"""Bytes of one article that is a file of its own: four times the longest record."""

_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first JSON object."""

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

    from daemon.cli.explanation_text import explanation_lines
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
    from daemon.sources.file_lines import CHUNK_BYTES, READ_ERRORS, open_lines, why_unread
    from processors.errors import InvalidInput, Problem

    try:
        with open_lines(Path("/dev/stdin") if name == "-" else Path(name)) as file:
            begin = file.read(LONGEST_ARTICLE + 1)  # an archive, or a device that never ends, is not read as a whole
            if len(begin) <= LONGEST_ARTICLE:
                yield from _whole(name, begin)
            elif begin.lstrip(_BLANK).startswith(b"{"):
                yield from _lines(chain([begin], iter(lambda: file.read1(CHUNK_BYTES), b"")))
            else:
                told = f"neither JSON lines nor one article: plain text of more than {LONGEST_ARTICLE:,} bytes"
                raise InvalidInput([Problem(name, 0, 0, told)])
    except READ_ERRORS as error:
        raise InvalidInput([Problem(name, 0, 0, f"cannot be read: {why_unread(error)}")]) from error


def _whole(name: str, content: bytes) -> "Iterator[tuple[Article | None, str]]":
    """Of a file that may be one article."""
    from daemon.sources.decode import Decoder
    from processors.errors import InvalidArticle, InvalidInput, Problem

    if not content.strip(_BLANK):
        raise InvalidInput([Problem(name, 0, 0, "no article is in it: it is empty")])
    if not content.lstrip(_BLANK).startswith(b"{"):
        yield _plain(name, content)
        return
    try:
        yield Decoder().decode(content).article, ""  # one object over several lines
    except InvalidArticle as error:
        if content.strip().count(b"\n") == 0:
            yield None, str(error)
            return
        yield from _lines([content])


def _lines(chunks: "Iterable[bytes]") -> "Iterator[tuple[Article | None, str]]":
    from daemon.sources.decode import Decoder
    from daemon.sources.file_lines import LineReader

    decoder, reader = Decoder(), LineReader(0)
    for chunk in chunks:
        for line in reader.feed(chunk):
            yield _decoded(decoder, line)
    if (last := reader.last()) is not None:
        yield _decoded(decoder, last)


def _decoded(decoder: "Decoder", line: "Line") -> "tuple[Article | None, str]":
    from processors.errors import InvalidArticle

    try:
        return decoder.decode(line.text).article, ""
    except InvalidArticle as error:
        return None, f"line {line.number}: {error}"


def _plain(name: str, content: bytes) -> "tuple[Article | None, str]":
    from processors.model import Article

    try:
        title, _, body = content.decode("utf-8-sig").partition("\n")
    except UnicodeDecodeError:
        return None, "neither JSON nor UTF-8 text"
    return Article(id=name, title=title.strip(), body=body), ""
