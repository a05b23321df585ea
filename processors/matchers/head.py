"""A form as it is filed: under one of its words, with what must be true of the others before it is tried at a place."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from processors.matchers.anchor import TELLING_LETTERS, Word, anchor
from processors.matchers.forms import Form
from processors.matchers.particles import Edge
from processors.normalize.code_page import encode_folded


class Head(msgspec.Struct, frozen=True, gc=False):
    """Where and how one form is filed. Letters are bytes, as the text's are."""

    form: Form
    anchor: int  # number of the word that it is filed under
    inside: int  # where in that word the letters begin that it is filed under (the ف of أ.ف.ب)
    signs: int  # signs in front of the anchor's letters: the @ of a handle
    word: bytes  # the anchor's letters where signs are among them, else empty
    beside: bytes  # a word of the text as it is written, or empty: quicker to see than
    needs: tuple[bytes, ...]  # all of these, which are in the text, runs of spaces taken as one


class Heads:
    """Files forms. ``uses`` counts the words of all of them, each of which is put into bytes once."""

    def __init__(self, uses: Counter[Word]) -> None:
        self._uses = uses
        self._letters = {word: encode_folded(word) for word, _ in uses}

    def head_of(self, form: Form, words: Sequence[Word]) -> tuple[bytes, Edge, Head]:
        """The letters to file a form of these ``words`` under, how the word that they end may go on, and the rest."""
        number = anchor(form, words, self._uses)
        written, edge = words[number]
        letters = self._letters[written]
        word = letters.strip()
        signs = len(letters) - len(letters.lstrip())
        if b" " in word:
            return self._parted(form, words, number, word, signs)
        if len(words) == 1:
            return word, edge, Head(form, 0, 0, signs, b"", b"", ())
        return word, edge, Head(form, number, 0, signs, b"", self._beside(words, number), self._needs(form, words))

    def _parted(
        self, form: Form, words: Sequence[Word], number: int, word: bytes, signs: int
    ) -> tuple[bytes, Edge, Head]:
        """The same of an anchor with signs among its letters: it is filed under the longest run of them."""
        parts = word.split()
        found_by = max(parts, key=len)
        inside = word.find(found_by)
        last = found_by is parts[-1] and word.endswith(found_by, inside) and inside + len(found_by) == len(word)
        head = Head(form, number, inside, signs, word, self._beside(words, number), self._needs(form, words))
        return found_by, words[number][1] if last else Edge.WHOLE, head

    def _beside(self, words: Sequence[Word], anchor: int) -> bytes:
        """A long word of a phrase, not its first, that stands in it without particles or suffixes."""
        longest = b""
        for number in range(1, len(words)):
            word, edge = words[number]
            if number != anchor and edge is Edge.WHOLE:
                letters = self._letters[word]
                if len(letters) > len(longest) and b" " not in letters:
                    longest = letters
        return longest

    def _needs(self, form: Form, words: Sequence[Word]) -> tuple[bytes, ...]:
        """The whole form; with other words between, each word that tells anything."""
        letters = [self._letters[word] for word, _ in words]
        if form.slop:
            whole = (b" ".join(word.split()) for word in letters[1:])
            return tuple(dict.fromkeys(word for word in whole if len(word) >= TELLING_LETTERS))
        joined = b" ".join(b" ".join(letters).split())
        if b" " not in joined:
            return ()
        return (joined + b" ",) if words[-1][1] is Edge.WHOLE else (joined,)
