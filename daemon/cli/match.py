"""``rasid match``: articles in, one line per article and topic that matches out."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from daemon.cli.watchlist import add_topics_options, watchlist_of
from processors.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processors.model import Article, Verdict
    from processors.topics.repeated import Span
    from processors.topics.watchlist import Watchlist

EXAMPLES = """examples:
  rasid match archive/*.jsonl.gz                     every built-in topic over an archive
  rasid match -t topics/ -t builtin:football a.jsonl your own topics and one built-in
  tail -f feed.jsonl | rasid match --format table -  a live look
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "match",
        help="articles in, one JSON line per article and topic that matches out",
        description="Match articles offline: no Redis, nothing is sent. Invalid lines are reported and passed over.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_topics_options(parser)
    parser.add_argument("--explain", action="store_true", help="add what each clause found, and why others did not")
    parser.add_argument("--format", choices=("jsonl", "table"), default="jsonl", help="default: jsonl")
    parser.add_argument("files", nargs="*", metavar="FILE", help="JSON lines, also .gz; - is standard input")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    watchlist = watchlist_of(options)

    import msgspec

    from daemon.cli.article_input import Input, Progress
    from processors.stories.event_time import event_time
    from processors.topics.repeated import RepeatedParagraphs

    repeats = RepeatedParagraphs()
    # An archive has no arrival times: an article without a usable date takes the time of this run.
    arrival = datetime.now(UTC)
    out, progress, matches = sys.stdout.buffer, Progress(), 0
    encode = msgspec.json.Encoder().encode
    articles = Input(options.files, idle=out.flush)
    table = options.format == "table"
    if table:
        out.write(b"ARTICLE\tTOPIC\tSCORE\tEVIDENCE\n")
    try:
        for article in articles:
            moment = event_time(article, arrival)
            repeated = repeats.repeated_in(article, moment, max_chars=watchlist.max_text_chars)
            for verdict in watchlist.match(article, repeated):
                matches += 1
                if table:
                    out.write(_row(article, verdict).encode())
                    if options.explain:
                        out.write(_explained(watchlist, verdict.topic, article, repeated).encode())
                    continue
                line: dict[str, Any] = {
                    "article": article.id,
                    "topic": verdict.topic,
                    "score": verdict.score,
                    "evidence": verdict.evidence,
                }
                if options.explain:
                    line["explanation"] = _explanation(watchlist, verdict.topic, article, repeated)
                out.write(encode(line) + b"\n")
            progress.step(articles.articles, counted(matches, "match"))
        out.flush()
    finally:
        progress.close()
    return articles.status


def _explanation(watchlist: "Watchlist", topic: str, article: "Article", repeated: "Sequence[Span]") -> dict[str, Any]:
    import msgspec

    from processors.topics.explain.explain import explain

    explanation = explain(watchlist, topic, article, repeated)
    return {**msgspec.to_builtins(explanation), "reason": explanation.reason}


def _explained(watchlist: "Watchlist", topic: str, article: "Article", repeated: "Sequence[Span]") -> str:
    from daemon.cli.explanation_text import explanation_lines
    from processors.topics.explain.explain import explain

    lines = explanation_lines(article.id, explain(watchlist, topic, article, repeated))
    return "".join(f"    {line}\n" for line in lines)


def _row(article: "Article", verdict: "Verdict") -> str:
    """One line of a table. Each cell keeps its own direction, or Arabic would turn the columns round."""
    from daemon.cli.explanation_text import comma_between, with_own_direction

    found = dict.fromkeys(each.text for each in verdict.evidence)
    cells = (article.id, verdict.topic, f"{verdict.score:g}", comma_between(found).join(found))
    return "\t".join(with_own_direction(_one_line(cell)) for cell in cells) + "\n"


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() or each.isspace() else " " for each in text).split())
