"""When a story that goes on is told again, although nothing is new about it (``repeat_interval``). Pure.

Alertmanager sends a notification again after the interval if the alert is still active, and holds an alert to be active
while its sender goes on sending it. What sends a story is its articles: it is active when another of them comes. So the
first article that comes an interval or more after a receiver was last told anything of the alert tells it again, and a
story of which nothing comes any more is over by itself. What is read an interval late or more repeats nothing: after a
standstill a story is told again once, by what came last, and not once for each interval of the standstill.
"""


def repeat_key(repeat_ms: int, told_ms: int, arrival_ms: int, now_ms: int) -> str:
    """What names the notice that an article of that arrival repeats the alert with; "" where it does not.

    ``told_ms`` is the arrival of that with which the receiver was last told of it. The name is the interval and its
    number since 1970: no two repeats to one receiver are less than an interval apart, so none share one, and an article
    that is read again gives the same.
    """
    if not repeat_ms or arrival_ms - told_ms < repeat_ms or now_ms - arrival_ms >= repeat_ms:
        return ""
    return f"{repeat_ms // 1000}/{arrival_ms // repeat_ms}"
