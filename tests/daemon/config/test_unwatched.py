"""A topic in a condition that nothing watches is warned of, with its place and the name that was meant."""

from pathlib import Path

import pytest

from daemon.watch import load_watch
from tests.daemon.build import write_config

SILENCE = {"name": "eid", "author": "Mona", "comment": "Eid", "end": "2030-01-01"}


def warned(folder: Path, **sections: object) -> list[str]:
    watch = load_watch(write_config(folder, **sections))  # type: ignore[arg-type]
    return [str(each) for each in watch.warnings]


def a_route(*topics: str) -> dict[str, object]:
    below = {"routes": [{"receiver": "desk", "match": {"topic": list(topics)}}]}
    return {"route": {"receiver": "desk", "routes": [below]}}


@pytest.mark.parametrize(
    ("section", "line"),
    [
        (a_route("harbours", "flods"), '"flods"'),
        (a_route("!flods"), '"!flods"'),
        ({"silences": [SILENCE | {"match": {"topic": "flods"}}]}, '"flods"'),
        ({"inhibit_rules": [{"source": {"topic": "flods"}, "target": {"severity": "info"}}]}, '"flods"'),
        ({"inhibit_rules": [{"source": {"topic": "floods"}, "target": {"topic": "flods"}}]}, '"flods"'),
    ],
)
def test_a_topic_that_nothing_watches_is_warned_of_where_it_stands(
    section: dict[str, object], line: str, tmp_path: Path
) -> None:
    [warning] = warned(tmp_path, **section)

    assert "no topic that is watched fits `flods`, did you mean `floods`?" in warning
    number = int(warning.removeprefix(str(tmp_path / "rasid.yaml")).split(":")[1])
    assert line in (tmp_path / "rasid.yaml").read_text(encoding="utf-8").splitlines()[number - 1]


@pytest.mark.parametrize("glob", ["floods", "flo*", "*", "!harbours", "[fh]*"])
def test_a_glob_that_fits_a_topic_is_not_warned_of(glob: str, tmp_path: Path) -> None:
    assert warned(tmp_path, **a_route(glob)) == []


def test_a_topic_that_is_like_no_other_is_warned_of_with_what_to_do(tmp_path: Path) -> None:
    [warning] = warned(tmp_path, **a_route("quakes"))

    assert warning.endswith("fits `quakes`; mend the name, or add the topic's file to `topics`")
