"""Topics that the configuration speaks of and nothing watches: what is probably a slip, and no mistake for certain."""

from collections.abc import Collection, Iterator, Mapping

from alerts.model import Severity
from alerts.routing.conditions import NOT, AlertFacts, Match, holds
from daemon.config.config import Config
from daemon.config.load import Loaded
from daemon.config.route import RouteConfig
from daemon.config.secrets import Place
from processors.errors import Problem
from processors.yaml_document import load_yaml, nearest


def unwatched_topics(loaded: Loaded, topics: Collection[str]) -> Iterator[Problem]:
    """Warnings: each glob of a ``topic`` in routes, silences and inhibition that fits none of ``topics``."""
    found = [
        (place, glob)
        for where, match in _matches(loaded.config)
        for place, glob in _globs(where, match)
        if not any(_fits(glob, topic) for topic in topics)
    ]
    if not found:
        return
    document = load_yaml(str(loaded.path), loaded.path.read_text(encoding="utf-8-sig"))
    for place, glob in found:
        remedy = nearest(glob, topics) or "; mend the name, or add the topic's file to `topics`"
        yield document.problem(place, f"no topic that is watched fits `{glob}`{remedy}")


def _matches(config: Config) -> Iterator[tuple[Place, Match]]:
    if config.route is not None:
        yield from _of_route(config.route, ("route",))
    for number, silence in enumerate(config.silences):
        yield ("silences", number, "match"), silence.match
    for number, rule in enumerate(config.inhibit_rules):
        yield ("inhibit_rules", number, "source"), rule.source
        yield ("inhibit_rules", number, "target"), rule.target


def _of_route(route: RouteConfig, place: Place) -> Iterator[tuple[Place, Match]]:
    yield (*place, "match"), route.match
    for number, child in enumerate(route.routes):
        yield from _of_route(child, (*place, "routes", number))


def _globs(where: Place, match: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Place, str]]:
    for number, glob in enumerate(match.get("topic", ())):
        yield (*where, "topic", number), glob.removeprefix(NOT)


def _fits(glob: str, topic: str) -> bool:
    return holds({"topic": (glob,)}, AlertFacts(topic=topic, severity=Severity.INFO))
