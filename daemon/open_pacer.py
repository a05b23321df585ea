"""What tells groups when they are due, wired to the memory of stories."""

from collections.abc import Callable, Mapping
from typing import Any

from alerts.digest import Weight
from alerts.grouped import Observer, Teller
from alerts.outbox.outbox import Outbox
from alerts.pacer import Pacer
from daemon.history.past import Past


def open_pacer(
    outbox: Outbox,
    past: Past | None,
    observer: Observer,
    log: Any,
    now_ms: Callable[[], int],
    told: Callable[[], None],
) -> tuple[Teller, Pacer]:
    """Who tells, and the loop that does. ``told`` is called when something became ready."""

    async def weigh(stories: Mapping[str, int]) -> Mapping[str, Weight]:
        rows = await past.story_rows(stories) if past is not None and stories else {}
        return {story: Weight(row.articles, row.independent_sources) for story, row in rows.items()}

    teller = Teller(outbox, weigh=weigh, observer=observer)
    return teller, Pacer(teller, log=log, now_ms=now_ms, told=told)
