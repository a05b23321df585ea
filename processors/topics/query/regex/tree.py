"""A regular expression as values."""

from collections.abc import Iterator

import msgspec


class Single(msgspec.Struct, frozen=True, gc=False):
    """What matches one character: a letter, a class, the dot. ``re2`` is how RE2 is told."""

    re2: str
    letter: str = ""  # where it is one letter or digit and no other


class Border(msgspec.Struct, frozen=True, gc=False):
    """The place where a word begins or ends (``\\b``), or any other place (``\\B``)."""

    inside: bool


class LineEdge(msgspec.Struct, frozen=True, gc=False):
    """``^`` or ``$``: where a line begins or ends."""

    sign: str


class Part(msgspec.Struct, frozen=True, gc=False):
    """What stands in parentheses; ``any_case`` is what ``(?i: )`` or ``(?-i: )`` say."""

    child: "Regexp"
    any_case: bool | None = None


class Repeated(msgspec.Struct, frozen=True, gc=False):
    """So many times; ``most`` is None where there is no end."""

    child: "Regexp"
    written: str
    least: int
    most: int | None


class Row(msgspec.Struct, frozen=True, gc=False):
    """One after the other."""

    children: tuple["Regexp", ...]


class Choice(msgspec.Struct, frozen=True, gc=False):
    """One of them."""

    children: tuple["Regexp", ...]


Regexp = Single | Border | LineEdge | Part | Repeated | Row | Choice


def every(regexp: Regexp) -> Iterator[Regexp]:
    """The expression and everything inside it."""
    stack: list[Regexp] = [regexp]
    while stack:
        node = stack.pop()
        yield node
        match node:
            case Row() | Choice():
                stack += node.children
            case Part() | Repeated():
                stack.append(node.child)
            case _:
                pass


def may_be_empty(regexp: Regexp) -> bool:
    """Whether it matches where no character is."""
    match regexp:
        case Single():
            return False
        case Border() | LineEdge():
            return True
        case Part():
            return may_be_empty(regexp.child)
        case Repeated():
            return regexp.least == 0 or may_be_empty(regexp.child)
        case Row():
            return all(map(may_be_empty, regexp.children))
        case Choice():
            return any(map(may_be_empty, regexp.children))
