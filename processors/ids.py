"""Ids are computed, never drawn: the same thing gets the same id on every machine and after every crash."""

from base64 import b32encode
from hashlib import blake2b


def digest(*parts: str) -> str:
    """H: 128 bits of a keyless hash over ``parts`` as 26 lower-case base32 characters.

    Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ. Lone surrogates are
    hashed too: an id must never fail.
    """
    state = blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        state.update(len(encoded).to_bytes(8, "big"))
        state.update(encoded)
    return b32encode(state.digest()).decode("ascii").rstrip("=").lower()


def story_id(name: str, founding_article: str) -> str:
    """The story that ``founding_article`` began, under the daemon's configured ``name``."""
    return digest("story", name, founding_article)
