"""What each step of a rule adds: from two countries in one text to a relation between them, on labelled articles.

    python -m evaluation.relation_rules labels.tsv archive.jsonl.gz [more.jsonl …]

One line a rule: precision, recall, F1 and how far F1 moves when only half of the labels are used. The last line is the
built-in topic. ``docs/relation-topics.md`` tells the steps; the labels are those of ``evaluation.topic_f1``.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev

from evaluation.topic_f1 import NOW, as_stream, read_articles, read_labels
from processors.entities.gazetteer import load_gazetteer
from processors.packs.builtin import packs
from processors.topics.topic import Loaded, load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist

READY = "syria-egypt-relations"

IN_TITLE = "title:(@syria AND @egypt)"
WITH_TALK = "(list:officials-egypt SENTENCE @syria SENTENCE (list:diplomacy OR list:positions))"
FILE = "(lead:list:officials-egypt AND list:syria-file)"
AGENDA = "(lead:COUNT/2(list:officials-egypt) AND (@syria SENTENCE list:agenda SENTENCE list:diplomacy))"

STEPS: Mapping[str, tuple[str, str]] = {
    "anywhere": ("both countries anywhere", "@syria AND @egypt"),
    "near": ("at most five words apart", "@syria NEAR/5 @egypt"),
    "sentence": ("in one sentence", "@syria SENTENCE @egypt"),
    "names": ("in one sentence, by their names alone", "@syria.name SENTENCE @egypt.name"),
    "lead": ("both in the lead", "lead:(@syria AND @egypt)"),
    "title": ("both in the title", IN_TITLE),
    "actor": ("somebody who speaks for Egypt, and Syria, in one sentence", "list:officials-egypt SENTENCE @syria"),
    "actor-title": ("that, or both in the title", f"(list:officials-egypt SENTENCE @syria) OR {IN_TITLE}"),
    "talk": ("with a meeting or a stand in the sentence", f"{WITH_TALK} OR {IN_TITLE}"),
    "file": ("or an official in the lead and the Syrian file", f"{WITH_TALK} OR {IN_TITLE} OR {FILE}"),
    "count": ("or two in the lead, Syria on the table", f"{WITH_TALK} OR {IN_TITLE} OR {FILE} OR {AGENDA}"),
}
"""Name → what it says, and the query. Each step answers what the one before gets wrong."""

HALVES = 20
"""Random halves of the labels, as many as show how much a figure hangs on a few articles."""

Counts = tuple[int, int, int]
"""Right, false, missed."""


def main(arguments: Sequence[str]) -> int:
    """Measure, print one line a rule."""
    parser = argparse.ArgumentParser(description="what each step of a relation rule adds")
    parser.add_argument("labels", type=Path, help="id, label, reason; separated by tabs")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="articles, .jsonl or .jsonl.gz, or folders")
    asked = parser.parse_args(arguments)
    absent = [str(path) for path in (asked.labels, *asked.paths) if not path.exists()]
    if absent:
        print(f"skipped: no such data: {', '.join(absent)}")
        return 0
    labels = read_labels(asked.labels)
    judged = {name: label != "0" for name, label in labels.items() if label != "?"}
    matched: dict[str, set[str]] = {}
    watchlist = steps_watchlist()
    for article, repeated in as_stream(read_articles(asked.paths)):
        if article.id in judged:
            matched[article.id] = {verdict.topic for verdict in watchlist.match(article, repeated)}
    print(f"{'precision':>9} {'recall':>7} {'F1':>6}  {'halves':>13}   rule")
    for rule, (told, query) in {**STEPS, READY: ("the built-in topic", "")}.items():
        found = {name: rule in topics for name, topics in matched.items()}
        precision, recall, f1 = figures(counts(found, judged, list(found)))
        halves = in_halves(found, judged)
        spread = f"{fmean(halves):.3f} ± {stdev(halves):.3f}"
        print(f"{precision:9.3f} {recall:7.3f} {f1:6.3f}  {spread:>13}   {told}{': ' if query else ''}{query}")
    return 0


def steps_watchlist() -> Watchlist:
    """The steps and the built-in topic, compiled together."""
    ready = [pack.loaded for pack in packs()]
    lines = "".join(f"  {name}:\n    match: |\n      {query}\n" for name, (_, query) in STEPS.items())
    steps = load_topics([("steps.yaml", f"topics:\n{lines}")])
    topics = [topic for each in (*ready, steps) for topic in each.topics]
    lists = [held for each in ready for held in each.lists]
    names = load_gazetteer(file for pack in packs() for file in pack.entities)
    return compile_watchlist(Loaded(topics, lists), names, clock=lambda: NOW)


def counts(found: Mapping[str, bool], wanted: Mapping[str, bool], names: Sequence[str]) -> Counts:
    """Right, false and missed among ``names``."""
    right = sum(found[name] and wanted[name] for name in names)
    false = sum(found[name] and not wanted[name] for name in names)
    return right, false, sum(wanted[name] and not found[name] for name in names)


def figures(counted: Counts) -> tuple[float, float, float]:
    """Precision, recall, F1; 0 where nothing was found or wanted."""
    right, false, missed = counted
    precision, recall = right / max(1, right + false), right / max(1, right + missed)
    return precision, recall, 2 * right / max(1, 2 * right + false + missed)


def in_halves(found: Mapping[str, bool], wanted: Mapping[str, bool]) -> Sequence[float]:
    """F1 on random halves, the same ones in every run."""
    chance = random.Random(1)  # noqa: S311 - no secret
    names = sorted(found)
    drawn = [chance.sample(names, len(names) // 2) for _ in range(HALVES)]
    return [figures(counts(found, wanted, half))[2] for half in drawn]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
