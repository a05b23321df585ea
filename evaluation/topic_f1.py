"""How well a topic agrees with people who read the articles: precision, recall and F1 on labelled articles.

    python evaluation/topic_f1.py labels.tsv articles.jsonl.gz [more.jsonl …] [--topic NAME] [--wrong]

The labels are ``id``, ``label`` and a reason, separated by tabs, with a head line: 0 is no match, another number is a
match, ``?`` is left out. A folder among the paths stands for the articles in it. All articles are read in order, as
``rasid match`` reads them, for paragraphs that their source repeats are no evidence. Nothing is copied from the data.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import argparse
import gzip
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

from processors.entities.gazetteer import load_gazetteer
from processors.model import MAX_TEXT_CHARS, Article, Verdict
from processors.packs.builtin import entity_files, pack
from processors.stories.event_time import event_time
from processors.topics.repeated import RepeatedParagraphs, Span
from processors.topics.watchlist import Watchlist, compile_watchlist

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Any fixed day: none of the topics measured here says ``now``."""


class Row(msgspec.Struct):
    """A line of a corpus; dates are kept as text because some cannot be read."""

    id: str
    title: str | None = ""
    body: str | None = ""
    source: str | None = ""
    lang: str | None = ""
    published_at: str | None = None


def main(arguments: Sequence[str]) -> int:
    """Measure, print one line a figure."""
    parser = argparse.ArgumentParser(description="precision, recall and F1 of a topic on labelled articles")
    parser.add_argument("labels", type=Path, help="id, label, reason; separated by tabs")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="articles, .jsonl or .jsonl.gz, or folders")
    parser.add_argument("--topic", default="syria-egypt-relations", help="a built-in topic")
    parser.add_argument("--wrong", action="store_true", help="list what the topic gets wrong")
    asked = parser.parse_args(arguments)
    absent = [str(path) for path in (asked.labels, *asked.paths) if not path.exists()]
    if absent:
        print(f"skipped: no such data: {', '.join(absent)}")
        return 0
    labels = read_labels(asked.labels)
    watchlist = ready_watchlist()
    found = judge(watchlist, asked.topic, labels, read_articles(asked.paths))
    if missing := len(labels.keys() - found.keys()):
        print(f"{missing} labelled articles are in none of the files", file=sys.stderr)
    report(labels, found, show_wrong=asked.wrong)
    return 0


@cache
def ready_watchlist() -> Watchlist:
    """The built-in topics with the pack's names."""
    return compile_watchlist(pack("mena").loaded, load_gazetteer(entity_files()), clock=lambda: NOW)


def read_labels(path: Path) -> Mapping[str, str]:
    """Id → label."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return {row[0]: row[1] for line in lines if len(row := line.split("\t")) >= 2}


def judge(
    watchlist: Watchlist, topic: str, labels: Mapping[str, str], articles: Iterable[Article]
) -> Mapping[str, Verdict | None]:
    """Labelled article → the topic's verdict on it, where ``articles`` are a stream as ``rasid match`` reads it."""
    found = {}
    for article, repeated in as_stream(articles):
        if article.id in labels:
            verdicts = watchlist.match(article, repeated)
            found[article.id] = next((each for each in verdicts if each.topic == topic), None)
    return found


def as_stream(articles: Iterable[Article]) -> Iterator[tuple[Article, Sequence[Span]]]:
    """Articles, each with the paragraphs that its source repeats."""
    repeats = RepeatedParagraphs()
    for article in articles:
        yield article, repeats.repeated_in(article, event_time(article, NOW), max_chars=MAX_TEXT_CHARS)


def read_articles(paths: Iterable[Path]) -> Iterator[Article]:
    """The articles in the files, in order."""
    decoder = msgspec.json.Decoder(Row)
    for path in _files(paths):
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for line in lines:
                try:
                    row = decoder.decode(line)
                except msgspec.ValidationError:
                    continue  # a corpus of another shape: pairs, clusters
                yield _article(row)


def report(labels: Mapping[str, str], found: Mapping[str, Verdict | None], *, show_wrong: bool) -> None:
    """Print the figures, and what is wrong if asked."""
    judged = {name: label != "0" for name, label in labels.items() if label != "?" and name in found}
    right = [name for name, wanted in judged.items() if wanted and found[name]]
    missed = [name for name, wanted in judged.items() if wanted and not found[name]]
    false = [name for name, wanted in judged.items() if not wanted and found[name]]
    precision = len(right) / max(1, len(right) + len(false))
    recall = len(right) / max(1, len(right) + len(missed))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"articles {len(judged)}  wanted {len(right) + len(missed)}  matched {len(right) + len(false)}")
    print(f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    if show_wrong:
        for word, names in (("missed", missed), ("false", false)):
            for name in names:
                verdict = found[name]
                evidence = {f"{each.clause}={each.text}" for each in verdict.evidence} if verdict else set()
                print(word, name, *sorted(evidence)[:8], sep="\t")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.name.endswith((".jsonl", ".jsonl.gz")))
        else:
            yield path


def _article(row: Row) -> Article:
    return Article(
        id=row.id,
        title=row.title or "",
        body=row.body or "",
        source=row.source or "",
        lang=row.lang or "",
        published_at=moment(row.published_at),
    )


def moment(written: str | None) -> datetime | None:
    """A date as a corpus states it; None where it cannot be read or has no time zone."""
    try:
        moment = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
