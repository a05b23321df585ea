"""The section ``tracing``: what is wrong is told with its place and its remedy, and no secret is quoted."""

import sys
from pathlib import Path

import pytest

from daemon.config.load import load_config
from processors.errors import InvalidInput
from tests.daemon.build import write_config


def problems(folder: Path, section: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        load_config(write_config(folder, tracing=section))
    return "\n".join(str(each) for each in caught.value.problems)


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"),
        ("https://collector.example.org/otlp/v1/traces", "https://collector.example.org/otlp/v1/traces"),
        ("http://[::1]:4318", "http://[::1]:4318/v1/traces"),
        (None, None),
    ],
)
def test_an_address_without_a_path_gets_the_usual_one(tmp_path: Path, written: str | None, used: str | None) -> None:
    section = load_config(write_config(tmp_path, tracing={"endpoint": written})).config.tracing

    assert section is not None
    assert section.endpoint == used


def test_an_empty_section_is_enough(tmp_path: Path) -> None:
    section = load_config(write_config(tmp_path, tracing={})).config.tracing

    assert section is not None
    assert (section.endpoint, section.sample, section.service_name) == (None, 1.0, None)


def test_without_the_section_nothing_is_traced(tmp_path: Path) -> None:
    assert load_config(write_config(tmp_path)).config.tracing is None


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"endpoint": "127.0.0.1:4318"}, "write one like http://127.0.0.1:4318"),
        ({"endpoint": "grpc://127.0.0.1:4317"}, "write one like http://127.0.0.1:4318"),
        ({"endpoint": "http://"}, "write one like http://127.0.0.1:4318"),
        ({"endpoint": "http://127.0.0.1:99999"}, "write one like http://127.0.0.1:4318"),
        ({"endpoint": "http://h/a b"}, "write one like http://127.0.0.1:4318"),
        ({"endpoint": "http://u:s3cret@h"}, "put what is secret into headers_file"),
        ({"endpoint": "http://h/v1/traces?key=s3cret"}, "put what is secret into headers_file"),
        ({"sample": 1.5}, "tracing.sample: expected 1.0 or less"),
        ({"sample": -0.1}, "tracing.sample: expected 0.0 or more"),
        ({"attributes": {"": "x"}}, "names and values of attributes have 1 to 1,000 characters"),
        ({"attributes": {"x": "y" * 1_001}}, "names and values of attributes have 1 to 1,000 characters"),
        ({"headers_file": "absent"}, "absent cannot be read"),
        ({"endpont": "http://h"}, "did you mean `endpoint`"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(tmp_path: Path, section: object, message: str) -> None:
    told = problems(tmp_path, section)

    assert message in told
    assert "rasid.yaml:" in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("authorization s3cret", "line 1 of the file is no header: write `name: value`"),
        ("a: 1\nb\u00e4: s3cret", "line 2 of the file is no header"),
        ("a: s3cret\u0663", "line 1 of the file is no header"),
        ("a: s3\x00cret", "line 1 of the file is no header"),
        ("a:", "line 1 of the file is no header"),
        ("a: 1\nA: 2", "line 2 of the file has a name that stands before"),
    ],
)
def test_a_line_that_is_no_header_is_told_by_its_number(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "headers").write_text(text, encoding="utf-8")

    told = problems(tmp_path, {"headers_file": "headers"})

    assert message in told
    assert "s3cret" not in told


def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = [each for each in sys.path if not (Path(each) / "opentelemetry").is_dir()]
    for name in [each for each in sys.modules if each.partition(".")[0] == "opentelemetry"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", path)

    assert "pip install 'rasid[otel]'" in problems(tmp_path, {})
