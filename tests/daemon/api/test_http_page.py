"""The live page as it is served, and what no file of it may hold."""

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from daemon.api.http_page import POLICY, page_files
from daemon.cli.main import main
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch

FOLDER = Path(__file__).parents[3] / "daemon" / "page"
SCRIPTS = sorted(FOLDER.glob("*.js"))
MOST_BYTES = 100_000

SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|srcdoc"
    r"|\beval\b|new Function|\.cssText|javascript:|importScripts|setTimeout\(\s*[\"'`]|localStorage\.setItem\((?!KEPT)"
)
"""What reads text as markup or as code."""


def test_every_file_is_open_to_everybody_under_a_policy_that_lets_nothing_else_in(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening(token="t") as address, aiohttp.ClientSession() as session:
            for path, file in page_files().items():
                async with session.get(f"http://{address}{path}") as answer:
                    assert answer.status == 200
                    assert await answer.read() == file.body
                    assert answer.headers["Content-Security-Policy"] == POLICY
                    assert answer.headers["X-Content-Type-Options"] == "nosniff"
                    assert answer.headers["Referrer-Policy"] == "no-referrer"
                    tag = answer.headers["ETag"]
                async with session.get(f"http://{address}{path}", headers={"If-None-Match": tag}) as again:
                    assert (again.status, await again.read()) == (304, b"")
            async with session.get(f"http://{address}/page/..%2fapp.py") as answer:
                assert answer.status in {401, 404}

    runner.run(scenario())


def test_the_policy_allows_nothing_but_the_page_itself() -> None:
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))

    assert parts["default-src"] == parts["base-uri"] == parts["form-action"] == parts["frame-ancestors"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == "'self'"
    assert "unsafe" not in POLICY


def test_the_page_is_small() -> None:
    assert sum(len(file.body) for file in page_files().values()) <= MOST_BYTES


def test_every_file_in_the_folder_is_served() -> None:
    assert {path.rpartition("/")[2] or "index.html" for path in page_files()} == {
        each.name for each in FOLDER.iterdir() if each.is_file()
    }


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_reads_text_as_markup_or_code(path: Path) -> None:
    assert SINKS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["a.innerHTML = b", "eval (x)", "new Function(x)", 'setTimeout("x")', "a.outerHTML"])
def test_a_script_that_does_is_found(line: str) -> None:
    assert SINKS.search(line)


def test_nothing_is_loaded_from_elsewhere_and_nothing_stands_in_line() -> None:
    markup = (FOLDER / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"https?://", markup) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]+src=)", markup) == []
    for path in (*SCRIPTS, FOLDER / "page.css"):
        addresses = re.findall(r"https?://[^\s\"'`]+", path.read_text(encoding="utf-8"))
        assert addresses in ([], ["http://www.w3.org/2000/svg"])  # a name, which nobody asks for


def test_files_of_the_page_can_be_read_in_a_sitting() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS}

    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_what_scripts_look_for_is_in_the_page() -> None:
    markup = (FOLDER / "index.html").read_text(encoding="utf-8")
    there = set(re.findall(r'\sid="([^"]+)"', markup))

    for path in SCRIPTS:
        asked = set(re.findall(r'(?:getElementById|\bat)\("([a-z-]+)"\)', path.read_text(encoding="utf-8")))
        assert asked <= there, path.name


TEXT = re.compile(r'^ {2}(\w+): (?:"(.*)",|\{(.*)\},|\{)$', re.MULTILINE)


def words(name: str) -> dict[str, str]:
    """Keys of a table of words, each with its text, with its plural forms as they stand there."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for match in TEXT.finditer(source):
        key, text, forms = match.groups()
        found[key] = text or forms or source[match.end() : source.index("\n  },", match.end())]
    return found


def test_both_languages_say_everything_with_the_same_gaps_to_fill() -> None:
    english, arabic = words("words_en.js"), words("words_ar.js")
    same = {"redis", "valkey", "kafka"}  # names, in either language

    assert len(english) > 100
    assert english.keys() - arabic.keys() == same
    # Grounds and refusals the server words in English itself.
    assert {key for key in arabic.keys() - english.keys() if not key.startswith(("ground_", "status_"))} == set()
    for key in arabic.keys() & english.keys():
        assert set(re.findall(r"\{\w+\}", arabic[key])) == set(re.findall(r"\{\w+\}", english[key])), key


def test_arabic_counts_have_the_forms_that_the_language_has() -> None:
    for key, forms in words("words_ar.js").items():
        if "other:" in forms:
            assert {"one", "two", "few", "many", "other"} <= set(re.findall(r"(\w+):", forms)), key


def test_every_word_that_is_said_is_in_the_table() -> None:
    markup = (FOLDER / "index.html").read_text(encoding="utf-8")
    said = set(re.findall(r'data-(?:say|label)="(\w+)"', markup))
    for path in SCRIPTS:
        said |= set(re.findall(r'\bsay\("(\w+)"', path.read_text(encoding="utf-8")))

    assert said - words("words_en.js").keys() == set()


def test_what_it_says_to_do_first_can_be_done() -> None:
    commands = re.findall(
        r'"rasid ([a-z ]+?)(?: [A-Z-].*?| [a-z]+\.[a-z]+.*?)?"', (FOLDER / "empty.js").read_text("utf-8")
    )

    assert len(commands) == 6
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([*command.split(), "--help"])
        assert ended.value.code == 0, command
