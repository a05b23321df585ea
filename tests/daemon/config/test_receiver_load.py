"""Receivers of every type in a configuration: what each needs, what it may not have, where its secrets stand."""

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.secret_text import redacted
from alerts.target import Encryption, Slack
from daemon.config.load import load_config
from daemon.watch import load_watch
from processors.errors import InvalidInput
from tests.daemon.build import SECRET, write_config

HOOK = "https://hooks.slack.com/services/T000AAAA1/B000BBBB2/canary7canary"


SERVICES = {"TWO": "json://a.example/\njson://canary7canary/\n"}


def loaded(folder: Path, receiver: dict[str, Any], **files: str) -> Any:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = write_config(folder, receivers=[{"name": "r", **receiver}])
    return load_config(path, {"HOOK": HOOK, "SECRET": SECRET, **SERVICES}).receivers["r"]


def test_the_address_of_a_chat_comes_from_a_file_or_a_variable(tmp_path: Path) -> None:
    written = {"type": "slack", "locale": "ar", "timezone": "Africa/Cairo"}
    receiver = loaded(tmp_path, written | {"url_file": "hook"}, hook=HOOK + "\n")

    assert receiver.url == loaded(tmp_path, written | {"url_env": "HOOK"}).url == HOOK
    assert receiver.target == Slack() and receiver.style.locale == "ar"
    assert "canary" not in repr(receiver)


MAIL = {"server": "mail.example.org:587", "from": "Rasid <rasid@n.example>", "to": ["desk@n.example"]}


def test_a_mail_server_is_called_as_its_port_says(tmp_path: Path) -> None:
    receiver = loaded(tmp_path, {"type": "email", "email": MAIL})
    other = loaded(tmp_path, {"type": "email", "email": MAIL | {"server": "mail.example.org:465"}})

    assert (receiver.target.host, receiver.target.port) == ("mail.example.org", 587)
    assert (receiver.target.encryption, other.target.encryption) == (Encryption.STARTTLS, Encryption.TLS)


def test_a_password_is_known_and_shown_nowhere_also_as_it_goes_over_the_wire(tmp_path: Path) -> None:
    written = {"type": "email", "email": MAIL | {"username": "rasid", "password_file": "word"}}
    receiver = loaded(tmp_path, written, word="canary-word\n")

    assert receiver.target.password.reveal() == "canary-word"
    assert "canary" not in repr(receiver)
    assert redacted(b64encode(b"\0rasid\0canary-word").decode(), receiver.concealed) == "***"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ({"token_file": "word"}, "Bearer canary-word"),
        ({"username": "rasid", "password_file": "word"}, f"Basic {b64encode(b'rasid:canary-word').decode()}"),
    ],
)
def test_an_alertmanager_behind_a_proxy_is_shown_who_asks(written: dict[str, str], sent: str, tmp_path: Path) -> None:
    receiver = loaded(
        tmp_path,
        {
            "type": "alertmanager",
            "url": "https://am.example/alerts/",
            "alertmanager": written | {"resolve_after": "1h"},
        },
        word="canary-word\n",
    )

    assert receiver.target.authorization.reveal() == sent
    assert receiver.target.resolve_after == timedelta(hours=1)
    assert "canary" not in redacted(sent, receiver.concealed) + repr(receiver)


def email(**changes: Any) -> dict[str, Any]:
    return {"type": "email", "email": MAIL | changes}


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("no type", {"type": "slak", "url_env": "HOOK"}, "Input should be"),
    ("a chat's address in the file", {"type": "slack", "url": HOOK}, "is a secret: put it into url_file or url_env"),
    ("a chat without", {"type": "slack"}, "of type slack needs url_file or url_env"),
    ("a chat with two", {"type": "slack", "url_env": "HOOK", "url_file": "x"}, "has one of url_file or url_env"),
    ("a chat with a key", {"type": "slack", "url_env": "HOOK", "secret_env": "SECRET"}, "secret_env: not for"),
    ("a webhook without key", {"url": "https://e.org/"}, "of type webhook needs secret_file or secret_env"),
    ("a webhook without url", {"secret_env": "SECRET"}, "of type webhook needs url or url_file or url_env"),
    ("a language", {"type": "slack", "url_env": "HOOK", "locale": "de"}, "`de` is none of our languages"),
    ("a zone", {"type": "slack", "url_env": "HOOK", "timezone": "Cairo"}, "write one like Africa/Cairo"),
    ("mail without a port", email(server="mail.example.org"), "is no mail server: write host:port"),
    ("mail to a private place", email(server="10.0.0.1:587"), "must not be called (private)"),
    ("mail on an odd port", email(server="mail.example.org:6379"), "port 6379 is not one of 25 and 465"),
    ("mail in the clear", email(encryption="off"), "use encryption: starttls"),
    ("mail to a number", email(server="2130706433:587"), "is a number, not a name"),
    ("mail from nobody", email(**{"from": "desk"}), "is no mail address"),
    ("mail to nobody", email(to=[]), "name at least one"),
    ("mail to a line more", email(to=["a@n.example\nBcc: b@n.example"]), "is no mail address"),
    ("mail to two in one", email(to=["a@n.example, b@n.example"]), "is no mail address"),
    ("mail with half a login", email(username="rasid"), "give username together with"),
    ("mail without a section", {"type": "email"}, "of type email needs email"),
    ("mail with a url", email() | {"url": "https://e.org/"}, "url: not for a receiver of type email"),
    ("two services in one", {"type": "apprise", "url_env": "TWO"}, "2 URLs found: one for each receiver"),
    ("a service's address in the file", {"type": "apprise", "url": "json://x/"}, "is a secret"),
    ("an alertmanager inside", {"type": "alertmanager", "url": "http://127.0.0.1:9093"}, "must not be called"),
    ("an alertmanager without", {"type": "alertmanager"}, "needs url or url_file"),
    (
        "an alertmanager with two logins",
        {"type": "alertmanager", "url": "https://e.org/", "alertmanager": {"token_env": "HOOK", "username": "u"}},
        "or one of token_file, token_env",
    ),
    ("a zone outside", {"type": "slack", "url_env": "HOOK", "timezone": "../etc/passwd"}, "is no time zone"),
]


@pytest.mark.parametrize(("name", "written", "says"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    name: str, written: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, written)

    (problem,) = caught.value.problems
    assert says in problem.message and problem.line > 1
    assert "canary" not in str(problem)


@pytest.mark.parametrize(
    "url", ["http://e.org/canary7canary", "https://u:canary7canary@e.org/", "https://1/canary7canary"]
)
def test_what_is_wrong_with_a_secret_address_is_told_without_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, {"type": "slack", "url_file": "hook"}, hook=url)

    assert "canary" not in str(caught.value) and "url_file" not in str(caught.value.problems[0].message)


def test_a_service_that_apprise_does_not_know_is_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "service").write_text("nothing://canary7canary", encoding="utf-8")
    written = [{"name": "r", "type": "apprise", "url_file": "service"}]

    with pytest.raises(InvalidInput) as caught:
        load_watch(write_config(tmp_path, receivers=written))

    (problem,) = caught.value.problems
    assert "Apprise knows no service" in problem.message and problem.line > 1
    assert "canary" not in str(problem)
