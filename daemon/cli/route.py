"""``rasid route``: who would be told of an article, or of an alert described, and why; it sends nothing."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.cli.config_option import add_config_option

if TYPE_CHECKING:
    from alerts.routing.conditions import AlertFacts
    from alerts.silences.silence import Silence
    from daemon.watch import Watch
    from processors.model import Article

EXAMPLES = """examples:
  rasid route -c rasid.yaml article.json
  rasid route -c rasid.yaml article.json --at 2026-11-27T23:30:00+02:00
  rasid route -c rasid.yaml topic=syria-egypt-relations lang=ar source=سانا
  rasid route -c rasid.yaml topic=floods severity=critical --verify duty,desk
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "route",
        help="who would be told of an article, by which route, and what keeps it from whom",
        description="Takes an article in JSON (or several, one a line) past the topics, or an alert described by "
        "KEY=VALUE, and shows each receiver that routes lead to: told, muted by which interval, silenced by which "
        "silence. Silences of the daemon that runs with this configuration count too, where one answers. Nothing is "
        "sent. Exit status 1 where --verify is not so.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_option(parser)
    parser.add_argument(
        "about",
        nargs="+",
        metavar="FILE|KEY=VALUE",
        help="an article (- is standard input), or topic, severity, lang, source, entity, story, labels.NAME of one",
    )
    parser.add_argument("--at", metavar="TIME", help="as if it were then: a date or a moment; default: now")
    parser.add_argument(
        "--verify", metavar="NAMES", help="exactly these receivers, with commas between, must be told of each alert"
    )
    parser.add_argument("--format", choices=("table", "jsonl"), help="default: table on a terminal, else jsonl")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import json
    import time

    from daemon.config.since import moment_ms
    from daemon.watch import load_watch
    from daemon.whom import whom

    try:
        now_ms = moment_ms(options.at) if options.at else time.time_ns() // 1_000_000
    except ValueError as error:
        print(f"rasid route: --at: {error}", file=sys.stderr)
        return 2
    watch = load_watch(options.config)
    expected = None if options.verify is None else {name.strip() for name in options.verify.split(",") if name.strip()}
    try:
        _check_names(expected or (), watch)
        alerts, status = _alerts(options.about, watch)
    except ValueError as error:
        print(f"rasid route: {error}", file=sys.stderr)
        return 2
    silences = (*watch.loaded.silences, *_of_the_daemon(options.config))
    lines = options.format == "jsonl" or (options.format is None and not sys.stdout.isatty())
    known: dict[str, dict[str, list[AlertFacts]]] = {}  # what each receiver would know of the story of each article
    for article, facts, urgent in alerts:
        heard = known.setdefault(article, {})
        found = whom(watch, facts, silences, now_ms, heard, urgent=urgent) if facts is not None else []
        receivers = [each.shown() for each in found]
        for each in receivers:
            if each["told"] and facts is not None:
                heard.setdefault(each["receiver"], []).append(facts)
        answer = _answer(article, facts, receivers)
        for line in [json.dumps(answer, ensure_ascii=False)] if lines else table(answer):
            print(line)
        told = {each["receiver"] for each in receivers if each["told"]}
        if expected is not None and told != expected:
            print(f"rasid route: told: {_listed(told)}; expected: {_listed(expected)}", file=sys.stderr)
            status = max(status, 1)
    return status


def table(answer: dict[str, Any]) -> Iterator[str]:
    """The lines that a person reads."""
    about = f"\u2068{answer['article']}\u2069: " if answer["article"] else ""
    if answer["topic"] is None:
        yield f"{about}no topic matches: nobody is told"
        return
    yield f"{about}{answer['topic']} ({answer['severity']})"
    for each in answer["receivers"]:
        match = " ".join(f"{key}={'|'.join(globs)}" for key, globs in each["match"].items())
        fate = "told" if each["told"] else f"not told: {each['because']}" + (f" ({each['by']})" if each["by"] else "")
        yield f"  {each['receiver']}: {fate}"
        yield f"      by {each['route']}" + (f" \u2068{match}\u2069" if match else "")
        if each["pacing"]:
            yield f"      {each['pacing']}"
    if not answer["receivers"]:
        yield "  no route leads to a receiver"


def _answer(article: str, facts: "AlertFacts | None", receivers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "article": article,
        "topic": facts.topic if facts is not None else None,
        "severity": facts.severity.value if facts is not None else None,
        "labels": dict(facts.labels) if facts is not None else {},
        "entities": sorted(facts.entities) if facts is not None else [],
        "receivers": receivers,
    }


def _alerts(about: Sequence[str], watch: "Watch") -> "tuple[list[tuple[str, AlertFacts | None, bool]], int]":
    """Article and facts of each alert, and whether the article says that it is urgent; without facts where no topic
    matches. ``ValueError`` says what was not meant."""
    from alerts.pacing.urgent import says_urgent
    from alerts.routing.inhibition import is_target
    from daemon.alert_facts import facts_of
    from processors.ids import story_id

    described = [each for each in about if "=" in each and not Path(each).exists()]
    if described:
        if len(described) < len(about):
            raise ValueError("either files, or an alert described by KEY=VALUE: not both")
        return [("", _described(described, watch), False)], 0
    found: list[tuple[str, AlertFacts | None, bool]] = []
    articles, status = _articles(about)
    for article in articles:
        verdicts = watch.watchlist.match(article)
        story = story_id(watch.loaded.config.name, article.id)  # as if it began one
        of_article = [facts_of(watch, article, verdict, story) for verdict in verdicts]
        of_article.sort(key=lambda facts: is_target(facts, watch.loaded.inhibitions))  # as they would be told
        urgent = says_urgent(article.title, article.section)
        found += [(article.id, facts, urgent) for facts in of_article]
        found += [(article.id, None, urgent)] if not verdicts else []
    if not found and not status:
        raise ValueError(f"{', '.join(about)}: no article is in it")
    return found, status


def _articles(names: Sequence[str]) -> "tuple[list[Article], int]":
    """One article in a file, over many lines, or one a line."""
    from daemon.cli.article_input import Input
    from daemon.file_small import Unreadable, read_small
    from daemon.sources.decode import Decoder
    from daemon.sources.file_lines import STANDARD_INPUT
    from processors.errors import InvalidArticle

    articles: list[Article] = []
    left = []
    for name in names:
        try:
            if name == STANDARD_INPUT:
                raise Unreadable
            articles.append(Decoder().decode(read_small(Path(name)).encode()).article)
        except (Unreadable, InvalidArticle):
            left.append(name)  # and told of there, where it is none either
    lines = Input(left) if left else None
    articles += list(lines) if lines is not None else []
    return articles, lines.status if lines is not None else 0


def _described(written: Sequence[str], watch: "Watch") -> "AlertFacts":
    from alerts.model import Severity
    from alerts.routing.conditions import MATCH_KEYS, STORY, AlertFacts, known_match_key
    from daemon.alert_facts import topic_facts
    from processors.yaml_document import nearest

    values: dict[str, list[str]] = {}
    for each in written:
        key, _, value = each.partition("=")
        if not known_match_key(key) and key != STORY:
            known = (*MATCH_KEYS, STORY, "labels.NAME")
            raise ValueError(f"an alert has no `{key}`{nearest(key, known) or '; expected ' + ', '.join(known)}")
        if values.setdefault(key, []) and key != "entity":
            raise ValueError(f"`{key}` stands twice")
        values[key].append(value)
    one = {key: each[0] for key, each in values.items()}
    if "topic" not in one:
        raise ValueError("say of which topic it is: topic=NAME")
    if one["topic"] not in watch.topics:
        raise ValueError(f"no topic that is watched is called `{one['topic']}`{nearest(one['topic'], watch.topics)}")
    topic = topic_facts(watch, one["topic"])
    severities = [each.value for each in Severity]
    severity = one.get("severity", topic.severity.value)
    if severity not in severities:
        raise ValueError(f"unknown severity `{severity}`{nearest(severity, severities)}")
    labels = {key.removeprefix("labels."): value for key, value in one.items() if key.startswith("labels.")}
    return AlertFacts(
        topic=one["topic"],
        severity=Severity(severity),
        labels={**topic.labels, **labels},
        lang=one.get("lang", ""),
        source=one.get("source", ""),
        entities=_both_names(values.get("entity", ()), watch),
        story=one.get(STORY, ""),
    )


def _both_names(entities: Sequence[str], watch: "Watch") -> frozenset[str]:
    """Each by its id and its key, whichever was written. ``ValueError`` where there is none."""
    from processors.yaml_document import nearest

    by_key = {names.key: id_ for id_, names in watch.entities.items()}
    found: set[str] = set()
    for each in (entity.removeprefix("@") for entity in entities):
        id_ = by_key.get(each, each)
        if id_ not in watch.entities:
            raise ValueError(f"no entity is called `{each}`{nearest(each, by_key)}")
        found |= {id_, watch.entities[id_].key}
    return frozenset(found)


def _check_names(names: Sequence[str] | set[str], watch: "Watch") -> None:
    from processors.yaml_document import nearest

    for name in names:
        if name not in watch.receivers:
            raise ValueError(f"--verify: no receiver is called `{name}`{nearest(name, watch.receivers)}")


def _of_the_daemon(config: Path) -> "Sequence[Silence]":
    """Those that a running daemon knows besides the file's."""
    from alerts.errors import Refused, Unavailable
    from alerts.silences.silence import Silence
    from daemon.cli.http_client import Client
    from daemon.config.silence_load import FROM_FILE
    from daemon.config.since import moment_ms

    try:
        silences = Client(config).get("/api/v1/silences")["silences"]
    except (Unavailable, Refused) as error:
        print(f"rasid route: only silences of the file are known: {error}", file=sys.stderr)
        return ()
    return [
        Silence(
            id=each["id"],
            match={key: tuple(globs) for key, globs in each["match"].items()},
            author=each["author"],
            comment=each["comment"],
            start_ms=moment_ms(each["start"]) if each["start"] else 0,
            end_ms=moment_ms(each["end"]),
        )
        for each in silences
        if not each["id"].startswith(FROM_FILE)
    ]


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"
