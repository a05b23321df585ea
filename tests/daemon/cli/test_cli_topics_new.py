"""``rasid topics new`` and ``schema`` as an author meets them."""

import json
from pathlib import Path

import pytest

from daemon.cli.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_new_topic_passes_check_and_lint(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "سعر الخبز، أمريكا, bread price"
    made = main(["topics", "new", "bread", "--lang", "ar,en", "--entity", "@lebanon", "--words", words])

    assert made == 0
    assert main(["check", "-t", "bread.yaml"]) == 0
    assert main(["lint", "-t", "bread.yaml"]) == 0
    assert capsys.readouterr().out == "1 topic, 4 tests, 0 failed\n"


def test_an_entity_may_be_given_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "new", "t", "--entity", "سوريا", "--entity", "Egypt", "-o", "-"]) == 0
    assert "lead:(@syria SENTENCE @egypt)" in capsys.readouterr().out


def test_a_file_is_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bread.yaml").write_text("mine")

    assert main(["topics", "new", "bread", "--words", "خبز"]) == 2
    assert (folder / "bread.yaml").read_text() == "mine"
    assert "is there already" in capsys.readouterr().err


def test_every_mistake_is_told_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ["new", "Bread Prices", "--lang", "ar,xx", "--entity", "@سوريا", "--entity", "@zzz", "--words", "؟"]

    assert main(["topics", *wrong]) == 2
    told = capsys.readouterr().err.splitlines()
    remedies = ["small Latin", "xx: is no", "did you mean @syria?", "write its names as --words", "at least one letter"]
    assert [line for line, remedy in zip(told, remedies, strict=True) if remedy not in line] == []


def test_titles_are_in_the_languages_that_were_named(capsys: pytest.CaptureFixture[str]) -> None:
    titles = [part for title in ("الزيتون", "Olives", "Zeytin") for part in ("--title", title)]

    assert main(["topics", "new", "t", "--lang", "fr,ar,tr", *titles, "--words", "olives", "-o", "-"]) == 0
    assert "title: {ar: الزيتون, fr: Olives, tr: Zeytin}" in capsys.readouterr().out


def test_a_country_among_the_words_becomes_an_entity(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "new", "t", "--words", "لبنان, خبز", "-o", "-"]) == 0

    out, err = capsys.readouterr()
    assert "lead:(@lebanon SENTENCE list:t-words)" in out
    assert err == "«لبنان» is a known name: @lebanon is used for it\n"


@pytest.mark.parametrize(("locale", "comment"), [("ar_EG.UTF-8", "# أمثلة"), ("en_GB.UTF-8", "# Examples")])
def test_comments_follow_the_locale(
    locale: str, comment: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", locale)

    assert main(["topics", "new", "t", "--words", "bread", "-o", "-"]) == 0
    assert comment in capsys.readouterr().out


def test_schemas_are_printed_or_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "schema", "entities"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Rasid: entities"
    assert main(["topics", "schema", "--write", "."]) == 0
    assert sorted(path.name for path in folder.glob("*.json")) == ["entities.schema.json", "topics.schema.json"]
    assert main(["topics", "schema", "--write", "absent"]) == 2
