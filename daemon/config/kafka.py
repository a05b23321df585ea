"""The parts of ``rasid.yaml`` that say how Kafka is reached and what is read from it."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from daemon.config.values import Duration, FilePath, Section, Several, parse_listen
from daemon.sources.decode import check_fields

SHORTEST_SESSION, LONGEST_SESSION = timedelta(seconds=1), timedelta(minutes=5)
"""Below, a busy second looks like a death; above, the partitions of a dead process rest for too long. A broker has
bounds of its own: 6 s to 30 min unless ``group.min.session.timeout.ms`` says otherwise."""

TOPIC_NAME = re.compile(r"[\w.-]{1,249}", re.ASCII)
"""What Kafka accepts as a name."""


def check_topic(name: str) -> str:
    """A name that Kafka accepts. ``ValueError`` says what it may be made of."""
    if not TOPIC_NAME.fullmatch(name) or name in (".", ".."):
        raise ValueError(f"{name!r} is no Kafka topic: letters, digits, `.`, `_` and `-`, at most 249")
    return name


KafkaTopic = Annotated[str, AfterValidator(check_topic)]
"""The name of a Kafka topic."""


def parse_start(written: object) -> str | datetime:
    """``latest``, ``earliest``, or an RFC 3339 time with its offset. ``ValueError`` says how to write it."""
    if isinstance(written, datetime):
        moment = written
    elif written in ("latest", "earliest"):
        return str(written)
    else:
        try:
            moment = datetime.fromisoformat(str(written).strip().upper())
        except ValueError:
            raise ValueError(f"{written!r} is no start: write latest, earliest or 2026-01-31T06:00:00+02:00") from None
    if moment.tzinfo is None:
        raise ValueError(f"{written} says no zone: add Z or an offset, like 2026-01-31T06:00:00+02:00")
    return moment


class TlsConfig(Section):
    """Encryption; ``tls: {}`` trusts what the machine trusts. There is no switch to trust everybody."""

    ca_file: FilePath | None = Field(default=None, description="Certificates (PEM) that sign the brokers'.")
    cert_file: FilePath | None = Field(
        default=None, description="Our own certificate (PEM), where brokers ask for one."
    )
    key_file: FilePath | None = Field(default=None, description="Its key (PEM), without passphrase.")

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file belong together: give both or neither")
        return self


class SaslConfig(Section):
    """A user of the brokers."""

    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        description="PLAIN sends the password itself: only with `tls`."
    )
    username: str = Field(min_length=1, description="The user.")
    password_file: FilePath | None = Field(default=None, description="File with the password.")
    password_env: str | None = Field(default=None, description="Environment variable with the password.")

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if (self.password_file is None) == (self.password_env is None):
            raise ValueError("a user needs password_file or password_env")
        return self


class KafkaConnectionConfig(Section):
    """Which brokers, and how they are spoken to."""

    servers: Several = Field(min_length=1, description="host:port of some brokers; the others are asked of them.")
    tls: TlsConfig | None = Field(default=None, description="Encrypted; absent: in the clear.")
    sasl: SaslConfig | None = Field(default=None, description="With a user; absent: anonymous.")

    @field_validator("servers")
    @classmethod
    def _addresses(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        for server in servers:
            try:
                _, port = parse_listen(server)
            except ValueError:
                port = 0
            if port == 0:
                raise ValueError(f"{server!r} is no broker: write host:port, like broker.example.org:9092")
        return servers

    @model_validator(mode="after")
    def _no_plain_password(self) -> Self:
        if self.sasl is not None and self.sasl.mechanism == "PLAIN" and self.tls is None:
            raise ValueError("PLAIN sends the password in the clear: add `tls: {}`, or use SCRAM-SHA-512")
        return self


class KafkaSourceConfig(KafkaConnectionConfig):
    """Articles in Kafka topics, one JSON object a record. Processes of one `name` share the partitions."""

    subscribe: Several = Field(min_length=1, description="Kafka topics to read.")
    start: str | datetime = Field(
        default="latest",
        description="Where a first start begins: `latest`, `earliest`, or a time. Resolved once and kept.",
    )
    session_timeout: Duration = Field(
        default=timedelta(seconds=6),
        description="How long a process may be silent before its partitions are given to others.",
    )
    fields: dict[str, str] = Field(
        default={}, description="Where the publisher keeps each article field, as dotted paths: `{title: headline}`."
    )

    @field_validator("subscribe")
    @classmethod
    def _names(cls, subscribe: tuple[str, ...]) -> tuple[str, ...]:
        for name in subscribe:
            check_topic(name)
        if len(set(subscribe)) < len(subscribe):
            raise ValueError("a Kafka topic stands twice")
        return subscribe

    @field_validator("start", mode="before")
    @classmethod
    def _start(cls, written: object) -> str | datetime:
        return parse_start(written)

    @field_validator("session_timeout")
    @classmethod
    def _session(cls, timeout: timedelta) -> timedelta:
        if not SHORTEST_SESSION <= timeout <= LONGEST_SESSION:
            raise ValueError("session_timeout is between 1s and 5m")
        return timeout

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        return check_fields(fields)


class ParkedConfig(Section):
    """Deliveries that are unfinished for an hour, or dead, are also kept in a compacted Kafka topic.

    Then the records that they came from need no longer be held, and a wiped Redis gets them back.
    """

    kafka_topic: KafkaTopic | None = Field(
        default=None,
        description="On the brokers of the first kafka source, like `prod.parked`; absent: they are in Redis alone.",
    )
