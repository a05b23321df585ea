"""``rasid backtest``: what topics would have told over an archive, or what a change of them would change."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.cli.watchlist import ALL_BUILT_IN, add_topics_options
from processors.counted import counted

if TYPE_CHECKING:
    from daemon.backtest.difference import Difference
    from daemon.backtest.posts import Post
    from daemon.backtest.run import Run, Span
    from daemon.backtest.tally import Notice
    from daemon.watch import Watch

EXAMPLES = """examples:
  rasid backtest archive/*.jsonl.gz                        every built-in topic; a bar for each day
  rasid backtest -c rasid.yaml --html page.html a.jsonl    as this configuration would have told it, and a page
  rasid backtest --diff old.yaml new.yaml a.jsonl          212 → 14 alerts, 2 stories lost, 0 gained: exit status 1
  rasid backtest -t topics/ --most 20 --junit o.xml a.jsonl   fail where a topic alerts more than 20 times on a day
"""

_LISTED = 20
"""Stories lost and gained that the terminal lists; the page has all of them."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "backtest",
        help="what topics would have told over an archive",
        description="Run topics over an archive in event time, through the code of the daemon: the alerts, updates and "
        "stories that would have been. Articles are taken in the order of the files; nothing is sent.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_topics_options(parser)
    parser.add_argument("-c", "--config", metavar="FILE", help="topics, entities, routes and name of this rasid.yaml")
    parser.add_argument("--diff", nargs=2, metavar=("OLD", "NEW"), help="compare two sets of topics, given as for -t")
    parser.add_argument(
        "--format",
        choices=("chart", "jsonl", "deliveries"),
        default="chart",
        help="default: chart; jsonl: a line for each notice; deliveries: one for each thing that a receiver is sent",
    )
    parser.add_argument("--html", metavar="FILE", help="write a page that shows all of it")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML, a case for each topic")
    parser.add_argument("--most", type=int, metavar="N", help="exit 1 where a topic has more alerts than N on a day")
    parser.add_argument("--from", dest="start", metavar="DATE", help="count from this day; what is before warms up")
    parser.add_argument("--to", dest="end", metavar="DATE", help="count up to this day, which is included")
    parser.add_argument("--sort", action="store_true", help="take articles by date: holds the archive in memory")
    parser.add_argument("--timezone", default="UTC", metavar="ZONE", help="where a day begins, like Africa/Cairo")
    parser.add_argument("--name", help="the daemon's name, part of every id; default: rasid, or the configuration's")
    parser.add_argument("files", nargs="*", metavar="FILE", help="JSON lines, also .gz; - is standard input")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from daemon.backtest.run import Run, Span, in_order
    from daemon.cli.article_input import Input, Progress

    try:
        _check(options)
        span = Span.parse(options.start, options.end, options.timezone)
    except ValueError as error:
        print(f"rasid backtest: {error}", file=sys.stderr)
        return 2
    runs = [Run(watch, span) for watch in _watches(options)]
    articles, progress = Input(options.files), Progress()
    try:
        for article in in_order(articles, span.now) if options.sort else articles:
            for each in runs:
                notices = each.step(article)
            sent = runs[-1].sent()
            if options.format != "chart":
                _print_lines(notices if options.format == "jsonl" else sent)
            progress.step(articles.articles, counted(runs[-1].tally.opened, "alert"), articles.read)
    finally:
        progress.close()
    for each in runs:
        each.end()
    if options.format == "deliveries":
        _print_lines(runs[-1].sent())
    return max(articles.status, _report(options, runs, span))


def _check(options: argparse.Namespace) -> None:
    """What the options cannot mean together. Raises ``ValueError``."""
    if options.diff and options.topics:
        raise ValueError("--diff names both sets of topics: leave -t out")
    if options.config and (options.topics or options.entities):
        raise ValueError("-c names topics and entities: leave -t and -e out, or -c")
    if options.most is not None and options.most < 0:
        raise ValueError("--most is a number of alerts: 0 or more")
    for path in (options.html, options.junit):
        if path and not Path(path).absolute().parent.is_dir():
            raise ValueError(f"{path}: there is no such folder: make it first")
        if path and Path(path).is_dir():
            raise ValueError(f"{path}: it is a folder: name a file in it")


def _watches(options: argparse.Namespace) -> "list[Watch]":
    """What is compared, the old before the new; one where nothing is. Raises ``InvalidInput``."""
    from dataclasses import replace

    from daemon.backtest.desk import desk_watch, named, with_topics
    from daemon.config.load import load_config
    from daemon.watch import load_watch

    if options.config and options.diff:
        loaded = named(load_config(Path(options.config)), options.name)
        return [with_topics(loaded, [topics]) for topics in options.diff]
    if options.config:
        watch = load_watch(Path(options.config))
        return [replace(watch, loaded=named(watch.loaded, options.name))]
    sets = [[topics] for topics in options.diff] if options.diff else [options.topics or ALL_BUILT_IN]
    return [desk_watch(topics, options.entities or (), name=options.name or "rasid") for topics in sets]


def _print_lines(lines: "Sequence[Notice] | Sequence[Post]") -> None:
    import msgspec

    for line in lines:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")


def _report(options: argparse.Namespace, runs: "Sequence[Run]", span: "Span") -> int:
    """Everything that was asked for; the exit status that the findings deserve."""
    from daemon.backtest.chart import chart, receivers
    from daemon.backtest.difference import difference
    from daemon.backtest.html import page
    from daemon.backtest.junit import junit

    tally = runs[-1].tally
    posts = runs[-1].posts if options.config else None  # topics alone name no receiver
    compared = difference(runs[0].side, runs[-1].side) if options.diff else None
    failures = _failures(options, runs[-1], compared)
    if options.format == "chart":
        for line in (*chart(tally), *(receivers(posts) if posts is not None else ())):
            print(line)
        if compared is not None:
            _print_difference(compared)
    else:
        sys.stdout.flush()
    title = "Backtest" if compared is None else f"Backtest: {options.diff[0]} → {options.diff[1]}"
    if options.html:
        notes = [f"Days begin in {span.zone}. {counted(runs[-1].warmed_up, 'article')} before or after only warmed up."]
        Path(options.html).write_text(page(title, tally, notes, compared, posts), encoding="utf-8")
    if options.junit:
        totals = {"articles": f"{tally.articles.total()}", "alerts": f"{tally.opened}"}
        Path(options.junit).write_text(junit(runs[-1].watch.topics, failures, totals), encoding="utf-8")
    for topic, failure in failures.items():
        print(f"{topic}: {failure.partition(chr(10))[0]}", file=sys.stderr)
    return 1 if failures else 0


def _failures(options: argparse.Namespace, last: "Run", compared: "Difference | None") -> dict[str, str]:
    """By topic: too many alerts on a day, or stories that are no longer told."""
    failures: dict[str, str] = {}
    if options.most is not None:
        for topic in last.tally.topics:
            most, day = last.tally.most_on_a_day(topic)
            if most > options.most:
                failures[topic] = f"{counted(most, 'alert')} on {day}, more than {options.most}"
    for notice in compared.lost if compared is not None else ():
        line = f"\nlost: {notice.day} {notice.title or notice.article}"
        failures[notice.topic] = failures.get(notice.topic, "tells less than before") + line
    return failures


def _print_difference(compared: "Difference") -> None:
    print(f"\n{compared.summary}")
    for heading, notices in (("lost", compared.lost), ("gained", compared.gained)):
        for notice in notices[:_LISTED]:
            source = f" (\u2068{notice.source}\u2069)" if notice.source else ""
            print(f"  {heading} {notice.day} {notice.topic}: \u2068{notice.title or notice.article}\u2069{source}")
        if len(notices) > _LISTED:
            print(f"  … and {len(notices) - _LISTED:,} more {heading}: --html lists all")
