"""The rules that keep the layout true. If one fails, move the code, not the rule."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS = ["processors", "alerts", "daemon"]
"""Each may import itself and what is left of it."""

OUTSIDE = {
    "aiohttp",
    "aiokafka",
    "aiosmtplib",
    "apprise",
    "ctypes",
    "fcntl",
    "hiredis",
    "http",
    "httpx",
    "opentelemetry",
    "requests",
    "smtplib",
    "redis",
    "socket",
    "ssl",
    "subprocess",
    "urllib.request",
    "valkey",
}
"""What reaches another process or machine."""

ADAPTERS = ("redis_", "kafka_", "http_", "smtp_", "apprise_", "file_", "stdin_", "state_", "otel_")
"""Only files whose names begin so may use it: ``state_`` is for what a state directory keeps and locks."""

OUTERMOST = ("daemon/cli/", "daemon/app.py")
"""And these: commands, which may ask a running daemon, and what wires everything together."""

IMPURE = {"asyncio", "os", "random", "secrets", "tempfile", "time"}
"""Not in ``processors``: text in, verdicts out. Time and chance are arguments."""

VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "base", "core", "shared"}
"""A file is named after the one idea in it."""

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
"""Lines, docstrings and comments included: what can be read in a sitting, and on a screen."""

TESTS = sorted((ROOT / "tests").rglob("*.py"))

MODULES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(tree: ast.Module) -> Iterator[str]:
    """Everything that a module imports, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def broken_rules(name: str, tree: ast.Module) -> list[str]:
    """What the module called ``name`` (a path below the root) imports or asks that it must not."""
    dotted_names = set(imports_of(tree))
    imported = {dotted.split(".")[0] for dotted in dotted_names}
    layer = LAYERS.index(name.split("/")[0])
    broken = [f"imports {up}, which is above it" for up in sorted(imported.intersection(LAYERS[layer + 1 :]))]
    if "" in imported:
        broken.append("imports relatively: write the whole name, so that it can be searched for")
    file_name = name.rsplit("/", 1)[-1]
    if not file_name.startswith(ADAPTERS) and not name.startswith(OUTERMOST):
        reached = {library for library in OUTSIDE if any(f"{each}.".startswith(f"{library}.") for each in dotted_names)}
        broken += [f"imports {library}: only adapters do" for library in sorted(reached)]
    if layer == 0:
        broken += [f"imports {module}: processors are pure" for module in sorted(imported & IMPURE)]
        broken += [f"line {line} asks the clock: take the time as an argument" for line in clock_reads(tree)]
    return broken


def clock_reads(tree: ast.Module) -> Iterator[int]:
    """Lines that call ``….now()``, ``….today()`` or ``….utcnow()``."""
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in {"now", "today", "utcnow"}:
            yield called.lineno


def too_long(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if (lines := node.end_lineno - first + 1) > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


def lines_without_tables(path: Path) -> int:
    """Lines of a file, the arguments of ``parametrize`` left out: a table may be as long as its subject."""
    tables = sum(
        decorator.end_lineno - decorator.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and decorator.end_lineno is not None
    )
    return len(path.read_text(encoding="utf-8").splitlines()) - tables


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way_and_io_stays_in_adapters(path: Path) -> None:
    assert broken_rules(name_of(path), tree_of(path)) == []


def folder_imports(files: Mapping[str, ast.Module], parent: str) -> dict[str, set[str]]:
    """For each folder right below ``parent`` the others there that its files, at any depth, import."""
    reached: dict[str, set[str]] = {}
    for name, tree in files.items():
        if not name.startswith(f"{parent}/") or name.count("/") == parent.count("/") + 1:
            continue
        folder = name.removeprefix(f"{parent}/").split("/")[0]
        below = f"{parent.replace('/', '.')}."
        imported = {dotted.removeprefix(below).split(".")[0] for dotted in imports_of(tree) if dotted.startswith(below)}
        reached.setdefault(folder, set()).update(imported - {folder})
    return {folder: imported & reached.keys() for folder, imported in reached.items()}


def tangled(reached: Mapping[str, set[str]]) -> list[str]:
    """What is left when, again and again, everything is taken away that imports nothing of the rest."""
    left = set(reached)
    while free := {name for name in left if not reached[name] & left}:
        left -= free
    return sorted(left)


@pytest.mark.parametrize("parent", ["processors", "processors/topics", "alerts", "daemon"])
def test_folders_side_by_side_know_one_another_one_way(parent: str) -> None:
    files = {name_of(path): tree_of(path) for path in MODULES}

    assert tangled(folder_imports(files, parent)) == []


def test_a_circle_of_folders_is_found() -> None:
    sources = {
        "processors/a/one.py": "from processors.b.two import x",
        "processors/b/two.py": "from processors.c.three import x",
        "processors/c/deep/three.py": "import processors.a.one",
        "processors/d/four.py": "from processors.a import one",
    }

    reached = folder_imports({name: ast.parse(source) for name, source in sources.items()}, "processors")

    assert tangled(reached) == ["a", "b", "c", "d"]
    assert tangled(reached | {"c": set()}) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_about(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), "the first line of a module is a docstring"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=name_of)
def test_an_init_file_is_a_map_and_holds_no_code(path: Path) -> None:
    # The one exception is the version, which the build reads from daemon/__init__.py.
    for node in tree_of(path).body[1:]:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        assert isinstance(target, ast.Name) and target.id == "__version__", f"line {node.lineno}"


def test_files_are_named_after_an_idea() -> None:
    vague = [name_of(path) for path in MODULES if VAGUE_NAMES.intersection(path.stem.lower().split("_"))]

    assert vague == []


def test_files_can_be_read_in_a_sitting() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    lengths |= {name_of(path): lines_without_tables(path) for path in TESTS}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_fit_on_a_screen() -> None:
    assert [f"{name_of(path)}: {each}" for path in MODULES for each in too_long(tree_of(path))] == []


def test_tests_mirror_the_tree_without_hiding_it() -> None:
    # An __init__.py in tests/daemon would make it the package "daemon".
    assert [name_of(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("processors/topics/tell.py", "import alerts.model"),
        ("alerts/tell.py", "from daemon.metrics.metrics import Metrics"),
        ("alerts/tell.py", "import redis.asyncio"),
        ("daemon/tell.py", "def late():\n    from aiohttp import web"),
        ("daemon/tell.py", "import socket"),
        ("daemon/tracing/tell.py", "from opentelemetry.sdk.trace import ReadableSpan"),
        ("daemon/tell.py", "from urllib import request"),
        ("daemon/tell.py", "import urllib.request"),
        ("alerts/tell.py", "import fcntl"),
        ("processors/tell.py", "import random"),
        ("processors/tell.py", "from datetime import datetime\nAT = datetime.now()"),
        ("processors/tell.py", "from .model import Article"),
    ],
)
def test_a_module_that_breaks_a_rule_is_found(name: str, source: str) -> None:
    assert len(broken_rules(name, ast.parse(source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("alerts/redis_tell.py", "import redis.asyncio"),
        ("daemon/app.py", "import aiohttp"),
        ("daemon/cli/tell.py", "import urllib.request"),
        ("alerts/state_tell.py", "import fcntl"),
        ("processors/tell.py", "from urllib.parse import urlsplit"),
        ("daemon/tell.py", "import time\nfrom alerts.model import Alert\nfrom processors.model import Article"),
    ],
)
def test_a_module_within_the_rules_is_let_be(name: str, source: str) -> None:
    assert broken_rules(name, ast.parse(source)) == []


def test_a_function_of_fifty_one_lines_is_found() -> None:
    body = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION))

    assert list(too_long(ast.parse(f"def long():\n{body}"))) == [f"long: {LONGEST_FUNCTION + 1} lines"]
