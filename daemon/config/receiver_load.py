"""A receiver as the alerting side works with it, of what the configuration says and the secrets that it names."""

from base64 import b64encode
from zoneinfo import ZoneInfo

from alerts.receiver import Receiver
from alerts.rendering.event import Style
from alerts.secret_text import SecretText, redacted, secrets_of_url
from alerts.senders.denied_addresses import Network, check_mail_server, check_url, parse_networks
from alerts.senders.signature import SigningKey, parse_secrets
from alerts.target import Alertmanager, Apprise, Email, Encryption, Kind, Slack, Target, Webhook
from daemon.config.receiver import TLS_PORT, AlertmanagerConfig, EmailConfig, ReceiverConfig
from daemon.config.secrets import Place, Secrets
from daemon.config.template_load import read_templates
from daemon.config.values import parse_listen
from processors.errors import InvalidInput

_NO_TARGET = Webhook()
"""In the place of one that has problems: nothing is run with it."""


def read_receiver(written: ReceiverConfig, place: Place, secrets: Secrets) -> Receiver:
    """The receiver; whatever is wrong with it is noted in ``secrets``."""
    return _Reader(written, place, secrets).read()


class _Reader:
    def __init__(self, written: ReceiverConfig, place: Place, secrets: Secrets) -> None:
        self._written = written
        self._place = place
        self._secrets = secrets
        self._allow: tuple[Network, ...] | None = ()
        self._concealed: list[SecretText] = []

    def read(self) -> Receiver:
        written = self._written
        try:
            self._allow = parse_networks(written.allow)
        except ValueError as error:
            self._secrets.wrong((*self._place, "allow"), f"{error}: write networks like 10.1.2.0/24")
            self._allow = None
        style = Style(written.locale or "", ZoneInfo(written.timezone) if written.timezone else None)
        url = "" if written.type in (Kind.APPRISE, Kind.EMAIL) else self._url()
        return Receiver(
            name=written.name,
            url=url,
            secrets=self._keys(),
            events=written.events,
            allow=self._allow or (),
            retry=written.retry,
            max_in_flight=written.max_in_flight,
            rate=written.rate,
            heartbeat=written.heartbeat,
            target=self._target(),
            style=style,
            templates=read_templates(written, style, self._place, self._secrets),
            concealed=tuple(dict.fromkeys(self._concealed)),
        )

    def _url(self) -> str:
        written = self._written
        if written.url is not None:
            url, place = written.url, (*self._place, "url")
        else:
            text, place = self._secrets.one(written.url_file, written.url_env, self._place, "url")
            if text is None:
                return ""
            url = text
            self._concealed += secrets_of_url(url)
        if self._allow is not None and (problem := check_url(url, self._allow)) is not None:
            self._secrets.wrong(place, redacted(problem, self._concealed))
        return url

    def _keys(self) -> tuple[SigningKey, ...]:
        file, variable = self._written.secret_file, self._written.secret_env
        text = self._secrets.text(file, variable, (*self._place, "secret_file" if file else "secret_env"))
        if text is None:
            return ()
        lines = [line.strip() for line in text.splitlines()]
        self._concealed += [SecretText(line.partition("_")[2] or line) for line in lines if line]
        try:
            return parse_secrets(text, str(file or f"${variable}"))
        except InvalidInput as error:
            self._secrets.problems.extend(error.problems)
            return ()

    def _target(self) -> Target:
        match self._written.type:
            case Kind.WEBHOOK:
                return Webhook()
            case Kind.SLACK:
                return Slack()
            case Kind.ALERTMANAGER:
                return self._alertmanager(self._written.alertmanager or AlertmanagerConfig())
            case Kind.EMAIL:
                return self._email(self._written.email) if self._written.email else _NO_TARGET
            case Kind.APPRISE:
                return self._apprise()

    def _alertmanager(self, written: AlertmanagerConfig) -> Target:
        place = (*self._place, "alertmanager")
        token, _ = self._secrets.one(written.token_file, written.token_env, place, "token")
        password, _ = self._secrets.one(written.password_file, written.password_env, place, "password")
        authorization = None
        if token is not None:
            authorization = f"Bearer {self._conceal(token, (*place, 'token_file'))}"
        elif password is not None and written.username is not None:
            self._conceal(password, (*place, "password_file"))
            encoded = b64encode(f"{written.username}:{password}".encode()).decode("ascii")
            self._concealed.append(SecretText(encoded))
            authorization = f"Basic {encoded}"
        return Alertmanager(written.resolve_after, SecretText(authorization) if authorization else None)

    def _email(self, written: EmailConfig) -> Target:
        place = (*self._place, "email")
        host, port = parse_listen(written.server)
        encryption = written.encryption or (Encryption.TLS if port == TLS_PORT else Encryption.STARTTLS)
        if self._allow is not None:
            encrypted = encryption is not Encryption.OFF
            problem = check_mail_server(host, port, self._allow, encrypted=encrypted)
            if problem is not None:
                self._secrets.wrong((*place, "server"), problem)
        password, named = self._secrets.one(written.password_file, written.password_env, place, "password")
        return Email(
            host=host,
            port=port,
            encryption=encryption,
            sender=written.from_,
            to=written.to,
            username=written.username or "",
            password=None if password is None else self._mail_password(password, written.username or "", named),
        )

    def _mail_password(self, password: str, username: str, place: Place) -> SecretText:
        """It, concealed also as it goes over the wire (AUTH PLAIN, AUTH LOGIN)."""
        sent = (f"\0{username}\0{password}", password)
        self._concealed += [SecretText(b64encode(each.encode()).decode("ascii")) for each in sent]
        return SecretText(self._conceal(password, place))

    def _apprise(self) -> Target:
        text, place = self._secrets.one(self._written.url_file, self._written.url_env, self._place, "url")
        lines = [line.strip() for line in (text or "").splitlines()]
        urls = [line for line in lines if line and not line.startswith("#")]
        # A token may stand where other addresses have their host.
        self._concealed += [SecretText(part) for url in urls for part in (url, url.partition("://")[2])]
        self._concealed += [secret for url in urls for secret in secrets_of_url(url)]
        if text is not None and len(urls) != 1:
            self._secrets.wrong(place, f"{len(urls)} URLs found: one for each receiver, so that each is tried alone")
        return Apprise(SecretText(urls[0] if urls else ""))

    def _conceal(self, secret: str, place: Place) -> str:
        """The same, and never shown. What could end a header's line is refused."""
        if not secret or not secret.isprintable():
            self._secrets.wrong(place, "the secret is empty or holds a line break or control character")
            return ""
        self._concealed.append(SecretText(secret))
        return secret
