"""The configuration file: every mistake is told with its place and its remedy."""

import glob
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

import daemon.config.config
from daemon.config.config import Config
from daemon.config.load import load_config
from daemon.config.values import Section, parse_duration, parse_listen, show_duration
from daemon.watch import file_pattern, load_tested_watch
from processors.errors import InvalidInput
from tests.daemon.build import SECRET, write_config

ROOT = Path(__file__).parents[3]

MISTAKES = [
    ("an unknown key", {"drain_timout": "5s"}, "unknown key `drain_timout`, did you mean `drain_timeout`?"),
    ("a nested unknown key", {"http": {"lissen": "a:1"}}, "unknown key `lissen`, did you mean `listen`?"),
    ("no duration", {"drain_timeout": "5 minutes"}, "write a number and ms, s, m, h or d"),
    ("a long name", {"name": "n" * 65}, "name: too long: expected 64 or fewer characters"),
    ("a name with a space", {"instance": "a b"}, "instance: expected letters, digits"),
    ("a name with a line break", {"name": "rasid\n"}, "name: expected letters, digits"),
    ("no sources", {"sources": []}, "name at least one source"),
    ("an empty source", {"sources": [{}]}, "a source is one of"),
    ("two in one source", {"sources": [{"stdin": {}, "file": {"path": "a"}}]}, "a source is one of"),
    ("standard input twice", {"sources": [{"stdin": {}}, {"stdin": {}}]}, "can be read by one source"),
    (
        "a key for a file's name",
        {"receivers": [{"name": "desk", "url": "https://e.org/", "secret_file": SECRET}]},
        "a key",
    ),
    ("no brokers", {"sources": [{"kafka": {"servers": [], "subscribe": ["a"]}}]}, "too few: expected 1 or more"),
    ("a broker without port", {"sources": [{"kafka": {"servers": ["broker"], "subscribe": ["a"]}}]}, "write host:port"),
    ("a topic's name", {"sources": [{"kafka": {"servers": ["b:1"], "subscribe": ["a b"]}}]}, "is no Kafka topic"),
    ("a start", {"sources": [{"kafka": {"servers": ["b:1"], "subscribe": ["a"], "start": "new"}}]}, "write latest"),
    (
        "a start without zone",
        {"sources": [{"kafka": {"servers": ["b:1"], "subscribe": ["a"], "start": "2026-01-31T06:00:00"}}]},
        "says no zone",
    ),
    (
        "a password in the clear",
        {
            "sources": [
                {
                    "kafka": {
                        "servers": ["b:1"],
                        "subscribe": ["a"],
                        "sasl": {"mechanism": "PLAIN", "username": "u", "password_env": "P"},
                    }
                }
            ]
        },
        "sends the password in the clear",
    ),
    (
        "one topic read twice",
        {
            "sources": [
                {"kafka": {"servers": ["b:1"], "subscribe": ["a"]}},
                {"kafka": {"servers": ["c:1"], "subscribe": "a"}},
            ]
        },
        "reads a Kafka topic `a` already",
    ),
    (
        "no rate",
        {"receivers": [{"name": "d", "url": "https://e.org/", "secret_file": "secret", "rate": "60 a minute"}]},
        "is no rate: write a number and s, min or h, like 10/s or 600/min",
    ),
    (
        "a heartbeat without rest",
        {"receivers": [{"name": "d", "url": "https://e.org/", "secret_file": "secret", "heartbeat": "1s"}]},
        "a heartbeat comes every 10s to 24h, not 1s: write 5m",
    ),
    ("a parked topic's name", {"parked": {"kafka_topic": "a b"}}, "is no Kafka topic"),
    ("a parked topic without brokers", {"parked": {"kafka_topic": "x"}}, "no kafka source whose brokers could keep it"),
    (
        "a parked topic that is read",
        {"sources": [{"kafka": {"servers": ["b:1"], "subscribe": ["a"]}}], "parked": {"kafka_topic": "a"}},
        "has another use already",
    ),
    ("a dead-letter topic without brokers", {"dead_letters": {"kafka_topic": "x"}}, "no kafka source"),
    (
        "dead letters that are read",
        {"sources": [{"kafka": {"servers": ["b:1"], "subscribe": ["a"]}}], "dead_letters": {"kafka_topic": "a"}},
        "it would read its dead letters",
    ),
    ("an age that everything has", {"limits": {"max_age": "30s"}}, "limits.max_age"),
    (
        "an address for links",
        {"http": {"listen": "127.0.0.1:0", "external_url": "https://rasid.example"}},
        "http.external_url is not in this version",
    ),
    ("an unknown article field", {"sources": [{"stdin": {"fields": {"titel": "x"}}}]}, "did you mean `title`?"),
    ("an empty path", {"sources": [{"stdin": {"fields": {"title": "a..b"}}}]}, "is no path"),
    ("a bad listen address", {"http": {"listen": "9464"}}, "write host:port"),
    ("open to others without a token", {"http": {"listen": "0.0.0.0:0"}}, "set http.token_file"),
    ("open to others by a name", {"http": {"listen": "127.evil.example:0"}}, "set http.token_file"),
    (
        "a password in the URL",
        {"redis": {"url": "redis://:secret@host:1"}},
        "use redis.username and redis.password_file",
    ),
    ("an unknown Redis scheme", {"redis": {"url": "http://host"}}, "redis://host:port"),
    ("an unknown receiver", {"route": {"receiver": "dsk"}}, "did you mean `desk`?"),
    (
        "a root that chooses",
        {"route": {"receiver": "desk", "match": {"topic": "a"}}},
        "the root route takes every alert",
    ),
    (
        "an unknown match key",
        {"route": {"receiver": "desk", "routes": [{"match": {"topik": "a"}}]}},
        "did you mean `topic`?",
    ),
    (
        "an unknown severity",
        {"route": {"receiver": "desk", "routes": [{"match": {"severity": "critcal"}}]}},
        "`critical`",
    ),
    ("a route to nobody", {"route": {}}, "leads to no receiver"),
    (
        "a wait before the first attempt",
        {"receivers": [{"name": "desk", "url": "https://e.org/", "secret_file": "secret", "retry": ["5s", "1m30s"]}]},
        "the first attempt is made at once: begin with 0s, like [0s, 5s, 90s]",
    ),
    (
        "a wait after which news is over",
        {"receivers": [{"name": "desk", "url": "https://e.org/", "secret_file": "secret", "retry": ["0s", "31d"]}]},
        "no wait is longer than 30d",
    ),
    ("a wide window", {"stories": {"window": "80h"}}, "between 1h and 72h"),
]


@pytest.mark.parametrize(("name", "section", "message"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_remedy(
    name: str, section: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = write_config(tmp_path, **section)  # type: ignore[arg-type]

    with pytest.raises(InvalidInput) as caught:
        load_config(path)

    assert message in str(caught.value)
    assert all(problem.line > 0 and problem.path == str(path) for problem in caught.value.problems)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "weak").write_text("short")
    receivers = [
        {"name": "a", "url": "http://example.org/", "secret_file": "absent"},
        {"name": "a", "url": "https://10.0.0.1/", "secret_env": "NOT_SET"},
        {"name": "b", "url": "https://example.org/", "secret_file": "weak", "allow": ["10.0.0.1/8"]},
    ]
    path = write_config(tmp_path, receivers=receivers, http={"listen": "127.0.0.1:0", "token_file": "weak"})

    with pytest.raises(InvalidInput) as caught:
        load_config(path, {})

    said = str(caught.value)
    for part in ("stands twice", "absent cannot be read", "NOT_SET is not set", "10.0.0.1", "whsec_", "16 characters"):
        assert part in said
    assert "short" not in said.replace("shorter", "")  # a secret is never quoted


def test_paths_begin_at_the_files_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    loaded = load_config(write_config(tmp_path / "deep"))

    assert loaded.config.state_dir == tmp_path / "deep" / "state"
    assert loaded.config.dead_letters_file == tmp_path / "deep" / "state" / "dead_letters.jsonl"


def test_secrets_come_from_the_environment_too_and_are_not_shown(tmp_path: Path) -> None:
    receivers = [{"name": "a", "url": "https://example.org/", "secret_env": "HOOK"}]
    redis = {"url": "redis://localhost", "password_env": "PASS"}
    loaded = load_config(write_config(tmp_path, receivers=receivers, redis=redis), {"HOOK": SECRET, "PASS": "hush\n"})

    assert len(loaded.receivers["a"].secrets) == 1
    assert loaded.redis_password == "hush"
    assert "hush" not in repr(loaded) and SECRET not in repr(loaded)


def test_without_a_route_the_first_receiver_gets_everything(tmp_path: Path) -> None:
    assert load_config(write_config(tmp_path)).route.receiver == "desk"


def test_a_route_is_read_whole(tmp_path: Path) -> None:
    child = {"match": {"topic": "a-*", "labels.desk": ["x", "y"]}, "continue": True}
    route = load_config(write_config(tmp_path, route={"receiver": "desk", "routes": [child]})).route

    assert route.routes[0].match == {"topic": ("a-*",), "labels.desk": ("x", "y")}
    assert route.routes[0].go_on


def test_a_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_config(tmp_path / "absent.yaml")


def test_every_accepted_key_is_read_somewhere() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "daemon").rglob("*.py"))
    unread = []
    for section in [each for each in vars(daemon.config.config).values() if isinstance(each, type)]:
        if issubclass(section, Section):
            for name, field in section.model_fields.items():
                only_one_way = get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1
                refused = field.annotation is Any
                if not refused and not only_one_way and not re.search(rf"\.{name}\b", code):
                    unread.append(f"{section.__name__}.{name}")

    assert unread == []


def test_no_pattern_counts_letters_of_all_scripts() -> None:
    """Each ``\\w{1,64}`` would take 3 MB: a length is said beside the pattern."""
    sections = [
        each for each in vars(daemon.config.config).values() if isinstance(each, type) and issubclass(each, Section)
    ]
    said = [part for section in sections for field in section.model_fields.values() for part in field.metadata]
    patterns = [part.pattern for part in said if getattr(part, "pattern", None)]

    assert patterns
    assert [each for each in patterns if re.search(r"\\w.*\{\d*,\d+\}", each)] == []


def test_every_key_says_what_it_means() -> None:
    undocumented = []
    models = [Config]
    for model in models:
        for name, field in model.model_fields.items():
            if not field.description:
                undocumented.append(f"{model.__name__}.{name}")
    assert undocumented == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("0s", 0), (0, 0), ("500ms", 0.5), ("25s", 25), ("1h30m", 5400), ("30d", 2_592_000), ("1.5s", 1.5)],
)
def test_durations(written: object, seconds: float) -> None:
    assert parse_duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "5", 5, True, None, "-5s", "5s 3m", "s", "5y", "99999999d", []])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(written)


@pytest.mark.parametrize("written", ["0s", "500ms", "25s", "90m", "72h", "30d", "1500ms"])
def test_a_duration_is_shown_as_it_may_be_written(written: str) -> None:
    assert parse_duration(show_duration(parse_duration(written))) == parse_duration(written)


@pytest.mark.parametrize(
    ("written", "address"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), ("[::1]:0", ("::1", 0)), ("localhost:80", ("localhost", 80))],
)
def test_addresses_to_listen_on(written: str, address: tuple[str, int]) -> None:
    assert parse_listen(written) == address


def test_a_key_given_as_a_files_name_is_not_repeated(tmp_path: Path) -> None:
    receivers = [{"name": "desk", "url": "https://example.org/", "secret_file": SECRET}]

    with pytest.raises(InvalidInput) as refused:
        load_config(write_config(tmp_path, receivers=receivers))

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("name", ["a\\u0000b", "a" * 5000, "/dev/zero"], ids=["zero", "long", "endless"])
def test_a_path_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace('"topics.yaml"', f'"{name}"'))

    with pytest.raises(InvalidInput, match="cannot be read"):
        load_tested_watch(path)


def test_a_sign_of_a_pattern_in_the_folders_name_is_a_letter(tmp_path: Path) -> None:
    folder = tmp_path / "a[1]*b"
    folder.mkdir()
    (folder / "x.jsonl").write_text("")

    assert glob.glob(file_pattern(folder, "*.jsonl")) == [str(folder / "x.jsonl")]  # noqa: PTH207
