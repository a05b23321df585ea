"""One ``rasid publish``: its topic found, its journal held, its signals heard, its end told."""

import asyncio
import logging
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from alerts.errors import Refused
from daemon.config.kafka import KafkaConnectionConfig
from daemon.kafka.kafka_connection import client_settings
from daemon.publish.kafka_publisher import KafkaPublisher, cluster_of, find_topic, lost_since
from daemon.publish.keys import KeyBy
from daemon.publish.progress import Progress, summary_line
from daemon.publish.rate import TokenBucket
from daemon.publish.run import How, Publishing
from daemon.publish.state_publish import Journal
from daemon.publish.window import Input
from daemon.sources.decode import Decoder
from daemon.sources.file_lines import why_unread

SIGNALLED = 128
"""With the number of the signal, what a shell reports for a command that it ended."""

BURST_SECONDS = 0.05
"""What a paced publish may catch up with at once: below what anybody sees, above a timer's error."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to."""

    connection: KafkaConnectionConfig
    password: str | None
    topic: str
    fields: dict[str, str]
    folder: Path  # of the journal, where no other is named


@dataclass(frozen=True, slots=True)
class Session:
    """What was asked for."""

    target: Target
    key: KeyBy
    compression: str | None
    rate: float | None
    raw: bool
    journal: Path | None
    create: int | None  # partitions of a topic that is missing
    dry: bool


async def publish(session: Session, inputs: list[Input]) -> int:
    """Do it; the exit status. Raises ``Refused`` or ``Unavailable``."""
    # Where Kafka does not answer, its library says so several times a second; what matters of it we say ourselves.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    told, stop = list[signal.Signals](), asyncio.Event()
    _listen(told, stop)
    progress, target = Progress(sys.stderr), session.target
    journal = None if session.journal is None else Journal(session.journal, target.topic)
    publisher: KafkaPublisher | None = None
    try:
        if not session.dry:
            if journal is not None:
                with suppress(OSError):  # said by whoever writes there
                    journal.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                journal.hold()
            publisher = await _connected(session, journal)
        publishing = Publishing(
            How(session.key, session.raw, Decoder(target.fields)),
            publisher=publisher,
            journal=journal,
            bucket=None if session.rate is None else _bucket(session.rate),
            progress=progress,
            monotonic=time.monotonic,
        )
        return await _run(publishing, inputs, session, told, stop, progress)
    finally:
        progress.clear()
        if publisher is not None:
            await publisher.close()
        if journal is not None:
            journal.release()


async def _run(
    publishing: Publishing,
    inputs: list[Input],
    session: Session,
    told: list[signal.Signals],
    stop: asyncio.Event,
    progress: Progress,
) -> int:
    began, whole = time.monotonic(), False
    try:
        whole = await publishing.run(inputs, stop)
    finally:
        if not whole:
            progress.say(_how_to_go_on(publishing, session, inputs))
        progress.say(summary_line(publishing.counts, time.monotonic() - began, dry=session.dry))
    if not whole:
        return SIGNALLED + told[0]
    return 2 if publishing.unreadable else 1 if publishing.invalid else 0


def unreadable(each: Input) -> str:
    """Why an input cannot be read at all, or nothing. A pipe is not touched: whoever writes to it would lose us."""
    path = Path(each.path)
    try:
        if path.is_fifo():
            return ""
        with path.open("rb"):
            return ""
    except OSError as error:
        return why_unread(error)


async def _connected(session: Session, journal: Journal | None) -> KafkaPublisher:
    target = session.target
    settings = client_settings(target.connection, target.password, "rasid-publish")
    partitions = await find_topic(target.connection, settings, target.topic, create=session.create)
    if journal is not None:
        await _check_journal(journal, settings, target.topic, partitions)
    publisher = KafkaPublisher(settings, target.topic, session.compression)
    await publisher.start()
    return publisher


async def _check_journal(journal: Journal, settings: dict[str, object], topic: str, partitions: frozenset[int]) -> None:
    """Lines that are passed over as published must be there."""
    cluster = await cluster_of(settings)
    if journal.cluster not in ("", cluster):
        raise Refused(
            f"{journal.path} is about the Kafka cluster {journal.cluster}, and this is {cluster}: give each a file of "
            "its own with --resume"
        )
    journal.cluster = cluster
    if why := await lost_since(settings, topic, partitions, journal.acknowledged):
        raise Refused(
            f"{journal.path} is not about this `{topic}`: {why}. It was made anew, or these are other brokers, or "
            "Kafka has lost records. To publish everything (again): delete that file, or use --no-resume"
        )


def _bucket(rate: float) -> TokenBucket:
    return TokenBucket(rate, rate * BURST_SECONDS, time.monotonic())


def _listen(told: list[signal.Signals], stop: asyncio.Event) -> None:
    """The first signal stops in good order, the second at once."""
    loop = asyncio.get_running_loop()

    def hear(number: signal.Signals) -> None:
        told.append(number)
        stop.set()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, hear, number)


def _how_to_go_on(publishing: Publishing, session: Session, inputs: list[Input]) -> str:
    where = f"ended after {publishing.where}"
    if session.dry:
        return where
    if session.journal is None:
        return f"{where}; nothing was written down, so the same command begins at the start"
    pipes = ", ".join(each.name for each in inputs if each.begun and not each.regular)
    rest = f"; not in {pipes}, which is no file" if pipes else ""
    return f"{where}; the same command goes on from there ({session.journal}){rest}"
