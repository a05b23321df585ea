"""From what the configuration says of a source to the source itself."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alerts.errors import Refused
from daemon.clock import now_ms
from daemon.config.config import SourceConfig
from daemon.reload import Reloader
from daemon.sources.file_dead_letters import FileDeadLetters
from daemon.sources.file_positions import Positions
from daemon.sources.file_source import FileSource
from daemon.sources.source import Source
from daemon.sources.stdin_source import StdinSource
from daemon.sources.watched_source import WatchedSource
from daemon.watch import file_pattern

if TYPE_CHECKING:
    from daemon.kafka.kafka_dead_letters import KafkaDeadLetters
    from daemon.kafka.kafka_member import Observer
    from daemon.kafka.kafka_parked_topic import KafkaParkedTopic


def labels_of(sources: Sequence[SourceConfig]) -> list[str]:
    """What metrics call each source; of those that read the same, the later ones are numbered."""
    plain = [_label_of(each) for each in sources]
    again = [plain[:place].count(label) for place, label in enumerate(plain)]
    return [f"{label} ({times + 1})" if times else label for label, times in zip(plain, again, strict=True)]


def _kind_of(source: SourceConfig) -> str:
    return "kafka" if source.kafka is not None else "file" if source.file is not None else "stdin"


def _label_of(source: SourceConfig) -> str:
    if source.kafka is not None:
        return f"kafka:{','.join(source.kafka.subscribe)}"
    return f"file:{source.file.path}" if source.file is not None else "stdin"


@dataclass(frozen=True, slots=True)
class Sources:
    """Opens the sources of one process. What speaks to Kafka is loaded where a source asks for it: it takes 6 MB."""

    reloader: Reloader
    instance: str
    observer: "Observer"
    once: bool  # sources end when all that is there was read
    new_word: Callable[[], str] = lambda: secrets.token_hex(8)

    def open(self) -> list[tuple[SourceConfig, WatchedSource]]:
        """All of them, in the order of the file. Nothing is connected to yet. Raises ``Refused``."""
        config = self.reloader.watch.loaded.config
        positions = Positions(config.state_dir)
        opened = [self._open(number, written, positions) for number, written in enumerate(config.sources)]
        labels = labels_of(config.sources)
        watched = [
            WatchedSource(label, _kind_of(each), inner, now_ms)
            for label, each, inner in zip(labels, config.sources, opened, strict=True)
        ]
        return list(zip(config.sources, watched, strict=True))

    def kafka_settings(self) -> dict[str, Any] | None:
        """Of a client of the brokers of the first kafka source; None where there is no such source."""
        loaded = self.reloader.watch.loaded
        for number, each in enumerate(loaded.config.sources):
            if each.kafka is not None:
                from daemon.kafka.kafka_connection import client_settings

                return client_settings(each.kafka, loaded.kafka_passwords.get(number), f"rasid-{self.instance}")
        return None

    def dead_letters(self) -> "FileDeadLetters | KafkaDeadLetters":
        """Where records go that hold no article."""
        loaded = self.reloader.watch.loaded
        written = loaded.config.dead_letters
        if written.kafka_topic is None:
            return FileDeadLetters(loaded.config.dead_letters_file, written.max_bytes)
        settings = self.kafka_settings()
        if settings is None:
            raise Refused("dead_letters.kafka_topic needs a kafka source, whose brokers take them")
        from daemon.kafka.kafka_dead_letters import KafkaDeadLetters

        return KafkaDeadLetters(settings, written.kafka_topic)

    def parked_topic(self) -> "KafkaParkedTopic | None":
        """Where deliveries are kept that are old or dead; None where they are kept in the store alone."""
        config, settings = self.reloader.watch.loaded.config, self.kafka_settings()
        if settings is None or config.parked.kafka_topic is None:
            return None
        from daemon.kafka.kafka_parked_topic import KafkaParkedTopic

        return KafkaParkedTopic(settings, config.parked.kafka_topic)

    def _open(self, number: int, written: SourceConfig, positions: Positions) -> Source:
        loaded = self.reloader.watch.loaded
        if written.kafka is not None:
            from daemon.kafka.kafka_source import KafkaSource

            return KafkaSource(
                written.kafka,
                password=loaded.kafka_passwords.get(number),
                group=loaded.config.name,
                # Each source is a member of the group; the first keeps the plain name.
                instance=f"{self.instance}.{number}" if number else self.instance,
                observer=self.observer,
                once=self.once,
            )
        if written.file is not None:
            follow = written.file.follow and not self.once
            return FileSource(file_pattern(loaded.folder, written.file.path), follow=follow, positions=positions)
        if written.stdin is not None:
            return StdinSource(0, partition=f"stdin:{self.instance}:{self.new_word()}")
        raise Refused("a source without a kind")
