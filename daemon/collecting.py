"""The garbage collector while code and topics are loaded: what is being made is no garbage (some hundred objects of
245,000 with the built-in pack), and to look through it takes longer than to make it. A full collection over 225,000
topics would also hold up everything else for seconds."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_collecting() -> Iterator[None]:
    """Collect nothing meanwhile; what is there at the end is never looked through again (``gc.freeze``).

    It goes all the same when nobody refers to it any more: a set of topics holds no circles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
