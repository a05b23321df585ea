"""How every client of ours speaks to Kafka: addresses, TLS, user; and what its errors mean to us."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)

from alerts.errors import Refused, Unavailable
from daemon.config_kafka import KafkaConnectionConfig, TlsConfig
from daemon.config_values import parse_listen

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
    return f"{type(error).__name__}: {error}".removesuffix(": ")


async def refuse_bad_credentials(config: KafkaConnectionConfig, settings: dict[str, Any]) -> None:
    """Say why no broker lets us in, where that is ours to mend: raises ``Refused``. Else it may be the network.

    aiokafka tries one server after the other and says in the end only that none would do.
    """
    for server in config.servers:
        host, port = parse_listen(server)
        how = {key: value for key, value in settings.items() if key not in ("bootstrap_servers", "retry_backoff_ms")}
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                connection = await create_conn(host, port, **how)
                connection.close()
        except REFUSALS as error:
            raise Refused(f"{server} refuses us: {_said(error)}. Look at the user and its password") from error
        except ssl.SSLCertVerificationError as error:
            raise Refused(
                f"the certificate of {server} cannot be trusted: {error.verify_message}. "
                "Set tls.ca_file to the certificates that sign it, and use the name that it was made for"
            ) from error
        except (KafkaError, OSError, TimeoutError):
            continue
