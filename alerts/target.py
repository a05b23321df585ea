"""What kind of receiver it is, and what its kind needs to know. Values only; secrets in them show nothing."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from alerts.secret_text import SecretText

DEFAULT_RESOLVE_AFTER = timedelta(hours=4)
"""How long a news alert fires in an Alertmanager: a desk's shift has seen it by then, and it resolves by itself."""


class Kind(StrEnum):
    """The types of receiver. Also a word of the configuration and a metric label."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    EMAIL = "email"
    ALERTMANAGER = "alertmanager"
    APPRISE = "apprise"


class Encryption(StrEnum):
    """How a connection to a mail server is encrypted."""

    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"  # required, not merely tried
    OFF = "off"  # only inside the receiver's allow


@dataclass(frozen=True, slots=True)
class Webhook:
    """Standard Webhooks, signed."""

    kind: Kind = Kind.WEBHOOK


@dataclass(frozen=True, slots=True)
class Slack:
    """An incoming webhook as Slack defined it; Mattermost and Rocket.Chat take the same."""

    kind: Kind = Kind.SLACK


@dataclass(frozen=True, slots=True)
class Alertmanager:
    """Prometheus Alertmanager, API v2; the receiver's URL is what comes before ``/api/v2``."""

    resolve_after: timedelta = DEFAULT_RESOLVE_AFTER
    authorization: SecretText | None = None  # the header's value
    kind: Kind = Kind.ALERTMANAGER


@dataclass(frozen=True, slots=True)
class Email:
    """A mail server that takes mail for some people."""

    host: str
    port: int
    encryption: Encryption
    sender: str  # as in a mail's From
    to: tuple[str, ...]
    username: str = ""
    password: SecretText | None = None
    kind: Kind = Kind.EMAIL


@dataclass(frozen=True, slots=True)
class Apprise:
    """Whatever Apprise knows, by its URL, which holds a token."""

    url: SecretText
    kind: Kind = Kind.APPRISE


Target = Webhook | Slack | Alertmanager | Email | Apprise
