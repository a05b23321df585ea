"""The measure of countries and capitals: what it wants, what it counts, and that it is quiet where there is no data."""

import json
from pathlib import Path

import pytest

from evaluation.entity_recall import Sentence, main, read_listed, wanted_places

COUNTRIES = [
    {"iso2": "SY", "labels": {"ar": ["سوريا"]}, "capital_en": ["Damascus"]},
    {"iso2": "YE", "labels": {"ar": ["اليمن"]}, "capital_en": ["Sanaa"]},
    {"iso2": "EG", "labels": {"ar": ["مصر", "جمهورية مصر العربية"]}, "capital_en": ["Cairo"]},
]
CITIES = "country\tname\tarabic_aliases\nSY\tDamascus\tدمشق|الشام\nSY\tAleppo\tحلب\nFR\tCairo\tكايرو\n"


def a_sentence(written: str) -> Sentence:
    """``word/TAG`` pairs; without a tag it is O."""
    pairs = [(*pair.split("/"), "O")[:2] for pair in written.split()]
    return Sentence([token for token, _ in pairs], [tag for _, tag in pairs])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "countries.jsonl").write_text("\n".join(map(json.dumps, COUNTRIES)), encoding="utf-8")
    (tmp_path / "cities.tsv").write_text(CITIES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("زار سوريا/B-LOC أمس", ["سوريا"]),
        ("ولسوريا/B-LOC", ["سوريا"]),
        ("لليمن/B-LOC", ["اليمن"]),
        ("سوريا فقط", []),
        ("جمهورية/B-LOC مصر/I-LOC العربية/I-LOC", ["جمهورية مصر العربية"]),
        ("شمال/B-LOC سوريا/I-LOC", ["سوريا"]),
        ("فازت مصر/B-ORG أمس", ["مصر"]),
        ("بنك/B-ORG مصر/I-ORG", []),
        ("مصر/B-ORG للطيران/I-ORG", []),
        ("مصر/B-PERS", []),
        ("من حلب/B-LOC إلى دمشق/B-LOC", ["دمشق"]),
        ("كايرو/B-LOC", []),
    ],
)
def test_wanted_are_listed_names_that_are_a_whole_entity_or_inside_a_place(
    data: Path, written: str, wanted: list[str]
) -> None:
    listed = read_listed(data / "countries.jsonl", data / "cities.tsv")

    assert [place.name for place in wanted_places(a_sentence(written), listed)] == wanted


def test_beside_it_everything_marked_is_counted(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = a_sentence("قال مصر/B-PERS في بنك/B-ORG مصر/I-ORG إن سوريا/B-LOC بعيدة")
    (data / "sentences.jsonl").write_text(json.dumps({"tokens": said.tokens, "tags": said.tags}), encoding="utf-8")

    main([str(data / name) for name in ("sentences.jsonl", "countries.jsonl", "cities.tsv")])

    told = capsys.readouterr().out
    assert "wanted 1  recalled 1" in told
    assert "marked at all 3  recalled 2" in told


def test_recall_is_of_the_wanted_and_precision_of_the_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["زار سوريا/B-LOC ومصر/B-LOC أمس", "قال السوري إن الشام/B-LOC بعيدة", "عاد إلى اليمن أمس"]
    lines = [json.dumps({"tokens": each.tokens, "tags": each.tags}) for each in map(a_sentence, said)]
    (data / "sentences.jsonl").write_text("\n".join(lines), encoding="utf-8")

    paths = [str(data / name) for name in ("sentences.jsonl", "countries.jsonl", "cities.tsv")]
    assert main([*paths, "--wrong"]) == 0

    told = capsys.readouterr().out
    assert "wanted 3  recalled 2  recall 0.667" in told
    assert "marked at all 3  recalled 2" in told
    assert "found 3  right 2  precision 0.667" in told
    assert "missed\t1\tالشام" in told
    assert "wrong\t1\tإلى اليمن أمس" in told


def test_absent_data_is_one_line_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / name) for name in "abc"]) == 0
    assert capsys.readouterr().out.startswith("skipped: no such data")
