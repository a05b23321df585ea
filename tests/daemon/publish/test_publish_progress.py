"""What a publish says about how far it is."""

import io

import pytest

from daemon.publish.progress import Counts, Far, Progress, progress_line, seconds_left, summary_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "far", "seconds", "left"),
    [
        ("half in ten seconds", Far(0, 50, 100), 10, 10),
        ("what was done before does not count for the pace", Far(80, 90, 100), 5, 5),
        ("at the end", Far(0, 100, 100), 9, 0),
        ("a file that grew meanwhile", Far(0, 120, 100), 9, 0),
        ("too early", Far(0, 50, 100), 0.5, None),
        ("nothing done", Far(10, 10, 100), 9, None),
        ("nobody knows how much comes", Far(0, 50, 0), 9, None),
    ],
)
def test_what_is_left_is_told_from_this_runs_pace(name: str, far: Far, seconds: float, left: float | None) -> None:
    assert seconds_left(far, seconds) == left


@pytest.mark.parametrize(
    ("counts", "far", "seconds", "waiting", "line"),
    [
        (Counts(5000), Far(0, 50, 100), 10, 0, "[##########..........]  50 %  5,000 articles, 500/s, 10 s left"),
        (
            Counts(9, 2),
            Far(0, 1, 1000),
            3,
            0,
            "[....................]   0 %  9 articles, 2 invalid, 3/s, 49:57 min left",
        ),
        (Counts(9), Far(0, 1, 9999), 3, 0, "[....................]   0 %  9 articles, 3/s, 8:19 h left"),
        (Counts(7), Far(0, 0, 0), 2, 0, "7 articles, 4/s"),
        (Counts(7), Far(0, 0, 0), 2, 31.4, "7 articles, waiting for Kafka for 31 s"),
        (Counts(), Far(0, 0, 0), 0, 0, "0 articles, 0/s"),
    ],
)
def test_the_line_tells_pace_and_rest(counts: Counts, far: Far, seconds: float, waiting: float, line: str) -> None:
    assert progress_line(counts, far, seconds, waiting) == line


def test_the_summary_counts() -> None:
    assert summary_line(Counts(12_345, 2), 3.21) == "12,345 published, 2 invalid, 3.2 s"
    assert summary_line(Counts(1, 0), 0.0, dry=True) == "1 would be published, 0 invalid, 0.0 s"


def test_on_a_terminal_the_line_is_written_anew_but_seldom() -> None:
    stream = Terminal()
    progress = Progress(stream)
    for tick in range(20):
        progress.show(str(tick), tick / 10)
    progress.say("told")

    assert stream.getvalue().count("\r\x1b[K") == 10 + 1
    assert stream.getvalue().endswith("\r\x1b[Ktold\n")


def test_elsewhere_only_what_stays_is_written() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    progress.show("12 %", 0.0)
    progress.say("told")
    progress.clear()

    assert stream.getvalue() == "told\n"
