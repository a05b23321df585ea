"""The configuration file ``rasid.yaml``, as types.

Every key and its meaning is here; the documentation is made from it.
Secrets are never in the file: it names the files or environment variables that hold them.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from alerts.silences.silences import MOST_SILENCES
from alerts.store.keys import DELIVERED_KEPT
from daemon.config.inhibit import InhibitConfig
from daemon.config.kafka import KafkaSourceConfig, KafkaTopic, ParkedConfig
from daemon.config.receiver import ReceiverConfig
from daemon.config.route import RouteConfig
from daemon.config.silence import SilenceConfig
from daemon.config.time_intervals import TimeIntervalConfig
from daemon.config.tracing import TracingConfig
from daemon.config.values import LONGEST_NAME, Duration, FilePath, Section, Several, parse_listen
from daemon.sources.decode import check_fields
from processors.model import MAX_TEXT_CHARS

LONGEST_WINDOW = timedelta(hours=72)
"""The story memory in Redis is kept long enough for this window and the whole retry schedule, not for more."""


def _not_yet(what: str, instead: str) -> ValueError:
    return ValueError(f"{what} is not in this version: {instead}")


class FileSourceConfig(Section):
    """Articles in files, one JSON object a line; gzip is recognised."""

    path: str = Field(min_length=1, description="A path or pattern (`archive/*.jsonl.gz`, `**` for any depth).")
    follow: bool = Field(default=False, description="Keep reading as files grow and new ones appear.")
    fields: dict[str, str] = Field(
        default={}, description="Where the publisher keeps each article field, as dotted paths: `{title: headline}`."
    )

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        return check_fields(fields)


class StdinSourceConfig(Section):
    """Articles on standard input, one JSON object a line."""

    fields: dict[str, str] = Field(default={}, description="As for files.")

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        return check_fields(fields)


class SourceConfig(Section):
    """Exactly one kind of source."""

    file: FileSourceConfig | None = Field(default=None, description="Articles in files.")
    stdin: StdinSourceConfig | None = Field(default=None, description="Articles on standard input: `stdin: {}`.")
    kafka: KafkaSourceConfig | None = Field(default=None, description="Articles in Kafka.")

    @property
    def fields(self) -> dict[str, str]:
        """The mapping of whichever source it is."""
        source = self.file or self.stdin or self.kafka
        return source.fields if source else {}

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.file, self.stdin, self.kafka].count(None) != 2:
            raise ValueError(
                "a source is one of `kafka: {servers: […], subscribe: […]}`, `file: {path: …}` and `stdin: {}`"
            )
        return self


class RedisConfig(Section):
    """The Redis or Valkey that holds the outbox and the memory of stories."""

    url: str = Field(description="`redis://host:port`, `rediss://host:port` (TLS) or `unix:///path`, without password.")
    username: str | None = Field(default=None, description="ACL user; absent: the default user.")
    password_file: FilePath | None = Field(default=None, description="File with the password.")
    password_env: str | None = Field(default=None, description="Environment variable with the password.")
    ca_file: FilePath | None = Field(default=None, description="Certificates that sign the server's, for `rediss://`.")
    unsafe: bool = Field(default=False, description="Run on a server that may lose what it acknowledged.")

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_file and self.password_env:
            raise ValueError("give password_file or password_env, not both")
        return self


class HttpConfig(Section):
    """Metrics, health and the API."""

    listen: str = Field(
        default="127.0.0.1:9464", description="host:port; port 0 picks a free one and the log names it."
    )
    external_url: Any = Field(default=None, description="Reserved for a later version.")
    token_file: FilePath | None = Field(
        default=None, description="File with the bearer token of the API; required unless bound to loopback."
    )
    requests_per_second: float = Field(
        default=20,
        gt=0,
        le=10_000,
        description="Of one token, or of one address without a token; five times that at once.",
    )

    @field_validator("external_url")
    @classmethod
    def _reserved(cls, written: Any) -> Any:
        if written is not None:
            raise _not_yet("http.external_url", "leave it out; alerts link to articles only")
        return written

    @field_validator("listen")
    @classmethod
    def _address(cls, listen: str) -> str:
        parse_listen(listen)
        return listen


class LimitsConfig(Section):
    """Bounds on what one article may cost."""

    max_text_chars: int = Field(
        default=MAX_TEXT_CHARS,
        ge=1_000,
        le=1_000_000,
        description="Characters of each field that are matched; the rest is not read.",
    )
    max_age: Duration = Field(
        default=timedelta(hours=24),
        ge=timedelta(minutes=1),
        description="Records appended to Kafka longer ago than this go out in one digest per receiver, no alert each.",
    )


class StoriesConfig(Section):
    """How articles join stories."""

    window: Duration = Field(
        default=LONGEST_WINDOW, description="An article joins stories seen in this span of event time; at most 72h."
    )

    outlets: dict[str, Annotated[Several, Field(min_length=1, max_length=100)]] = Field(
        default={},
        max_length=20,
        description="Groups of outlets (`source` as articles have it) whose coverage each alert tells: "
        "`{syrian-state: [سانا, تشرين], egyptian: [الأهرام]}`.",
    )

    @field_validator("window")
    @classmethod
    def _kept(cls, window: timedelta) -> timedelta:
        if not timedelta(hours=1) <= window <= LONGEST_WINDOW:
            raise ValueError("the story window is between 1h and 72h")
        return window


class HistoryConfig(Section):
    """What is kept to look at."""

    keep: Duration = Field(
        default=timedelta(days=30),
        description="How long finished deliveries and the attempts at them are kept, to be shown and sent again.",
    )
    deliveries: int = Field(
        default=DELIVERED_KEPT,
        ge=0,
        le=1_000_000,
        description="How many deliveries that arrived are kept, the newest; each takes some 4 kB of Redis. Fewer are "
        "while Redis has used 70 % of its `maxmemory`. Dead ones are kept beside.",
    )


class DeadLettersConfig(Section):
    """Records that hold no article."""

    file: FilePath | None = Field(
        default=None,
        description="JSON lines with the record and the reason; default `dead_letters.jsonl` in state_dir.",
    )
    max_bytes: int = Field(
        default=64 * 1024 * 1024,
        ge=2 * 1024 * 1024,
        description="Size at which the file is renamed to `….1` and begun anew.",
    )
    max_ratio: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Stop with status 3 when more than this part of the last 1,000 records is unreadable.",
    )
    kafka_topic: KafkaTopic | None = Field(
        default=None,
        description="A Kafka topic, on the brokers of the first kafka source; absent: `file`.",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.file is not None and self.kafka_topic is not None:
            raise ValueError("dead letters go to `file` or to `kafka_topic`, not to both")
        return self


class Config(Section):
    """The whole file."""

    name: str = Field(
        default="rasid",
        pattern=r"^[a-zA-Z0-9][\w.-]*$",
        max_length=LONGEST_NAME,
        description="Prefix of Redis keys and part of every id: another name knows nothing of the old stories.",
    )
    state_dir: FilePath = Field(description="Positions, dead letters and the private Valkey. One process each.")
    sources: tuple[SourceConfig, ...] = Field(description="Where articles come from.")
    redis: RedisConfig | None = Field(default=None, description="Absent: a private Valkey is started in state_dir.")
    topics: Several = Field(
        default=("builtin:mena",), min_length=1, description="Files, folders, `builtin:PACK` or `builtin:TOPIC`."
    )
    entities: Several = Field(default=(), description="Files or folders of entities, besides the built-in ones.")
    receivers: tuple[ReceiverConfig, ...] = Field(default=(), description="Who can be told.")
    route: RouteConfig | None = Field(
        default=None, description="Who is told what; absent: the first receiver gets everything."
    )
    time_intervals: tuple[TimeIntervalConfig, ...] = Field(
        default=(), description="Times that routes are muted or active in."
    )
    inhibit_rules: tuple[InhibitConfig, ...] = Field(
        default=(), description="What is not told to a receiver that was told something weightier of the story."
    )
    silences: tuple[SilenceConfig, ...] = Field(
        default=(), max_length=MOST_SILENCES, description="Alerts that nobody is told of for a time."
    )
    http: HttpConfig = Field(default=HttpConfig(), description="Metrics, health and the API.")
    limits: LimitsConfig = Field(default=LimitsConfig(), description="Bounds on what one article may cost.")
    stories: StoriesConfig = Field(default=StoriesConfig(), description="How articles join stories.")
    history: HistoryConfig = Field(default=HistoryConfig(), description="What is kept to look at.")
    dead_letters: DeadLettersConfig = Field(default=DeadLettersConfig(), description="Records that hold no article.")
    tracing: TracingConfig | None = Field(
        default=None, description="Traces of OpenTelemetry, with the extra `rasid[otel]`; absent: none."
    )
    drain_timeout: Duration = Field(
        default=timedelta(seconds=25),
        description="After SIGTERM, what is under way gets this long. Below your supervisor's.",
    )
    instance: str | None = Field(
        default=None,
        pattern=r"^[\w.-]+$",
        max_length=LONGEST_NAME,
        description="Owner of leases; default: a name kept in state_dir. A restarted process must have the same.",
    )
    parked: ParkedConfig = Field(
        default=ParkedConfig(), description="Deliveries that are old or dead, kept in Kafka; only with a kafka source."
    )

    @property
    def dead_letters_file(self) -> Path:
        """Where records that hold no article go."""
        return self.dead_letters.file or self.state_dir / "dead_letters.jsonl"
