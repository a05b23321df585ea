"""``rasid publish``: articles from files into a Kafka topic; a second run goes on where the first one ended."""

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.publish.session import Session, Target

EXAMPLES = """examples:
  rasid publish --servers localhost:9092 --topic articles archive/*.jsonl.gz
  rasid publish -c rasid.yaml --rate 300 day.jsonl     brokers, user and topic of the first kafka source
  rasid publish -c rasid.yaml --dry-run day.jsonl      which lines are no articles
  tail -f feed.jsonl | rasid publish -c rasid.yaml -   a pipe: another run cannot go on in it
"""

DEFAULT_PARTITIONS = 4
"""So that a few processes can share the topic: more can be added later, but then a key changes its partition."""

MOST_PARTITIONS = 10_000
"""A typing error, beyond it."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "publish",
        help="articles from files into a Kafka topic; stopped or killed, it goes on where it was",
        description=(
            "Sends each line as it stands, and waits until every replica in sync has it. What was acknowledged is "
            "written down, so that the same command goes on from there after a stop or a crash. Invalid lines are "
            "reported and not sent."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_target(parser)
    parser.add_argument(
        "--key",
        choices=("id", "url", "source", "none"),
        default="id",
        help="what has the same key stays in one partition, in order; the id is the address, or a hash of the text, "
        "where there is none (default: id)",
    )
    parser.add_argument(
        "--compression", choices=("none", "gzip", "snappy", "lz4", "zstd"), default="zstd", help="default: zstd"
    )
    parser.add_argument("--rate", metavar="N", type=_rate, help="at most N articles a second")
    parser.add_argument("--raw", action="store_true", help="send invalid lines as well, without a key")
    journal = parser.add_mutually_exclusive_group()
    journal.add_argument(
        "--resume",
        metavar="FILE",
        type=Path,
        help="where it is written down how far each file is (default: TOPIC.publish.json, with -c in state_dir)",
    )
    journal.add_argument("--no-resume", action="store_true", help="publish everything, and write nothing down")
    parser.add_argument("--dry-run", action="store_true", help="only read: count, and report invalid lines")
    parser.add_argument("files", nargs="+", metavar="FILE", help="JSON lines, also .gz; - is standard input")
    parser.set_defaults(run=run)


def _add_target(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "-c", "--config", metavar="FILE", type=Path, help="take brokers, user and topic from its first kafka source"
    )
    where.add_argument("--servers", metavar="HOST:PORT[,…]", help="some of the brokers, without TLS and user")
    parser.add_argument("--topic", help="Kafka topic; may be left out with -c where the source reads only one")
    parser.add_argument("--create-topic", action="store_true", help="make the topic if it is missing")
    parser.add_argument(
        "--partitions", metavar="N", type=_partitions, help="of a topic that is made (default: 4); choose them once"
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import asyncio

    from daemon.publish.run import inputs_of
    from daemon.publish.session import publish, unreadable

    if options.partitions is not None and not options.create_topic:
        return _wrong("--partitions is for --create-topic")
    try:
        target = _from_config(options) if options.config is not None else _from_servers(options)
    except ValueError as error:
        return _wrong(str(error))
    inputs = inputs_of(options.files)
    problems = [f"{each.name}: cannot be read: {problem}" for each in inputs if (problem := unreadable(each))]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:  # before anything is sent: whoever misspelt a name mends it and gives the same command again
        return 2
    return asyncio.run(publish(_session(options, target), inputs))


def _session(options: argparse.Namespace, target: "Target") -> "Session":
    from daemon.publish.keys import KeyBy
    from daemon.publish.session import Session

    journal = options.resume or target.folder / f"{target.topic}.publish.json"
    return Session(
        target=target,
        key=KeyBy(options.key),
        compression=None if options.compression == "none" else options.compression,
        rate=options.rate,
        raw=options.raw,
        journal=None if options.no_resume else journal,
        create=(options.partitions or DEFAULT_PARTITIONS) if options.create_topic else None,
        dry=options.dry_run,
    )


def _from_servers(options: argparse.Namespace) -> "Target":
    from pydantic import ValidationError

    from daemon.config.kafka import KafkaConnectionConfig
    from daemon.publish.session import Target

    try:
        connection = KafkaConnectionConfig(servers=tuple(options.servers.split(",")))
    except ValidationError as error:
        raise ValueError(f"--servers: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error
    return Target(connection, None, _topic(options.topic, ()), {}, Path())


def _from_config(options: argparse.Namespace) -> "Target":
    from daemon.config.load import load_config
    from daemon.publish.session import Target

    loaded = load_config(options.config)
    for number, source in enumerate(loaded.config.sources):
        if (kafka := source.kafka) is not None:
            topic = _topic(options.topic, kafka.subscribe)
            return Target(kafka, loaded.kafka_passwords.get(number), topic, kafka.fields, loaded.config.state_dir)
    raise ValueError(f"{options.config} has no kafka source: give --servers and --topic")


def _topic(told: str | None, read: tuple[str, ...]) -> str:
    from daemon.config.kafka import TOPIC_NAME

    if told is None and len(read) == 1:
        return read[0]
    if told is None:
        raise ValueError(f"--topic is missing{': ' + ' or '.join(read) if read else ''}")
    if not TOPIC_NAME.fullmatch(told) or told in (".", ".."):
        raise ValueError(f"{told!r} is no Kafka topic: letters, digits, `.`, `_` and `-`, at most 249")
    return told


def _wrong(what: str) -> int:
    print(f"rasid publish: {what}", file=sys.stderr)
    return 2


def _rate(written: str) -> float:
    try:
        rate = float(written)
    except ValueError:
        rate = 0.0
    if not math.isfinite(rate) or rate <= 0:
        raise argparse.ArgumentTypeError(f"{written!r} is no rate: write articles a second, like 300 or 0.5")
    return rate


def _partitions(written: str) -> int:
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= MOST_PARTITIONS:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of partitions: 1 to {MOST_PARTITIONS}")
    return int(written)
