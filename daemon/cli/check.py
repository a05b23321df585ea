"""``rasid check``: everything that a person wrote, validated; topics' own tests run; every problem listed."""

import argparse
import sys
from pathlib import Path

EXAMPLES = """examples:
  rasid check -c rasid.yaml          configuration, topics, entities, secrets; then every topic's tests
  rasid check -t topics/             topics only
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    from daemon.cli.watchlist import add_topics_options

    parser = commands.add_parser(
        "check",
        help="validate configuration, topics and entities; run the topics' tests",
        description="Exit status: 0 all is well, 1 a topic's test fails, 2 something cannot be used at all.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-c", "--config", metavar="FILE", type=Path, help="configuration file")
    add_topics_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from daemon.cli.watchlist import watchlist_of
    from daemon.watch import load_watch, source_problems
    from processors.counted import counted
    from processors.errors import InvalidInput
    from processors.topics.examples import run_tests
    from processors.topics.topic import BUILT_IN

    if options.config is not None and (options.topics or options.entities):
        print("rasid check: -c names its own topics; give either -c or -t", file=sys.stderr)
        return 2
    if options.config is not None:
        watch = load_watch(options.config)
        if problems := source_problems(watch):
            raise InvalidInput(problems)
        watchlist = watch.watchlist
        for warning in watch.warnings:
            print(f"{warning} (warning)", file=sys.stderr)
    else:
        watchlist = watchlist_of(options)
    # A built-in topic that is only referred to, to be left out, is nobody's here.
    asked = {
        name: topic
        for name, topic in watchlist.topics.items()
        if topic.file.enabled or not topic.document.path.startswith(BUILT_IN)
    }
    failures = [failure for name in asked for failure in run_tests(watchlist, name)]
    for failure in failures:
        print(failure.problem, file=sys.stderr)
    tests = sum(len(topic.file.tests) for topic in asked.values())
    print(f"{counted(len(asked), 'topic')}, {counted(tests, 'test')}, {len(failures)} failed")
    return 1 if failures else 0
