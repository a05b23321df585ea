"""Standard Webhooks signatures over ``<id>.<timestamp>.<body>``: ``v1`` (HMAC-SHA256) and ``v1a`` (ed25519).

Every live key signs, so that a receiver can change from the old key to the new one in its own time.
A key never shows itself: not in repr, str, errors, logs or copies of a configuration.
"""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

from alerts.senders.ed25519 import Ed25519Key
from processors.errors import InvalidInput, Problem

# The bounds that the Standard Webhooks specification sets for symmetric keys.
MIN_KEY_BYTES, MAX_KEY_BYTES = 24, 64

_REMEDY = "write whsec_ and then 24 to 64 random bytes in base64, for instance from: openssl rand -base64 32"
_REMEDY_PRIVATE = (
    "write whsk_ and then the 32 bytes of an ed25519 key in base64, for instance from: openssl rand -base64 32"
)


class Secret:
    """A signing key that cannot be printed by accident."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def signature(self, message: bytes) -> str:
        """As it stands in the header."""
        return "v1," + b64encode(hmac.digest(self._key, message, hashlib.sha256)).decode("ascii")

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._key, other._key)

    def __hash__(self) -> int:
        # Not of the key: a hash may end up in a log.
        return hash(Secret)

    def __reduce__(self) -> str:
        raise TypeError("a secret must not be pickled")


SigningKey = Secret | Ed25519Key


def sign(secrets: Sequence[SigningKey], webhook_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` header: one signature per key, separated by spaces."""
    message = b"%b.%d.%b" % (webhook_id.encode("ascii"), timestamp, body)
    return " ".join(secret.signature(message) for secret in secrets)


def parse_secrets(text: str, place: str) -> tuple[SigningKey, ...]:
    """The keys of a secret file or variable, one a line; blank lines and ``#`` comments are skipped.

    Raises ``InvalidInput`` listing every bad line of ``place``; it never quotes the key.
    """
    secrets: list[SigningKey] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        read = _parse(written)
        if isinstance(read, str):
            problems.append(Problem(place, number, 0, read))
        else:
            secrets.append(read)
    if not secrets and not problems:
        problems.append(Problem(place, 0, 0, f"no signing key found: {_REMEDY}"))
    if problems:
        raise InvalidInput(problems)
    return tuple(secrets)


def _parse(written: str) -> SigningKey | str:
    kind, _, encoded = written.partition("_")
    if kind == "whpk":
        return f"whpk_ is a public key, for receivers: here stands the private one, whsk_. {_REMEDY_PRIVATE}"
    if kind not in ("whsec", "whsk"):
        return f"a signing key begins with whsec_ or whsk_: {_REMEDY}"
    remedy = _REMEDY if kind == "whsec" else _REMEDY_PRIVATE
    encoded = encoded.rstrip("=")
    try:
        key = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return f"what follows {kind}_ is not base64: {remedy}"
    if kind == "whsk":
        try:
            return Ed25519Key(key)
        except ValueError as error:
            return f"the private key cannot be used, {error}: {remedy}"
    if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
        return f"the signing key has {len(key)} bytes: {remedy}"
    return Secret(key)
