"""An article of a story as histories publish it, and one topic that watches for such."""

import json
from functools import cache
from pathlib import Path

from daemon.watch import Watch, load_watch

EVENT_TIME = "2026-11-20T10:00:00+00:00"


def article_of(story: int, copy: int, marks: str = "علامة", *, lang: str = "", killed: int = 0) -> bytes:
    """An article of a story: 40 words of its own, so that its copies join it and nothing else does.

    ``marks`` are the words that topics look for: "mark", unless told otherwise. Its headline says how many were
    ``killed``, if any.
    """
    words = " ".join(f"كلمة{story}س{number}ع" for number in range(40))
    return json.dumps(
        {
            "id": f"{story}-{copy}",
            "title": f"عنوان القصة {story}" + (f": مقتل {killed} شخصا" if killed else ""),
            "body": f"{marks} {words}",
            "source": f"outlet{copy % 3}",
            "published_at": EVENT_TIME,
            **({"lang": lang} if lang else {}),
        }
    ).encode()


@cache
def watch_of(folder: Path, route: str = '{"receiver": "desk"}') -> Watch:
    """One topic, one receiver, the route in JSON; what an article says is found out once."""
    (folder / "secret").write_text("whsec_c2ltdWxhdGlvbiBzZWNyZXQgMDEyMzQ1Njc=\n")
    (folder / "topics.yaml").write_text("topics:\n  marked: {match: علامة}\n", encoding="utf-8")
    (folder / "rasid.yaml").write_text(
        json.dumps(
            {
                "name": "simulation",
                "state_dir": "state",
                "sources": [{"file": {"path": "x", "follow": True}}],
                "topics": ["topics.yaml"],
                "receivers": [
                    {"name": "desk", "type": "webhook", "url": "https://example.org/", "secret_file": "secret"}
                ],
                "route": json.loads(route),
            }
        )
    )
    watch = load_watch(folder / "rasid.yaml")
    watch.watchlist.match_text = cache(watch.watchlist.match_text)  # type: ignore[method-assign]
    return watch
