"""``rasid tokens``, against a process."""

import asyncio
import json
from pathlib import Path

import pytest

from daemon.access.token import digest_of
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch


def test_a_token_is_shown_once_listed_without_itself_and_revoked(
    tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        create = ["tokens", "create", "page", "--scope", "read", "--scope", "silence", "--days", "30"]
        assert await daemon.command(tmp_path, *create) == 0
        out, err = capsys.readouterr()
        token = out.strip()
        assert token.startswith("rasid_")
        assert "the only time that it is shown: `page`, until 2030-04-16" in err
        (kept,) = await daemon.tokens.all()
        assert kept.digest == digest_of(token)

        assert await daemon.command(tmp_path, *create) == 1
        assert "a token is called `page` already" in capsys.readouterr().err

        assert await daemon.command(tmp_path, "tokens", "list") == 0
        out, _ = capsys.readouterr()
        assert json.loads(out) == {
            "name": "page",
            "scopes": ["read", "silence"],
            "created": "2030-03-17T17:46:40.000Z",
            "created_by": "local",
            "expires": "2030-04-16T17:46:40.000Z",
            "expired": False,
        }
        assert await daemon.command(tmp_path, "tokens", "list", "--format", "table") == 0
        assert capsys.readouterr().out.split() == (
            "page read,silence until 2030-04-16 made 2030-03-17 by local".split()
        )

        assert await daemon.command(tmp_path, "tokens", "revoke", "page") == 0
        assert capsys.readouterr().out == "page revoked\n"
        assert await daemon.command(tmp_path, "tokens", "revoke", "page") == 1
        assert "no token is called `page`" in capsys.readouterr().err
        assert not any(token in str(line) or kept.digest in str(line) for line in daemon.logged)

    runner.run(scenario())


WRONG = [
    (["create", "a b", "--scope", "read"], "name: write letters, digits,"),
    (["create", "page", "--scope", "read", "--days", "4000"], "days: write a whole number from 1 to 3660"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[arguments[1] for arguments, _ in WRONG])
def test_what_cannot_be_meant_is_said(
    tmp_path: Path,
    runner: asyncio.Runner,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    daemon = AskedDaemon(a_watch(tmp_path))
    assert runner.run(daemon.command(tmp_path, "tokens", *arguments)) == 2
    assert said in capsys.readouterr().err
