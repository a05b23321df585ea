"""What a backtest watches: topics without a configuration, or a configuration with other topics."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from alerts.receiver import Receiver, Route
from daemon.compiled import compile_chosen
from daemon.config.config import Config
from daemon.config.load import Loaded
from daemon.watch import Watch, watch_of

DESK = "desk"
"""The receiver of everything, where no configuration says who is told."""


def desk_watch(topics: Iterable[str], entities: Iterable[str], *, name: str) -> Watch:
    """Topics and entities given by name, one receiver that is told everything. Raises ``InvalidInput``."""
    config = Config.model_validate({"name": name, "state_dir": Path(), "sources": ()})
    loaded = Loaded(
        path=Path(),
        config=config,
        folder=Path(),
        receivers={DESK: Receiver(DESK, "", ())},
        route=Route(receiver=DESK),
        silences=(),
        inhibitions=(),
        token=None,
        redis_password=None,
        kafka_passwords={},
    )
    watchlist, gazetteer, _ = compile_chosen(topics, entities, Path(), config.limits.max_text_chars)
    return watch_of(loaded, watchlist, gazetteer)


def named(loaded: Loaded, name: str | None) -> Loaded:
    """The configuration of a daemon of that name; unchanged without one."""
    return replace(loaded, config=loaded.config.model_copy(update={"name": name})) if name else loaded


def with_topics(loaded: Loaded, topics: Iterable[str]) -> Watch:
    """The configuration's entities and routes, and these topics, found from where we stand. Raises ``InvalidInput``."""
    entities = [str(loaded.folder / each) for each in loaded.config.entities]
    watchlist, gazetteer, _ = compile_chosen(topics, entities, Path(), loaded.config.limits.max_text_chars)
    return watch_of(loaded, watchlist, gazetteer)
