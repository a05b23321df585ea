"""How every client of ours speaks to Kafka: addresses, TLS, user; and what its errors mean to us."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)

from alerts.errors import Refused, Unavailable
from alerts.unreached import unreached_words
from daemon.config.kafka import KafkaConnectionConfig, TlsConfig
from daemon.config.values import parse_listen

REQUEST_SECONDS = 5.0
"""Of one request to a broker. A healthy one answers within milliseconds; a fetch may wait, and waits less than this."""

REFUSALS = (
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
    IllegalSaslStateError,
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
)
"""What waiting does not cure."""


def client_settings(config: KafkaConnectionConfig, password: str | None, client_id: str) -> dict[str, Any]:
    """Keyword arguments of every aiokafka client. Raises ``Refused`` where the TLS files cannot be used."""
    settings: dict[str, Any] = {
        "bootstrap_servers": list(config.servers),
        "client_id": client_id,
        "request_timeout_ms": round(REQUEST_SECONDS * 1000),
        "retry_backoff_ms": 100,
        "security_protocol": ("SASL_" if config.sasl else "") + ("SSL" if config.tls else "PLAINTEXT"),
    }
    if config.tls is not None:
        settings["ssl_context"] = _tls_context(config.tls)
    if config.sasl is not None:
        settings |= {
            "sasl_mechanism": config.sasl.mechanism,
            "sasl_plain_username": config.sasl.username,
            "sasl_plain_password": password or "",
        }
    return settings


def _tls_context(tls: TlsConfig) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if tls.ca_file is None else str(tls.ca_file))
        if tls.cert_file is not None:
            context.load_cert_chain(str(tls.cert_file), None if tls.key_file is None else str(tls.key_file))
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(str(file) for file in (tls.ca_file, tls.cert_file, tls.key_file) if file is not None)
        raise Refused(f"the TLS files of Kafka cannot be used ({files}): {error}. PEM is expected") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def kafka_errors(doing: str) -> Iterator[None]:
    """What Kafka says becomes ``Unavailable`` or ``Refused``; so does a deadline that passed."""
    try:
        yield
    except REFUSALS as error:
        raise Refused(
            f"{doing}: Kafka refuses us: {_said(error)}. Look at the user, its password and its ACLs"
        ) from error
    except (KafkaError, OSError, TimeoutError) as error:
        raise Unavailable(f"{doing}: {_said(error)}") from error


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "Kafka does not answer in time"
    if isinstance(error, OSError) and not isinstance(error, KafkaError):
        return unreached_words(error)
    name, said = type(error).__name__, str(error)
    return said if said.startswith(name) else f"{name}: {said}".removesuffix(": ")  # aiokafka names some itself


async def answering(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings with that server alone that answers first; as they are where there is one, or none answers.

    aiokafka tries one after the other, and one that is silent costs it all the time that a request of ours has.
    """
    servers = settings["bootstrap_servers"]
    if len(servers) == 1:
        return dict(settings)
    greetings = {asyncio.create_task(_greet(server, settings)): server for server in servers}
    try:
        waiting = set(greetings)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if met := [greetings[each] for each in done if each.exception() is None]:
                return {**settings, "bootstrap_servers": met[:1]}
        return dict(settings)
    finally:
        for each in greetings:
            each.cancel()
        await asyncio.gather(*greetings, return_exceptions=True)


async def _greet(server: str, settings: Mapping[str, Any]) -> None:
    """Connect, and be let in. Raises what aiokafka does."""
    host, port = parse_listen(server)
    how = {key: value for key, value in settings.items() if key not in ("bootstrap_servers", "retry_backoff_ms")}
    async with asyncio.timeout(REQUEST_SECONDS):
        (await create_conn(host, port, **how)).close()


async def refuse_bad_credentials(config: KafkaConnectionConfig, settings: dict[str, Any]) -> None:
    """Say why no broker lets us in, where that is ours to mend: raises ``Refused``. Else it may be the network:
    ``Unavailable``, with what each of them did. Returns where one does let us in.

    aiokafka tries one server after the other and says in the end only that none would do.
    """
    greetings = [_greet(server, settings) for server in config.servers]
    errors = await asyncio.gather(*greetings, return_exceptions=True)  # all at once: none waits for another
    met = dict(zip(config.servers, errors, strict=True))
    for server, error in met.items():
        if isinstance(error, REFUSALS):
            raise Refused(f"{server} refuses us: {_said(error)}. Look at the user and its password") from error
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Refused(
                f"the certificate of {server} cannot be trusted: {error.verify_message}. "
                "Set tls.ca_file to the certificates that sign it, and use the name that it was made for"
            ) from error
        if error is not None and not isinstance(error, KafkaError | OSError | TimeoutError):
            raise error
    if None not in errors:
        raise Unavailable("no broker lets us in: " + "; ".join(_what_it_did(*each, config) for each in met.items()))


def _what_it_did(server: str, error: BaseException | None, config: KafkaConnectionConfig) -> str:
    said = f"{server}: {_said(error)}" if error is not None else server
    if isinstance(error, KafkaConnectionError | ConnectionResetError | ssl.SSLError):  # it is there, and hangs up
        return f"{said} (is that a listener of Kafka {'with' if config.tls else 'without'} TLS?)"
    return said
