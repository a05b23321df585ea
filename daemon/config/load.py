"""Read the configuration file and the secrets that it names. Every problem is listed, with its place.

What came out of it: ``Loaded``, in which receivers and routes are the values that the alerting side works with.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from alerts.receiver import Receiver, Route
from alerts.routing.inhibition import Inhibition
from alerts.silences.silence import Silence
from daemon.config.config import Config
from daemon.config.inhibition_load import read_inhibitions
from daemon.config.receiver_load import read_receiver
from daemon.config.route_load import read_route
from daemon.config.secrets import Place, Secrets
from daemon.config.silence_load import read_silences
from daemon.config.tracing_load import read_trace_headers
from daemon.config.values import anchored, is_loopback, parse_listen
from daemon.file_small import Unreadable, read_small
from processors.errors import InvalidInput, Problem
from processors.yaml_document import YamlDocument, load_yaml, validate


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that may be used."""

    path: Path
    config: Config
    folder: Path  # where relative paths begin
    receivers: Mapping[str, Receiver]
    route: Route
    silences: tuple[Silence, ...]
    inhibitions: tuple[Inhibition, ...]
    token: str | None = field(repr=False)  # bearer token of the API
    redis_password: str | None = field(repr=False)
    kafka_passwords: Mapping[int, str] = field(repr=False)  # by number of the source
    trace_headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # of requests to the collector
    begun_ns: int = 0  # wall clock when reading began: what is newer than that may not have been read


def load_config(path: Path, environment: Mapping[str, str] | None = None) -> Loaded:
    """The configuration at ``path``. Raises ``InvalidInput`` that lists every problem."""
    loaded, problems = read_config(path, environment)
    if problems:
        raise InvalidInput(problems)
    return loaded


def read_config(path: Path, environment: Mapping[str, str] | None = None) -> tuple[Loaded, Sequence[Problem]]:
    """The configuration and what is wrong with it, so that its topics can be checked as well.

    Raises ``InvalidInput`` where there is not even a configuration to speak of.
    """
    begun_ns = time.time_ns()
    try:
        text = read_small(path)
    except Unreadable as error:
        raise InvalidInput([Problem(str(path), 0, 0, f"cannot be read: {error}")]) from error
    document = load_yaml(str(path), text)
    config: Config = anchored(validate(document, Config), path.resolve().parent)
    reader = _Reader(document, os.environ if environment is None else environment)
    return replace(reader.read(path, config), begun_ns=begun_ns), reader.problems


class _Reader:
    """What the types cannot check: names that must exist, files that must be readable."""

    def __init__(self, document: YamlDocument, environment: Mapping[str, str]) -> None:
        self._secrets = Secrets(document, environment)

    @property
    def problems(self) -> list[Problem]:
        return self._secrets.problems

    def read(self, path: Path, config: Config) -> Loaded:
        for number in [n for n, source in enumerate(config.sources) if source.stdin is not None][1:]:
            self._wrong(("sources", number, "stdin"), "standard input can be read by one source: remove this one")
        receivers: dict[str, Receiver] = {}
        for number, each in enumerate(config.receivers):
            if each.name in receivers:
                self._wrong(("receivers", number, "name"), f"receiver `{each.name}` stands twice: give it another name")
            receivers[each.name] = read_receiver(each, ("receivers", number), self._secrets)
        self._check_kafka(config)
        if not config.sources:
            self._wrong(("sources",), "name at least one source, like `- file: {path: articles.jsonl}`")
        route = read_route(config, receivers, self._secrets)
        self._check_http(config)
        return Loaded(
            path=path,
            config=config,
            folder=path.resolve().parent,
            receivers=receivers,
            route=route,
            silences=read_silences(config, self._secrets),
            inhibitions=read_inhibitions(config, self._secrets),
            token=self._token(config),
            redis_password=self._redis_password(config),
            kafka_passwords=self._kafka_passwords(config),
            trace_headers=read_trace_headers(config, self._secrets),
        )

    def _wrong(self, place: Place, message: str) -> None:
        self._secrets.wrong(place, message)

    def _check_kafka(self, config: Config) -> None:
        read_by: dict[str, int] = {}
        for number, each in enumerate(config.sources):
            if each.kafka is None:
                continue
            for topic in each.kafka.subscribe:
                if topic in read_by:
                    self._wrong(
                        ("sources", number, "kafka", "subscribe"),
                        f"source {read_by[topic] + 1} reads a Kafka topic `{topic}` already: for one of the same name "
                        "on other brokers, run another daemon with another `name`",
                    )
                read_by[topic] = number
            for key in ("ca_file", "cert_file", "key_file") if each.kafka.tls else ():
                self._secrets.text(getattr(each.kafka.tls, key), None, ("sources", number, "kafka", "tls", key))
        if (parked := config.parked.kafka_topic) is not None:
            if not read_by:
                self._wrong(("parked", "kafka_topic"), "there is no kafka source whose brokers could keep it")
            elif parked in read_by or parked == config.dead_letters.kafka_topic:
                self._wrong(("parked", "kafka_topic"), "this topic has another use already: it must have its own")
        if config.dead_letters.kafka_topic is not None:
            if not read_by:
                self._wrong(("dead_letters", "kafka_topic"), "there is no kafka source whose brokers could take them")
            elif config.dead_letters.kafka_topic in read_by:
                self._wrong(
                    ("dead_letters", "kafka_topic"), "a source reads this topic: it would read its dead letters"
                )

    def _kafka_passwords(self, config: Config) -> Mapping[int, str]:
        passwords = {}
        for number, each in enumerate(config.sources):
            if each.kafka is None or each.kafka.sasl is None:
                continue
            sasl, place = each.kafka.sasl, ("sources", number, "kafka", "sasl")
            key = "password_file" if sasl.password_file else "password_env"
            if (text := self._secrets.text(sasl.password_file, sasl.password_env, (*place, key))) is not None:
                passwords[number] = text.strip()
        return passwords

    def _check_http(self, config: Config) -> None:
        host, _ = parse_listen(config.http.listen)
        if not is_loopback(host) and config.http.token_file is None:
            self._wrong(
                ("http", "listen"), f"{host} can be reached from outside: set http.token_file, or use 127.0.0.1"
            )

    def _token(self, config: Config) -> str | None:
        token = self._secrets.text(config.http.token_file, None, ("http", "token_file"))
        if token is not None and len(token.strip()) < 16:
            self._wrong(("http", "token_file"), "the token is shorter than 16 characters: put a long random one there")
        return token.strip() if token is not None else None

    def _redis_password(self, config: Config) -> str | None:
        redis = config.redis
        if redis is None:
            return None
        scheme, _, rest = redis.url.partition("://")
        if scheme not in ("redis", "rediss", "unix"):
            self._wrong(("redis", "url"), "write redis://host:port, rediss://host:port or unix:///path")
        if "@" in rest.partition("/")[0]:
            self._wrong(("redis", "url"), "no user or password in the URL: use redis.username and redis.password_file")
        key = "password_file" if redis.password_file else "password_env"
        password = self._secrets.text(redis.password_file, redis.password_env, ("redis", key))
        return password.strip() if password is not None else None
