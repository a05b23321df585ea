"""Ids are computed, never drawn: the same thing gets the same id on every machine and after every crash."""

from hashlib import blake2b

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
# Two letters at once: the standard library takes four times as long, and an alert has a dozen ids.
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(120, -1, -10)


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
    bits = int.from_bytes(state.digest(), "big") << 2  # 130 bits: 26 letters of 5
    return "".join([_PAIRS[bits >> shift & 0x3FF] for shift in _SHIFTS])


def story_id(name: str, founding_article: str) -> str:
    """The story that ``founding_article`` began, under the daemon's configured ``name``."""
    return digest("story", name, founding_article)
