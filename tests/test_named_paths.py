"""Every file and folder that the pages for developers name is in the tree, and every folder of the tree is named."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PAGES = ["ARCHITECTURE.md", "CONTRIBUTING.md"]

LAYERS = ["processors", "alerts", "daemon"]

QUOTED = re.compile(r"`([^`\n]+)`")

NAME = re.compile(r"[\w.*-]+/?|(?:[\w.*-]+/)+[\w.*-]*")
"""What can be a file or a folder: no command, no sign of a query, no address of the API."""

COLUMNS = {"folder": 2, "read": 1}
"""Tables that name files, by the head of their first column: in how many columns they do."""

IN_A_TABLE = "processors/topics"
"""Where a table begins to look for names without a folder: that of the topics says so in the line above it."""


def missing(page: str) -> Iterator[str]:
    """What a page names that is not there. In a table a name without a folder lies where the one before does."""
    fenced, table = False, ""
    for line in page.splitlines():
        fenced ^= line.startswith("```")
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        table = (table or cells[0]) if cells else ""
        if fenced or (cells and table not in COLUMNS):
            continue
        if cells:
            yield from not_found(QUOTED.findall("|".join(cells[: COLUMNS[table]])), IN_A_TABLE)
        else:
            yield from not_found([name for name in QUOTED.findall(line) if "/" in name.rstrip("/")], "")


def not_found(names: list[str], folder: str) -> Iterator[str]:
    for name in names:
        if not NAME.fullmatch(name) or name.startswith((".", "*")):
            continue
        if there(name):
            whole = name.rstrip("/")
            folder = whole if "/" not in whole else whole.rpartition("/")[0]
        elif not folder or not there(f"{folder}/{name}"):
            yield name


def there(name: str) -> bool:
    """Whether it is a file or a folder, from the root; ``.py`` may be left out."""
    found = [*ROOT.glob(name.rstrip("/")), *([] if name.endswith("/") else ROOT.glob(f"{name}.py"))]
    return any(path.is_dir() or not name.endswith("/") for path in found)


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    assert list(missing((ROOT / page).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_folder_of_a_layer_stands_in_the_table_of_folders(layer: str) -> None:
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    (row,) = [line for line in table.splitlines() if line.startswith(f"| `{layer}/` |")]
    folders = {f"{path.parent.name}/" for path in (ROOT / layer).glob("[!_]*/*") if path.is_file()}

    assert folders - set(QUOTED.findall(row)) == set()


@pytest.mark.parametrize(
    "line",
    [
        "Read `daemon/no_such.py` first.",
        "| read | for |\n| `alerts/routing/routing`, `no_such` | who is told |",
        "| folder | holds |\n| `alerts/` | `no_such/` |",
        "| read | for |\n| `leaves`, `no_such` | all topics |",
        "`processors/packs/*/no_such` holds it",
    ],
)
def test_a_path_that_is_not_there_is_found(line: str) -> None:
    assert len(list(missing(line))) == 1
