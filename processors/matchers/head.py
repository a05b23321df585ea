"""A form as it is filed: under one of its words, with what must be true of the others before it is tried at a place."""

from collections import Counter
from typing import NamedTuple

from processors.matchers.anchor import TELLING_LETTERS, Word, anchor
from processors.matchers.forms import Form
from processors.matchers.particles import Edge
from processors.normalize.code_page import encode_folded


class Head(NamedTuple):
    """Where and how one form is filed. Letters are bytes, as the text's are."""

    form: Form
    anchor: int  # number of the word that it is filed under
    inside: int  # where in that word the letters begin that it is filed under (the ف of أ.ف.ب)
    signs: int  # signs in front of the anchor's letters: the @ of a handle
    word: bytes  # the anchor's letters where signs are among them, else empty
    beside: bytes  # a word of the text as it is written, or empty: quicker to see than
    needs: tuple[bytes, ...]  # all of these, which are in the text, runs of spaces taken as one


def head_of(form: Form, uses: Counter[Word]) -> tuple[bytes, Edge, Head]:
    """The letters to file a form under, how the word that they end may go on, and the rest."""
    number = anchor(form, uses)
    written, edge = form.words[number]
    letters = encode_folded(written)
    signs = len(letters) - len(letters.lstrip())
    word = letters.strip()
    if b" " not in word:
        return word, edge, Head(form, number, 0, signs, b"", _beside(form, number), _needs(form))
    parts = word.split()
    found_by = max(parts, key=len)
    inside = word.find(found_by)
    last = found_by is parts[-1] and word.endswith(found_by, inside) and inside + len(found_by) == len(word)
    return (
        found_by,
        edge if last else Edge.WHOLE,
        Head(form, number, inside, signs, word, _beside(form, number), _needs(form)),
    )


def _beside(form: Form, anchor: int) -> bytes:
    """A long word of a phrase that stands in it without particles or suffixes."""
    words = (
        encode_folded(word)
        for number, (word, edge) in enumerate(form.rest, 1)
        if edge is Edge.WHOLE and number != anchor
    )
    return max((letters for letters in words if b" " not in letters), key=len, default=b"")


def _needs(form: Form) -> tuple[bytes, ...]:
    """The whole form; with other words between, each word that tells anything."""
    letters = [b" ".join(encode_folded(word).split()) for word, _ in form.words]
    if form.slop:
        return tuple(dict.fromkeys(word for word in letters[1:] if len(word) >= TELLING_LETTERS))
    whole = b" ".join(letters)
    if b" " not in whole:
        return ()
    return (whole + b" ",) if form.words[-1][1] is Edge.WHOLE else (whole,)
