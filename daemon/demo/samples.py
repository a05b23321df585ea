"""The articles of the demo, made to look fresh. All of them are invented, and so are the outlets. Pure."""

import json
from datetime import datetime, timedelta
from importlib.resources import files


def sample_text() -> str:
    """``articles.jsonl`` as it ships: one article a line, a few of them unreadable on purpose."""
    return files("daemon.demo").joinpath("articles.jsonl").read_text(encoding="utf-8")


def sample_lines(text: str, now: datetime) -> list[bytes]:
    """Each line with ``minutes_ago`` replaced by a time before ``now``; what is not JSON stays as it is."""
    return [_fresh(line, now) for line in text.splitlines() if line.strip()]


def _fresh(line: str, now: datetime) -> bytes:
    try:
        article = json.loads(line)
    except ValueError:
        return line.encode()
    if "minutes_ago" in article:
        published = now - timedelta(minutes=article.pop("minutes_ago"))
        article["published_at"] = published.isoformat(timespec="seconds")
    return json.dumps(article, ensure_ascii=False).encode()
