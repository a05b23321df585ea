"""What the API answers, as types: the OpenAPI document is made from them, and real answers are held against it.

Fields may be added in any version, so clients pass over what they do not know. Moments without ``_ms`` in their names
are RFC 3339 in UTC.
"""

from typing import Any

import msgspec

from processors.stories.grounds import Ground


class Problem(msgspec.Struct, frozen=True):
    """What was wrong, and what to send instead."""

    error: str
    problems: list[str] = []  # of a configuration that was not loaded


class Reloaded(msgspec.Struct, frozen=True):
    """What is on disk is in force."""

    reloaded: bool


class ConfigState(msgspec.Struct, frozen=True):
    """What is in force, and why what is on disk is not."""

    file: str
    problems: list[str]
    restart_needed: list[str]


class Failing(msgspec.Struct, frozen=True):
    """Since when a receiver does not work."""

    since_ms: int
    last_ms: int
    failures: int


class ReceiverState(msgspec.Struct, frozen=True):
    """How a receiver stands: working, failing, waiting or disabled. ``ready`` is null while the store is away."""

    ready: int | None
    disabled: str | None
    state: str
    failing: Failing | None
    asked_again_ms: int | None


class OutboxState(msgspec.Struct, frozen=True):
    """How many deliveries are unfinished, wait for a digest, were given up."""

    ready: int
    pending: int
    oldest_ms: int | None
    dead: int


class Lag(msgspec.Struct, frozen=True):
    """How far reading is behind."""

    records: int
    seconds: float


class RedisState(msgspec.Struct, frozen=True):
    """How the store stands, asked within the last seconds; what it did not say is null.

    ``server`` is redis or valkey. ``safe``: it keeps what it acknowledged; ``flaw`` is why not: replica, evicts or
    no_log.
    ``limit_bytes`` is null where its memory has no limit.
    """

    reachable: bool
    server: str | None
    version: str | None
    used_bytes: int | None
    limit_bytes: int | None
    safe: bool | None
    flaw: str | None


class SourceState(msgspec.Struct, frozen=True):
    """How a source stands: ``kind`` is kafka, file or stdin; ``fails`` says why it is not ``connected``.

    ``last_record_ms`` is when the record that was read last had been written, where the source knows.
    """

    source: str
    kind: str
    connected: bool
    fails: str | None
    partitions: int
    last_record_ms: int | None
    last_read_ms: int | None


class Status(msgspec.Struct, frozen=True):
    """How this process does. ``redis`` is null before the store was met, ``outbox`` while it does not answer."""

    version: str
    instance: str | None
    pid: int
    started_ms: int
    positions: dict[str, int]
    lag: dict[str, Lag]
    name: str
    ready: bool
    reasons: list[str]
    config: ConfigState
    topics: list[str]
    receivers: dict[str, ReceiverState]
    outbox: OutboxState | None
    redis: RedisState | None
    sources: list[SourceState]


class Enabled(msgspec.Struct, frozen=True):
    """A receiver that is called again."""

    receiver: str
    was_disabled: bool


class StorySummary(msgspec.Struct, frozen=True):
    """A story. Where it is no longer ``remembered``, counts are those of the decisions that are kept."""

    story: str
    headline: str
    articles: int
    independent_sources: int | None
    outlets: list[str]
    languages: list[str]
    first_seen: str
    last_seen: str
    topics: list[str]
    read_at: str
    remembered: bool


class Stories(msgspec.Struct, frozen=True):
    """The one that was read of last first."""

    stories: list[StorySummary]
    reaches_back_to_ms: int | None


class GroundShown(Ground, frozen=True):
    """Why an article belongs to its story: a code, and the parameters that it has. docs/api.md lists the codes."""


class StoryArticle(msgspec.Struct, frozen=True):
    """An article of a story: ``relation`` and ``grounds`` say why it belongs to it, ``of`` by which other.

    ``because`` has the grounds in English; of what an older version decided there is nothing else.
    """

    published: str
    dated: str
    read_at: str
    outlet: str
    lang: str
    headline: str
    article: str
    url: str
    relation: str
    of: str
    because: list[str]
    grounds: list[GroundShown]
    topics: list[str]
    outcome: str
    times: int


class NoticeDelivery(msgspec.Struct, frozen=True):
    """What became of a notice at one receiver: in which digest it went out, what it ``waits_for``, until when."""

    receiver: str
    delivery: str
    state: str
    digest: bool
    digest_id: str | None
    waits_for: str | None
    until: str | None
    attempts: int
    reason: str
    since: str | None
    at: str | None
    status: int | None
    error: str


class NoticeWithheld(msgspec.Struct, frozen=True):
    """A receiver that was not told, why, and by what; ``at`` where it waited: when its turn came."""

    receiver: str
    why: str
    by: str
    at: str | None


class StoryNotice(msgspec.Struct, frozen=True):
    """Something that was told of a story."""

    topic: str
    alert: str
    notice: str
    reason: str
    at: str
    article: str
    receivers: list[NoticeDelivery]
    withheld: list[NoticeWithheld]


class Story(StorySummary, frozen=True):
    """A story with its articles in the order of reading, and what was told of it."""

    timeline: list[StoryArticle]
    left_out: int
    from_the_start: bool
    notices: list[StoryNotice]


class Why(msgspec.Struct, frozen=True):
    """What became of an article under a topic: each reading of it that is still known, and what was told."""

    topic: str
    article: str
    answer: str
    says: str
    readings: list[dict[str, Any]]
    notices: list[StoryNotice]
    reaches_back_to: dict[str, str | None]


class SilenceShown(msgspec.Struct, frozen=True):
    """A silence: pending, active or expired. ``start`` is null where it holds since ever."""

    id: str
    state: str
    match: dict[str, list[str]]
    author: str
    comment: str
    start: str | None
    end: str


class SilencesShown(msgspec.Struct, frozen=True):
    """Those of the configuration first, then those that people added, by start."""

    silences: list[SilenceShown]
