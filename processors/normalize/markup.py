"""What HTML inside a text stands for: tags are nothing or a break, entities are characters.

No parser: feeds carry broken, unclosed and nested-to-death markup, and every token here is read in time linear in its
length. A ``<`` that opens no tag is text.
"""

import html
import re

# A tag may not hold < or > in its attributes: that keeps reading linear, and costs at most a stray fragment.
TAG = r"<(?:!--|[/!?]?[a-zA-Z][^<>]*>)"
# Named entities need their semicolon: addresses are full of ``&copy=``.
ENTITY = r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)"

_NAME = re.compile(r"<[/!?]?([a-zA-Z][a-zA-Z0-9]*)")
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre section summary table tbody tfoot "
    "thead title tr ul".split()
)
_CELLS = frozenset(("td", "th", "img", "button", "input", "iframe", "video", "audio"))
_UNREAD = frozenset(("script", "style", "noscript", "template", "svg"))
# Paragraphs are told by tags here, so that a single line break is white space, as browsers read it. Line breaks mean
# what they say where tags only mark up words (<b>, <a>), and in <pre>.
_LAID_OUT = re.compile(r"<(?:p|br|div|li|td)\b", re.IGNORECASE)
_AS_TYPED = re.compile(r"<(?:pre|textarea)\b", re.IGNORECASE)
_LONE_BREAK = re.compile(r"\r?\n(?![^\S\n]*\n)")


def without_source_lines(source: str) -> str:
    """``source``, which holds markup, with spaces for the line breaks that only wrap its lines; of the same length."""
    if "\n" not in source or not _LAID_OUT.search(source) or _AS_TYPED.search(source):
        return source
    return _LONE_BREAK.sub(lambda found: " " * len(found[0]), source)


class MarkupReader:
    """Resolves the tokens of one text, left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lowered = ""
        self._unclosed: set[str] = set()  # closers that do not occur any more: never searched again

    def tag(self, start: int, end: int) -> tuple[str, int]:
        """What the tag at ``[start:end]`` reads as, and where reading goes on."""
        tag = self._source[start:end]
        if tag == "<!--":
            return "", self._after("-->", end)
        named = _NAME.match(tag)
        name = named[1].lower() if named else ""
        if name in _UNREAD and tag[1] != "/" and not tag.endswith("/>"):
            after = self._after(f"</{name}", end)
            if after > end:
                closed = self._source.find(">", after)
                return "\n", closed + 1 if closed >= 0 else after
        if name in _BLOCKS:
            return "\n", end
        return (" " if name in _CELLS else ""), end

    def _after(self, closer: str, start: int) -> int:
        if closer in self._unclosed:
            return start
        self._lowered = self._lowered or _ascii_lower(self._source)
        found = self._lowered.find(closer, start)
        if found < 0:
            self._unclosed.add(closer)
            return start
        return found + len(closer)


def _ascii_lower(source: str) -> str:
    # str.lower may change the length (İ), and positions must stay.
    lowered = source.lower()
    return lowered if len(lowered) == len(source) else source


def entity(token: str) -> str:
    """The characters that ``token`` (``&amp;``, ``&#1605;``) stands for."""
    return html.unescape(token)
