"""What is new about a story, through the whole daemon, which is killed meanwhile."""

import json
import signal
from pathlib import Path
from typing import Any

from tests.daemon.build import a_line
from tests.end_to_end.daemon import Receiver, append, daemon, receiver, wait_until

BODY = " ".join(f"كلمة{step}رقم" for step in range(40))
TOPICS = "topics:\n  floods: {match: فيضان, updates: {floor: 0s}}\n"


def a_version(number: int, *, killed: int, lang: str = "ar", title: str = "فيضان في بلدة الحجر") -> bytes:
    return a_line(id=f"n-{number}", title=f"{title} ومقتل {killed}", body=BODY, source=f"s{number}", lang=lang)


def notices(hook: Receiver) -> list[tuple[int, str, str | None]]:
    """Number, type and the notice before, of each delivery that came, once."""
    bodies: dict[str, dict[str, Any]] = {webhook_id: json.loads(body) for webhook_id, body in hook.posts}
    told = [(body["data"]["alert"], body["type"]) for body in bodies.values()]
    return [(alert["number"], type_, alert["previous"]) for alert, type_ in told]


def test_updates_come_in_order_once_and_through_a_kill(tmp_path: Path) -> None:
    with receiver() as hook:
        with daemon(tmp_path, hook, topics=TOPICS) as first:
            append(tmp_path, a_version(1, killed=7), a_version(2, killed=7, lang="tr"))
            wait_until(lambda: len(notices(hook)) == 2, "the opening and another language")
            hook.answer = 503
            append(tmp_path, a_version(1, killed=9))
            wait_until(lambda: len(notices(hook)) == 3, "another figure, refused")
            first.stop(signal.SIGKILL)
        hook.answer = 204
        with daemon(tmp_path, hook, topics=TOPICS) as second:
            append(tmp_path, a_version(1, killed=7), a_version(1, killed=9), a_version(2, killed=7, lang="tr"))
            append(tmp_path, a_version(3, killed=9, title="وزارة الري تنفي: فيضان في بلدة الحجر"))
            wait_until(lambda: len(notices(hook)) == 4, "a denial")
            assert second.stop() == 0

    told = notices(hook)
    assert [(number, type_) for number, type_, _ in told] == [
        (1, "alert.opened"),
        (2, "alert.updated"),
        (3, "alert.updated"),
        (4, "alert.corrected"),
    ]
    ids = [json.loads(body)["data"]["alert"]["notice"] for body in dict(hook.posts).values()]
    assert [previous for *_, previous in told] == [None, *ids[:-1]]
    by_id: dict[str, set[bytes]] = {}
    for webhook_id, body in hook.posts:
        by_id.setdefault(webhook_id, set()).add(body)
    assert len(hook.posts) > 4 and all(len(bodies) == 1 for bodies in by_id.values())
