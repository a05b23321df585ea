"""Let go bit by bit of a set of topics that a reload replaced.

At once, as when the last who refers to it is done, 225,000 topics would hold up the loop for half a second: freeing a
large container is one step, in which no other thread gets a turn.
"""

import gc
import threading
import weakref
from collections.abc import Iterable

LARGE = 1_000
"""Entries of a container: those of a smaller one take less than a millisecond to free."""

_CONTAINERS = (dict, list, tuple, set, frozenset)
_PLAIN = (str, bytes, int, float)
"""Freed so fast that they may go with their container; the fewer parts, the less the collector has to look through."""

_OURS = ("daemon.", "processors.", "alerts.")


def let_go(whole: object) -> threading.Thread:
    """Free the parts of ``whole`` in a thread of its own, once nobody else refers to ``whole`` any more.

    Until then nothing of it changes: batches in flight keep the set that they began with.
    """
    unused = threading.Event()
    held = weakref.ref(whole, lambda _: unused.set())
    thread = threading.Thread(target=_let_go, args=(held, unused), name="let go", daemon=True)
    thread.start()
    return thread


def _let_go(held: "weakref.ref[object]", unused: threading.Event) -> None:
    parts = parts_of(held())
    unused.wait()
    while parts:
        parts.pop()  # one at a time: others have their turn in between


def parts_of(whole: object) -> list[object]:
    """What stands in the large containers inside ``whole``, then those themselves; nothing where it is gone already.

    To be freed from the end: a container lets go of its entries, which are freed one by one after it.
    """
    parts, large = list[object](), list[object]()
    seen = set[int]()
    waiting = [whole]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, _CONTAINERS) and len(each) > LARGE:
            large.append(each)
            inside = (each, each.values()) if isinstance(each, dict) else (each,)
            parts += [part for some in inside for part in some if type(part) not in _PLAIN]
        elif isinstance(each, _CONTAINERS) or type(each).__module__.startswith(_OURS):
            waiting += _inside(each)
    parts += large
    return parts


def _inside(each: object) -> Iterable[object]:
    return (inner for inner in gc.get_referents(each) if not isinstance(inner, type))
