"""What a desk controls, as the configuration file has it: each mistake is told with its place and its remedy."""

from pathlib import Path

import pytest

from daemon.config.load import load_config
from processors.errors import InvalidInput
from tests.daemon.build import write_config

TIMES = [{"start_time": "22:00", "end_time": "24:00"}]
INTERVALS = [{"name": "nights", "time_intervals": [{"times": TIMES}]}]

SILENCE = {"name": "eid", "match": {"topic": "x"}, "author": "Mona", "comment": "Eid", "end": "2030-01-01"}
RULE = {"source": {"severity": "critical"}, "target": {"severity": "info"}}


def an_interval(**parts: object) -> dict[str, object]:
    return {"time_intervals": [{"name": "x", "time_intervals": [parts]}]}


def a_route(**keys: object) -> dict[str, object]:
    return {"route": {"receiver": "desk", "routes": [keys]}, "time_intervals": INTERVALS}


@pytest.mark.parametrize(
    ("name", "section", "message"),
    [
        (
            "an unknown name",
            a_route(mute_time_intervals="night"),
            "no time interval is called `night`, did you mean `n",
        ),
        ("another key", a_route(active_time_intervals=["x", "nights"]), "no time interval is called `x`; there are: n"),
        (
            "no intervals at all",
            {"route": {"receiver": "desk", "routes": [{"mute_time_intervals": "x"}]}},
            "`time_intervals` has none",
        ),
        (
            "a root that is muted",
            {"route": {"receiver": "desk", "mute_time_intervals": "nights"}, "time_intervals": INTERVALS},
            "the root route cannot be muted",
        ),
        ("the same name twice", {"time_intervals": [*INTERVALS, *INTERVALS]}, "`nights` stands twice"),
        ("an interval of nothing", an_interval(), "this interval always holds"),
        ("no intervals in it", {"time_intervals": [{"name": "x", "time_intervals": []}]}, "`x` never holds"),
        ("a range without quotes, as YAML reads it", an_interval(days_of_month=[65]), 'in quotes, like "1:5"'),
        ("an unknown weekend", an_interval(weekend="Egypt"), "the days off of 'Egypt' are not known"),
        ("an unknown zone", an_interval(weekend="EG", location="Cairo"), "write one like Africa/Cairo"),
        ("an unknown weekday", an_interval(weekdays=["fryday"]), "write one like friday"),
        ("half a time", an_interval(times=[{"start_time": "22:00"}]), "`end_time` is missing"),
        ("a night", an_interval(times=[{"start_time": "22:00", "end_time": "07:00"}]), "for a night write two"),
        ("a match key of silences only", a_route(match={"story": "x"}), "unknown match key `story`"),
        ("a silence without an end", {"silences": [{**SILENCE, "end": None}]}, "is no time: write 2026-11-24"),
        ("a silence of nothing", {"silences": [{**SILENCE, "match": {}}]}, "needs a condition too"),
        ("a silence twice", {"silences": [SILENCE, SILENCE]}, "`eid` stands twice"),
        ("an unknown key", {"silences": [{**SILENCE, "match": {"storey": "x"}}]}, "did you mean `story`?"),
        ("an end before the start", {"silences": [{**SILENCE, "start": "2030-01-02"}]}, "after its start"),
        ("nobody's", {"silences": [{**SILENCE, "author": " "}]}, "say who silences it"),
        ("a rule without a target", {"inhibit_rules": [{**RULE, "target": {}}]}, "the target needs a condition"),
        ("a source of a source", {"inhibit_rules": [{**RULE, "source": {"source": "x"}}]}, "`source` is not known"),
        ("an unknown key of a source", {"inhibit_rules": [{**RULE, "source": {"topik": "x"}}]}, "mean `topic`?"),
        ("across stories", {"inhibit_rules": [{**RULE, "equal": ["labels.desk"]}]}, "`story` must be in it"),
        ("equal by nothing known", {"inhibit_rules": [{**RULE, "equal": ["story", "topic"]}]}, "none of story, lab"),
        ("a severity that must not be", a_route(match={"severity": ["!critcal"]}), "did you mean `critical`?"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_told_with_its_place_and_remedy(
    name: str, section: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = write_config(tmp_path, **section)  # type: ignore[arg-type]

    with pytest.raises(InvalidInput) as caught:
        load_config(path)

    assert len(caught.value.problems) == 1
    assert message in str(caught.value)
    assert all(problem.line > 0 and problem.path == str(path) for problem in caught.value.problems)


def test_times_may_stand_without_quotes(tmp_path: Path) -> None:
    path = write_config(tmp_path, **a_route(mute_time_intervals="nights"))  # type: ignore[arg-type]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"22:00"', "22:00").replace('"24:00"', "24:00"), encoding="utf-8")

    (interval,) = load_config(path).route.routes[0].mute

    assert interval.intervals[0].times == ((22 * 60, 24 * 60),)
