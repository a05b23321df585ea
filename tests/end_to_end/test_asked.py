"""What a running daemon answers about its past, asked as a desk asks it."""

import json
from pathlib import Path
from typing import Any

from tests.daemon.build import a_line, quiet
from tests.end_to_end.daemon import append, daemon, rasid, receiver, wait_until

TEXT = " ".join(f"كلمة{number}" for number in range(60))
TOPICS = """\
topics:
  floods: {match: فيضان}
  cities: {match: فيضان SENTENCE مدينة}
"""


def ask(folder: Path, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """``rasid`` with these arguments beside the daemon; its exit status and the lines that it printed."""
    run = rasid(folder, *arguments)
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def test_a_daemon_says_what_became_of_each_article_also_after_a_restart(tmp_path: Path) -> None:
    articles = [
        a_line(id="first", title="فيضان في الوادي", body=TEXT, source="وكالة"),
        a_line(id="copy", title="فيضان كبير", body=TEXT, source="صحيفة"),
        a_line(id="apart", title="خبر", body="وقع فيضان أمس. وصل الوزير إلى مدينة أخرى."),
        quiet(1),
        b'{"id": "wrong", "title": 7}',
    ]
    with receiver() as hook:
        with daemon(tmp_path, hook, topics=TOPICS) as running:
            running.event("ready")
            append(tmp_path, *articles)
            wait_until(lambda: len(hook.posts) == 2, "both alerts")
            assert running.stop() == 0
        with daemon(tmp_path, hook, topics=TOPICS) as running:
            running.event("ready")
            status, stories = ask(tmp_path, "stories", "list", "--topic", "floods")
            assert (status, [each["articles"] for each in stories]) == (0, [1, 2])
            status, (story,) = ask(tmp_path, "stories", "show", stories[1]["story"][:6])
            assert [(each["article"], each["relation"]) for each in story["timeline"]] == [
                ("first", "new"),
                ("copy", "copy"),
            ]
            assert [each["state"] for each in story["notices"][0]["receivers"]] == ["delivered"]
            told = {article: ask(tmp_path, "why", topic, article) for topic, article in ASKED}

    assert {article: (status, answer["answer"]) for article, (status, (answer,)) in told.items()} == {
        "first": (0, "alerted"),
        "copy": (0, "repeat"),
        "apart": (0, "near_miss"),
        "quiet-1": (0, "not_concerned"),
        "wrong": (0, "invalid"),
        "nowhere": (1, "never_seen"),
    }


ASKED = [
    ("floods", "first"),
    ("floods", "copy"),
    ("cities", "apart"),
    ("floods", "quiet-1"),
    ("floods", "wrong"),
    ("floods", "nowhere"),
]
