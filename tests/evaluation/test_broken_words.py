"""The measure of broken words itself: what it counts as found and as joined; quiet where there is no data."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evaluation.broken_words import main


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def measure(
    folder: Path, pairs: Mapping[str, str], traps: Sequence[str], capsys: pytest.CaptureFixture[str], *more: str
) -> str:
    pairs_file = write(folder / "pairs.jsonl", [{"obfuscated": a, "plain": b} for a, b in pairs.items()])
    traps_file = write(folder / "traps.jsonl", [{"text": text, "kind": "any"} for text in traps])
    assert main([pairs_file, traps_file, "--wrong", *more]) == 0
    return capsys.readouterr().out


def test_found_and_missed_words_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(tmp_path, {"جبـ.ـال": "جبال", "جبا.ل": "جبال"}, [], capsys)

    assert "pairs 2  found 1  recall 0.500" in told
    assert "missed\tجبا.ل\tجبال" in told


def test_a_trap_counts_when_its_parts_are_found_as_one_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(tmp_path, {}, ["جبال.وقال", "نهـ.ـر"], capsys)

    assert "traps 2  joined 1" in told
    assert "joined\tنهـ.ـر" in told


def test_repaired_words_in_news_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news = write(tmp_path / "news.jsonl", [{"id": "1", "body": "في الجبـ.ـال ثلج"}, {"id": "2", "body": "في الجبال"}])

    told = measure(tmp_path, {"الجـ.بال": "الجبال"}, [], capsys, "--news", news)

    assert "news 2  articles with a repaired word 1  repaired words 1" in told
    assert "repaired\t1\tالجبال\tالجبـ.ـال" in told


def test_absent_data_is_one_line_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl"), str(tmp_path / "none.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("skipped: no such data")
