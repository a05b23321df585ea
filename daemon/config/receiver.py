"""A receiver in the configuration file: what every type has, and what belongs to which.

An address that lets anyone who knows it send (Slack's, Apprise's) is a secret: it stands in a file or a variable.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from alerts.rate import Rate, parse_rate
from alerts.receiver import DEFAULT_MAX_IN_FLIGHT
from alerts.retry import DEFAULT_SCHEDULE, LONGEST_RETRY
from alerts.target import DEFAULT_RESOLVE_AFTER, Encryption, Kind
from daemon.config.locale import Locale, Zone
from daemon.config.values import LONGEST_NAME, Duration, FilePath, Section, Several, parse_listen, show_duration

TLS_PORT = 465
"""TLS from the first byte, as RFC 8314 has it. On every other port, as 587 of RFC 6409, STARTTLS."""

_MAIL_ADDRESS = re.compile(r"(?:[^<>\x00-\x1f\x7f]*<({0})>|({0}))".format(r"[!-;=?-~]+(?<!@)@[A-Za-z0-9.-]+"))
"""In letters that every mail server takes; the name before it may be in any."""


def mail_address(written: str) -> str:
    """``desk@example.org`` or ``Desk <desk@example.org>``. ``ValueError`` says how to write it."""
    found = _MAIL_ADDRESS.fullmatch(written)
    address = (found[1] or found[2]) if found else ""
    if address.count("@") != 1 or any(char in address for char in ',;:"()[]\\') or parseaddr(written)[1] != address:
        raise ValueError(f"{written!r} is no mail address: write one like desk@example.org")
    return written


MailAddress = Annotated[str, AfterValidator(mail_address)]


class EmailConfig(Section):
    """A mail server, and who gets the mail."""

    server: str = Field(description="host:port of the mail server: 587 and STARTTLS, or 465 and TLS.")
    encryption: Encryption | None = Field(
        default=None, description="`tls`, `starttls` or, inside `allow`, `off`; absent: as the port says."
    )
    username: str | None = Field(default=None, description="User at the mail server; absent: none.")
    password_file: FilePath | None = Field(default=None, description="File with the password.")
    password_env: str | None = Field(default=None, description="Environment variable with the password.")
    from_: MailAddress = Field(alias="from", description="Who writes, like `Rasid <rasid@newsroom.example>`.")
    to: tuple[MailAddress, ...] = Field(max_length=50, description="Who gets it.")

    @field_validator("server")
    @classmethod
    def _place(cls, server: str) -> str:
        try:
            host, port = parse_listen(server)
        except ValueError:
            host, port = "", 0
        if not host or not port or "@" in host or "/" in host:
            raise ValueError(f"{server!r} is no mail server: write host:port, like mail.newsroom.example:587")
        return server

    @field_validator("to")
    @classmethod
    def _somebody(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        if not to:
            raise ValueError("name at least one mail address, like [desk@newsroom.example]")
        return to

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if (self.username is not None) != ((self.password_file is None) != (self.password_env is None)):
            raise ValueError("give username together with password_file or password_env, or none of them")
        return self


class AlertmanagerConfig(Section):
    """What an Alertmanager is told, besides the alert."""

    resolve_after: Duration = Field(
        default=DEFAULT_RESOLVE_AFTER,
        ge=timedelta(minutes=1),
        le=timedelta(days=7),
        description="How long an alert fires after its last notice (`endsAt`).",
    )
    username: str | None = Field(default=None, description="User of a proxy in front of it (basic authentication).")
    password_file: FilePath | None = Field(default=None, description="File with the password.")
    password_env: str | None = Field(default=None, description="Environment variable with the password.")
    token_file: FilePath | None = Field(default=None, description="File with a bearer token, instead of a user.")
    token_env: str | None = Field(default=None, description="Environment variable with the same.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [self.password_file, self.password_env, self.token_file, self.token_env]
        if len(given) - given.count(None) > 1 or (self.username is None) != (
            self.password_file is None and self.password_env is None
        ):
            raise ValueError("give username and one of password_file and password_env, or one of token_file, token_env")
        return self


class TemplatesConfig(Section):
    """What people read, in the desk's own wording: Jinja2."""

    title: str | None = Field(default=None, description="One line: a chat's first, a mail's subject, a summary.")
    text: str | None = Field(default=None, description="All the rest, as plain text.")
    text_file: FilePath | None = Field(default=None, description="File with the same.")
    html: str | None = Field(default=None, description="Of a mail, its HTML part.")
    html_file: FilePath | None = Field(default=None, description="File with the same.")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        for key, file in (("text", self.text_file), ("html", self.html_file)):
            if file is not None and getattr(self, key) is not None:
                raise ValueError(f"give {key} or {key}_file, not both")
        return self


_URL = ("url", "url_file", "url_env")
_SECRET = ("secret_file", "secret_env")

BELONGS: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.WEBHOOK: (_URL, _SECRET),
    Kind.SLACK: (("url_file", "url_env"),),
    Kind.EMAIL: (("email",),),
    Kind.ALERTMANAGER: (_URL,),
    Kind.APPRISE: (("url_file", "url_env"),),
}
"""What each type needs: exactly one key of each group."""

MAY_HAVE: Mapping[Kind, tuple[str, ...]] = {
    Kind.SLACK: ("templates",),
    Kind.EMAIL: ("templates",),
    Kind.ALERTMANAGER: ("alertmanager", "templates"),
    Kind.APPRISE: ("templates",),
}
"""What a type may have besides."""

_TYPED = {*_URL, *_SECRET, "email", "alertmanager", "templates"}


SHORTEST_BEAT, LONGEST_BEAT = timedelta(seconds=10), timedelta(hours=24)
"""Shorter, and an attempt (15 s) that hangs would outlive many; longer, and nobody would trust it."""


class ReceiverConfig(Section):
    """Somebody who can be told."""

    name: str = Field(
        pattern=r"^[\w.-]+$",
        max_length=LONGEST_NAME,
        description="Part of every delivery's id: a renamed receiver is another one.",
    )
    type: Kind = Field(
        default=Kind.WEBHOOK,
        description="`webhook`, `slack` (also Mattermost, Rocket.Chat), `email`, `alertmanager`, `apprise`.",
    )
    url: str | None = Field(
        default=None, description="Of a webhook or Alertmanager: https, or any address inside `allow`."
    )
    url_file: FilePath | None = Field(
        default=None, description="File with the URL, where it holds a token; also Apprise's."
    )
    url_env: str | None = Field(default=None, description="Environment variable with the same content.")
    secret_file: FilePath | None = Field(
        default=None,
        description="Of a webhook: file with one `whsec_<base64>` or `whsk_<base64>` a line; all of them sign.",
    )
    secret_env: str | None = Field(default=None, description="Environment variable with the same content.")
    email: EmailConfig | None = Field(default=None, description="Of type `email`.")
    alertmanager: AlertmanagerConfig | None = Field(default=None, description="Of type `alertmanager`.")
    templates: TemplatesConfig | None = Field(
        default=None, description="Own wording, for people (not for a webhook); absent: ours."
    )
    locale: Locale | None = Field(
        default=None, description="Language of our own words: `ar`, `en`, `fr`, `tr`; absent: the article's."
    )
    timezone: Zone | None = Field(default=None, description="Of times that people read, like `Africa/Cairo`.")
    events: Several = Field(default=("alert.*",), min_length=1, description="Types of event wanted, as globs.")
    allow: Several = Field(default=(), description="Networks (CIDR) that it may be in although they are private.")
    retry: tuple[Duration, ...] = Field(
        default=DEFAULT_SCHEDULE,
        min_length=1,
        max_length=50,
        description="The wait before each attempt; the first is `0s`.",
    )
    max_in_flight: int = Field(default=DEFAULT_MAX_IN_FLIGHT, ge=1, le=1000, description="Requests open at once.")

    rate: (
        Annotated[Rate, BeforeValidator(parse_rate), WithJsonSchema({"type": "string", "examples": ["600/min"]})] | None
    ) = Field(
        default=None,
        description="Requests that it takes in a span of time, like `10/s`, `600/min`, `100/h`; absent: no limit.",
    )

    heartbeat: Duration | None = Field(
        default=None,
        description="It hears `system.heartbeat` so often while all is well, like `5m`; absent: never.",
    )

    @field_validator("retry")
    @classmethod
    def _possible_waits(cls, retry: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if retry[0]:
            waits = ", ".join(map(show_duration, retry))
            raise ValueError(f"the first attempt is made at once: begin with 0s, like [0s, {waits}]")
        if max(retry) > LONGEST_RETRY:
            raise ValueError(f"no wait is longer than {show_duration(LONGEST_RETRY)}: news is over by then")
        return retry

    @field_validator("heartbeat")
    @classmethod
    def _seldom_enough(cls, heartbeat: timedelta | None) -> timedelta | None:
        if heartbeat is not None and not SHORTEST_BEAT <= heartbeat <= LONGEST_BEAT:
            shortest, longest = show_duration(SHORTEST_BEAT), show_duration(LONGEST_BEAT)
            raise ValueError(
                f"a heartbeat comes every {shortest} to {longest}, not {show_duration(heartbeat)}: write 5m"
            )
        return heartbeat

    @model_validator(mode="after")
    def _what_belongs(self) -> Self:
        needed = BELONGS[self.type]
        may = {key for group in needed for key in group}.union(MAY_HAVE.get(self.type, ()))
        given = {key for key in _TYPED if getattr(self, key) is not None}
        if self.type in (Kind.SLACK, Kind.APPRISE) and "url" in given:
            raise ValueError(f"the URL of a receiver of type {self.type} is a secret: put it into url_file or url_env")
        if stray := sorted(given - may):
            raise ValueError(f"{' and '.join(stray)}: not for a receiver of type {self.type}")
        own = self.templates
        if own is not None and self.type is not Kind.EMAIL and (own.html or own.html_file) is not None:
            raise ValueError(f"templates.html: only for a receiver of type {Kind.EMAIL}")
        for group in needed:
            if len(given.intersection(group)) != 1:
                asked = "has one of" if given.intersection(group) else "needs"
                raise ValueError(f"a receiver of type {self.type} {asked} {' or '.join(group)}")
        return self
