"""The articles of a history, and the one topic that watches for them."""

import json
from functools import cache
from pathlib import Path

from daemon.watch import Watch, load_watch
from processors.model import Article, Verdict

EVENT_TIME = "2026-11-20T10:00:00+00:00"


def article_of(story: int, copy: int) -> bytes:
    """An article of a story: 40 words of its own, so that its copies join it and nothing else does."""
    words = " ".join(f"كلمة{story}س{number}ع" for number in range(40))
    return json.dumps(
        {
            "id": f"{story}-{copy}",
            "title": f"عنوان القصة {story}",
            "body": f"علامة {words}",
            "source": f"outlet{copy % 3}",
            "published_at": EVENT_TIME,
        }
    ).encode()


UNWATCHED = json.dumps({"id": "none", "title": "لا شيء", "body": "خبر عن الطقس"}).encode()


@cache
def watch_of(folder: Path) -> Watch:
    """One topic, one receiver; what an article says is found out once."""
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
                "route": {"receiver": "desk"},
            }
        )
    )
    watch, _ = load_watch(folder / "rasid.yaml")
    real_match = watch.watchlist.match
    seen: dict[str, tuple[Verdict, ...]] = {}

    def match(article: Article) -> tuple[Verdict, ...]:
        if article.id not in seen:
            seen[article.id] = real_match(article)
        return seen[article.id]

    watch.watchlist.match = match  # type: ignore[method-assign]  # the same answers, faster
    return watch
