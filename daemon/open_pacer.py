"""What tells groups when they are due, wired to the memory of stories."""

from collections.abc import Callable, Mapping
from typing import Any

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.grouped import Observer, Teller
from alerts.dispatch.pacer import Pacer
from alerts.notices.digest import Weight
from alerts.outbox.outbox import Outbox
from daemon.history.past import Past


def open_pacer(
    outbox: Outbox,
    past: Past | None,
    dispatcher: Dispatcher,
    observer: Observer,
    log: Any,
    now_ms: Callable[[], int],
) -> tuple[Teller, Pacer]:
    """Who tells, and the loop that does. The dispatcher is woken when something became ready; its silences hold."""

    async def weigh(stories: Mapping[str, int]) -> Mapping[str, Weight]:
        rows = await past.story_rows(stories) if past is not None and stories else {}
        return {story: Weight(row.articles, row.independent_sources) for story, row in rows.items()}

    teller = Teller(outbox, weigh=weigh, observer=observer, silences=dispatcher.silences)
    return teller, Pacer(teller, log=log, now_ms=now_ms, told=dispatcher.wake.set)
