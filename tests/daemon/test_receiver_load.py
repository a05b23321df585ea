"""Receivers of every type in a configuration: what each needs, what it may not have, where its secrets stand."""

from pathlib import Path
from typing import Any

import pytest

from alerts.target import Slack
from daemon.config_load import load_config
from processors.errors import InvalidInput
from tests.daemon.build import SECRET, write_config

HOOK = "https://hooks.slack.com/services/T000AAAA1/B000BBBB2/canary7canary"


def loaded(folder: Path, receiver: dict[str, Any], **files: str) -> Any:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = write_config(folder, receivers=[{"name": "r", **receiver}])
    return load_config(path, {"HOOK": HOOK, "SECRET": SECRET}).receivers["r"]


def test_the_address_of_a_chat_comes_from_a_file_or_a_variable(tmp_path: Path) -> None:
    written = {"type": "slack", "locale": "ar", "timezone": "Africa/Cairo"}
    receiver = loaded(tmp_path, written | {"url_file": "hook"}, hook=HOOK + "\n")

    assert receiver.url == loaded(tmp_path, written | {"url_env": "HOOK"}).url == HOOK
    assert receiver.target == Slack() and receiver.style.locale == "ar"
    assert "canary" not in repr(receiver)


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
