"""What the documentation says is what the code does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from alerts.senders.ed25519 import Ed25519Key
from alerts.senders.signature import parse_secrets, sign
from alerts.target import Kind
from daemon.cli.main import COMMANDS
from daemon.config.config import Config
from daemon.config.load import load_config
from daemon.history.reading import Answer
from daemon.metrics.metrics import every_metric
from scripts.write_docs import PAGES, commands, configuration_keys

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
EXAMPLE = ROOT / "deploy" / "rasid.example.yaml"

REGISTRIES = ("pypi.org", "pythonhosted.org", "npmjs.", "index-url =", "index-url http", "proxy.golang")
"""A committed file that names a registry would send its readers there."""

MACHINE_PATHS = re.compile(r"/(?:work|home|Users)/[a-z]")
"""Paths of whoever wrote it."""


def committed_files() -> list[Path]:
    """Every text file of the tree; in a copy without its history, every file below the known folders."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    names = [name for name in listed.decode().split("\0") if name]
    return [path for name in names if (path := ROOT / name).is_file() and path.name != "test_docs.py"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_made_from_the_code_is_up_to_date(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == PAGES[page](), "run: make docs"


@pytest.mark.parametrize("key", [key for key, _, _ in configuration_keys(Config)])
def test_every_configuration_key_says_what_it_means(key: str) -> None:
    meanings = {name: meaning for name, _, meaning in configuration_keys(Config)}

    assert len(meanings[key]) > 5


def test_every_metric_says_what_it_counts() -> None:
    described = every_metric()

    assert len(described) > 10
    assert [name for name, text, _ in described if len(text) < 5] == []


def test_every_metric_that_a_page_names_exists() -> None:
    known = {name for name, _, _ in every_metric()}
    named = {name for page in DOCS.glob("*.md") for name in re.findall(r"`(rasid_[a-z_]+)", page.read_text("utf-8"))}

    assert named - known == set()


def test_every_line_of_the_log_that_the_runbook_names_is_written_somewhere() -> None:
    named = set(re.findall(r"`([a-z]+_[a-z_]+)` in the log", (DOCS / "operate.md").read_text(encoding="utf-8")))
    ours = [path for folder in ("alerts", "daemon") for path in (ROOT / folder).rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in ours)

    assert len(named) > 3
    assert {name for name in named if f'"{name}"' not in code} == set()


def test_the_runbook_says_what_each_answer_of_why_means() -> None:
    rows = [line for line in (DOCS / "operate.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}

    assert {each.value for each in Answer} - named == set()


def test_the_reference_names_every_command() -> None:
    named = {prog.split()[1] for prog, _ in commands()}

    assert named == set(COMMANDS)


def test_the_example_configuration_loads(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    (folder / "secrets").mkdir(parents=True)
    for secret in ("desk", "duty"):
        (folder / "secrets" / secret).write_text("whsec_" + "A" * 43 + "=\n")
    shutil.copy(EXAMPLE, folder / "rasid.yaml")

    loaded = load_config(folder / "rasid.yaml")

    assert set(loaded.receivers) == {"desk", "duty"}


def test_every_example_of_a_receiver_loads(tmp_path: Path) -> None:
    page = (DOCS / "receivers.md").read_text(encoding="utf-8")
    written = [each for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) for each in yaml.safe_load(block)]
    (tmp_path / "secrets").mkdir()
    secrets = {"desk": "whsec_" + "A" * 43 + "=", "mail": "a word", "phones": "ntfys://news-alerts"}
    for name, text in (secrets | {"desk-chat": "https://chat.newsroom.example/hooks/1"}).items():
        (tmp_path / "secrets" / name).write_text(text, encoding="utf-8")
    config = {"state_dir": "state", "sources": [{"stdin": {}}], "receivers": written}
    (tmp_path / "rasid.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")

    loaded = load_config(tmp_path / "rasid.yaml")

    assert {each.target.kind for each in loaded.receivers.values()} == set(Kind)


def test_the_example_configuration_shows_every_section() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    written = set(yaml.safe_load(text)) | set(re.findall(r"^# (\w+):", text, re.MULTILINE))

    # Left out on purpose: what few need, and what is for a later version.
    assert set(Config.model_fields) - written <= {"entities", "limits", "instance", "parked"}


def test_every_page_is_on_the_map() -> None:
    shown = (DOCS / "README.md").read_text(encoding="utf-8")

    assert [page.name for page in DOCS.glob("*.md") if page.name != "README.md" and f"({page.name}" not in shown] == []


def test_every_link_between_the_pages_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_make_verb_that_a_page_or_a_comment_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in [path for path in committed_files() if path.suffix in {".md", ".py"}]:
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= verbs, page.name


def test_every_document_that_the_code_names_is_there() -> None:
    for path in [path for path in committed_files() if path.suffix in {".lua", ".py"}]:
        text = path.read_text(encoding="utf-8")
        assert "PROTOCOL," not in text and "PROTOCOL's" not in text, f"{path}: write docs/protocol.md"
        for named in re.findall(r"\bdocs/[\w./-]+\.md", text):
            assert (ROOT / named).exists(), f"{path} names {named}"


def test_no_committed_file_names_a_registry_or_somebodys_machine() -> None:
    found = []
    for path in committed_files():
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {name}" for name in REGISTRIES if name in text]
        found += [f"{path.relative_to(ROOT)}: {match}" for match in MACHINE_PATHS.findall(text)]

    assert found == []


def test_the_test_command_of_the_readme_is_what_ci_runs() -> None:
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_the_example_of_the_readme_gives_what_it_shows(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```(\w+)\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    topics, articles, shown = [text for kind, text in blocks if kind in ("yaml", "json")][:3]
    (tmp_path / "watch.yaml").write_text(topics, encoding="utf-8")
    (tmp_path / "articles.jsonl").write_text(articles, encoding="utf-8")
    files = [str(tmp_path / "watch.yaml"), str(tmp_path / "articles.jsonl")]
    command = [sys.executable, "-m", "daemon", "match", "-t", *files]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == shown


def test_the_configuration_of_the_readme_loads(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    (tmp_path / "rasid.yaml").write_text(blocks[1], encoding="utf-8")
    (tmp_path / "desk.secret").write_text("whsec_" + "A" * 43 + "=\n")

    assert set(load_config(tmp_path / "rasid.yaml").receivers) == {"desk"}


def test_the_topic_file_of_the_guide_loads_and_passes_its_own_tests(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```yaml\n(.*?)^```", (DOCS / "topics.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    topics, entities = blocks[0], blocks[1]
    (tmp_path / "topics.yaml").write_text(topics, encoding="utf-8")
    (tmp_path / "entities.yaml").write_text(entities, encoding="utf-8")
    names = ["-t", "topics.yaml", "-e", "entities.yaml"]

    done = subprocess.run(
        [sys.executable, "-m", "daemon", "check", *names],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_vectors_of_the_guide_are_what_we_sign() -> None:
    guide = (DOCS / "receive.md").read_text(encoding="utf-8")
    id_, timestamp, body = "evt_vector", 1_764_325_533, '{"text":"خبر عاجل"}'
    assert f"`{id_}`, `{timestamp}`, `{body}`" in guide
    row = re.search(r"`(whsec_\S+)` \| `(v1,\S+)` \|\n\| `(whpk_\S+)` \| `(v1a,\S+)`", guide)
    assert row is not None
    # The private key is of the same bytes as the secret one.
    keys = parse_secrets(f"{row[1]}\n{row[1].replace('whsec', 'whsk')}", "guide")

    assert sign(keys, id_, timestamp, body.encode()) == f"{row[2]} {row[4]}"
    assert isinstance(keys[1], Ed25519Key) and keys[1].public == row[3]


def test_the_signature_made_by_hand_is_ours(tmp_path: Path) -> None:
    guide = (DOCS / "receive.md").read_text(encoding="utf-8")
    script = re.search(r"## By hand.*?```sh\n(.*?)```", guide, re.DOTALL)
    assert script is not None
    secret, body = "whsec_" + "A" * 43 + "=", '{"title": "سوريا"}'.encode()
    (tmp_path / "body.json").write_bytes(body)
    values = {"secret=whsec_…": f"secret={secret}", "id=evt_…": "id=evt_1", "timestamp=…": "timestamp=1800000000"}
    text = script[1]
    for written, value in values.items():
        assert written in text
        text = text.replace(written, value)

    done = subprocess.run(["bash", "-c", text], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert f"v1,{done.stdout.strip()}" == sign(parse_secrets(secret, "test"), "evt_1", 1_800_000_000, body)
