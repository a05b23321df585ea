"""What people give a command by mistake: it says what is wrong, where, and what to do, and its status says so too."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from daemon.cli.main import main
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_line, a_watch, write_config

FOLDER = "it is a folder: name the files in it"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int) -> Path:
    """A desk's folder, with a daemon that does not run."""
    monkeypatch.chdir(tmp_path)
    write_config(tmp_path, http={"listen": f"127.0.0.1:{free_port}"})
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "a.jsonl").write_bytes(a_line(id="a", title="فيضان") + b"\n")
    return tmp_path


C = ("-c", "rasid.yaml")
T = ("-t", "topics.yaml")


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("run", "-c", "absent.yaml"), 2, "absent.yaml: cannot be read: No such file or directory"),
        (("check", "-c", "folder"), 2, "folder: cannot be read: it is no regular file"),
        (("check", "-c", "empty"), 2, "empty:1:1: `state_dir` is missing"),
        (("check", "-t", "empty"), 2, "empty: is empty: write it anew, or delete it"),
        (("check", "-t", "folder"), 0, "folder: no topic and no list is in it (warning)"),
        (("lint", "-t", "folder"), 0, "no topic and no list is in folder (of a folder, .yaml and .yml are read)"),
        (("match", *T, "absent.jsonl"), 2, "absent.jsonl: cannot be read: No such file or directory"),
        (("match", *T, "folder"), 2, f"folder: cannot be read: {FOLDER}"),
        (("explain", *T, "floods", "folder"), 2, f"folder: cannot be read: {FOLDER}"),
        (("explain", *T, "floods", "empty"), 2, "empty: no article is in it: it is empty"),
        (("explain", *T, "flods", "a.jsonl"), 2, "no topic is called flods, did you mean `floods`?"),
        (("route", *C, "empty"), 2, "rasid route: empty: no article is in it"),
        (("route", *C, "topic=flods"), 2, "no topic that is watched is called `flods`, did you mean `floods`?"),
        (("backtest", *T, "a.jsonl", "--html", "folder"), 2, "folder: it is a folder: name a file in it"),
        (("backtest", *T, "a.jsonl", "--html", "no/page.html"), 2, "there is no such folder: make it first"),
        (("backtest", *T, "a.jsonl", "--from", "tomorrow"), 2, "--from tomorrow: write a day like 2026-03-31"),
        (("backtest", *T, "a.jsonl", "--most", "-3"), 2, "--most is a number of alerts: 0 or more"),
        (("deliveries", "list", *C, "--since", "tomorrow"), 2, "'tomorrow' is no time: write 6h or 2d, 2026-11-24"),
        (
            ("reconcile", *C, "--receiver", "desk", "--since", "1d", "absent"),
            2,
            "reconcile: absent: cannot be read: No",
        ),
        (("reconcile", *C, "--receiver", "desk", "--since", "1d", "folder"), 2, f"folder: cannot be read: {FOLDER}"),
        (("receivers", "test", *C, "dsk"), 2, "no receiver is called `dsk`, did you mean `desk`?"),
        (("receivers", "test", *C, "x"), 2, "no receiver is called `x`; there are: desk"),
        (("receivers", "public-key", *C, "desk"), 1, "desk has no private key (whsk_…): its secret is shared"),
        (
            ("silence", "add", *C, "flood", "--for", "2h", "--comment", "x"),
            2,
            "'flood' is no condition: write one like",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(
    arguments: tuple[str, ...], status: int, says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("tokens", "create", *C, "page", "--scope", "read", "--days", "-1"), "--days"),
        (
            ("tokens", "create", *C, "page", "--scope", "read", "--days", "soon"),
            "'soon' is no number of days: 1 or more",
        ),
        (("tokens", "create", *C, "page", "--scope", "write"), "choose from"),
        (("entities", "show", "syria", "--on", "tomorrow"), "`tomorrow` is no date: write it like 2024-12-01"),
        (("deliveries", "list", *C, "--limit", "-1"), "--limit: '-1' is no number from 1 to 10,000"),
        (("stories", "list", *C, "--limit", "501"), "--limit: '501' is no number from 1 to 500"),
        (("entities", "search", "syria", "--limit", "many"), "--limit: 'many' is no number from 1 to 1,000"),
        (("demo", "--for", "tomorrow"), "'tomorrow' is no duration: write a number and ms, s, m, h or d"),
        (("publish", "--servers", "h:1", "--rate", "0", "a.jsonl"), "'0' is no rate: write articles a second"),
    ],
)
def test_an_option_of_the_wrong_type_is_wrong_usage(
    arguments: tuple[str, ...], says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("why", "floods", "a"),
        ("stories", "list"),
        ("stories", "show", "k3fq7m2a"),
        ("deliveries", "list"),
        ("deliveries", "show", "evt_a"),
        ("replay", "evt_a"),
        ("reconcile", "--receiver", "desk", "--since", "1d"),
        ("receivers", "list"),
        ("receivers", "enable", "desk"),
        ("silence", "list"),
        ("silence", "expire", "sil_a"),
        ("tokens", "list"),
    ],
)
def test_where_no_daemon_runs_it_is_said_and_nothing_else(
    arguments: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, *C]) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rasid: no daemon answers on 127.0.0.1:")
    assert err.endswith(f"({os.strerror(errno.ECONNREFUSED)}): is it running?\n")


def test_where_the_port_is_the_daemons_to_choose_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_config(tmp_path, http={"listen": "127.0.0.1:0"})

    assert main(["status", "-c", str(config)]) == 1
    assert capsys.readouterr().err == f"rasid: no daemon runs with {config}: start it with `rasid run -c {config}`\n"


def test_a_wrong_token_and_none_are_told_apart(
    tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    async def status(**http: str) -> int:
        async with AskedDaemon(a_watch(tmp_path)).listening(token="the-right-token-0123") as address:
            config = write_config(tmp_path, http={"listen": address, **http})
            return await asyncio.to_thread(main, ["status", "-c", str(config)])

    (tmp_path / "token").write_text("another-token-0123456", encoding="utf-8")

    assert runner.run(status(token_file="token")) == 3
    assert "does not know the token that `http.token_file` of " in capsys.readouterr().err
    assert runner.run(status()) == 3
    assert "asks for a token, and " in capsys.readouterr().err
