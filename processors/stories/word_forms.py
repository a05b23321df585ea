"""What a folded word says wherever it stands: the key that its forms have in common, and the code of a name. Pure."""

import zlib

import msgspec

from processors.remembered import Remembered
from processors.stories.name_codes import MIN_CODE, code_of
from processors.stories.telling_words import COMMON_WORDS, LONGEST, is_number, key_of


class WordForm(msgspec.Struct, frozen=True, gc=False):
    """Of one word that may tell an event. Checksums are ``checksum`` of the keys."""

    key: str
    checksum: int
    number: bool
    code: str  # as a key, "" where the word cannot be a name or too little is left of it
    code_checksum: int


def checksum(key: str) -> int:
    """32 bits of a key, the same everywhere: its bucket of rarity, its hash in rows and its mark are taken from it."""
    return zlib.crc32(key.encode("utf-8", "surrogatepass"))


def _form_of(word: str) -> WordForm | None:
    if len(word) == 1 or word in COMMON_WORDS:
        return None
    key, number = key_of(word), is_number(word)
    code = "" if number or len(word) < MIN_CODE else code_of(word)
    code = f"~{code}" if code else ""
    return WordForm(key, checksum(key), number, code, checksum(code))


FORMS: Remembered[str, WordForm | None] = Remembered(_form_of, most=1 << 15, longest=LONGEST)
"""Every word's, None where it tells nothing: a common one, a single letter or digit. Some 400 bytes each."""
