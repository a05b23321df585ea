"""From an id in an alert to every line of the log about it, and back to the article."""

from pathlib import Path

from alerts.dispatch.attempt_line import ids_of
from tests.daemon.build import a_flood
from tests.end_to_end.daemon import append, daemon, receiver, wait_until


def test_lines_of_a_notice_and_of_its_requests_carry_the_same_ids(tmp_path: Path) -> None:
    append(tmp_path, a_flood(1))
    with receiver() as hook, daemon(tmp_path, hook) as running:
        told, attempt = running.event("told"), running.event("delivery_attempt")
        wait_until(lambda: hook.posts, "the delivery")

        assert (told["topic"], told["reason"], told["article"]) == ("floods", "opened", "flood-1")
        assert told["deliveries"] == {"desk": hook.posts[0][0]} == {"desk": attempt["delivery"]}
        assert (attempt["alert"], attempt["story"]) == (told["alert"], told["story"])
        assert (attempt["receiver"], attempt["reply"], attempt["status"], attempt["attempt"]) == (
            "desk",
            "delivered",
            204,
            1,
        )
        assert hook.url not in (tmp_path / "log").read_text()
        assert running.stop() == 0


def test_a_body_about_no_one_alert_names_none() -> None:
    assert ids_of(b'{"type": "system.backlog", "data": {"text": "x"}}') == {}
    assert ids_of(b'{"data": {"alert": {"id": 5}}}') == {}
    assert ids_of(b"no json") == {}
