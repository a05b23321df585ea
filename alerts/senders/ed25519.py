"""Asymmetric webhook signatures: ``v1a``, ed25519, so that whoever verifies alerts cannot forge them.

The key is written as Standard Webhooks writes it: ``whsk_`` and the base64 of the 32 bytes of the private key, or of
those followed by the 32 of the public one; receivers get ``whpk_`` and the base64 of the public key.
"""

import hmac
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

SEED_BYTES = 32
"""Of a private key, and of a public one (RFC 8032, 5.1.5)."""


class Ed25519Key:
    """A private key that cannot be printed by accident. ``ValueError`` says what is wrong with the bytes."""

    __slots__ = ("_key", "_public")

    def __init__(self, key: bytes) -> None:
        # Read when there is such a key: it takes 50 ms, and most have none.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if len(key) not in (SEED_BYTES, 2 * SEED_BYTES):
            raise ValueError(f"it has {len(key)} bytes, not {SEED_BYTES} or {2 * SEED_BYTES}")
        self._key: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(key[:SEED_BYTES])
        self._public = self._key.public_key().public_bytes_raw()
        if len(key) > SEED_BYTES and not hmac.compare_digest(self._public, key[SEED_BYTES:]):
            raise ValueError("its second half is not the public key of its first")

    def signature(self, message: bytes) -> str:
        """As it stands in the header."""
        return "v1a," + b64encode(self._key.sign(message)).decode("ascii")

    @property
    def public(self) -> str:
        """What receivers verify with: ``whpk_…``."""
        return "whpk_" + b64encode(self._public).decode("ascii")

    def __repr__(self) -> str:
        return "Ed25519Key(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ed25519Key) and self._public == other._public

    def __hash__(self) -> int:
        return hash(self._public)

    def __reduce__(self) -> str:
        raise TypeError("a secret must not be pickled")
