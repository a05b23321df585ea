"""What is watched, and who is told: everything that a reload replaces, in one value that never changes."""

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alerts.model import Severity
from alerts.notices.facts import EntityNames, TopicFacts
from alerts.receiver import Receiver, Route
from alerts.senders.apprise_sender import why_unusable
from alerts.target import Kind
from daemon.compiled import compile_chosen
from daemon.config.load import Loaded, read_config
from daemon.config.unwatched import unwatched_topics
from daemon.config.values import files_in
from daemon.selection import files_of
from processors.entities.aliases import plain_name
from processors.entities.entity_file import NameForm
from processors.entities.gazetteer import Gazetteer
from processors.errors import InvalidInput, Problem
from processors.model import Article
from processors.stories.fingerprint import fingerprint
from processors.stories.named import Named
from processors.stories.reasons import TOPIC_UPDATES
from processors.topics.examples import run_tests
from processors.topics.topic import BUILT_IN, Topic
from processors.topics.watchlist import Watchlist
from processors.yaml_document import load_yaml


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Watch:
    """One consistent set. A batch sees one set from its first record to its last."""

    loaded: Loaded
    watchlist: Watchlist
    topics: Mapping[str, TopicFacts]
    entities: Mapping[str, EntityNames]
    named: Named
    warnings: Sequence[Problem] = ()  # what is probably a slip, and works

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        """Who can be told."""
        return self.loaded.receivers

    @property
    def route(self) -> Route:
        """Who is told what."""
        return self.loaded.route


def load_watch(path: Path) -> Watch:
    """Everything that the configuration at ``path`` names. Raises ``InvalidInput`` with all problems."""
    loaded, wrong = read_config(path)
    config, problems = loaded.config, [*wrong, *service_problems(loaded)]
    try:
        watchlist, gazetteer, warnings = compile_chosen(
            config.topics, config.entities, loaded.folder, config.limits.max_text_chars
        )
    except InvalidInput as error:
        raise InvalidInput([*problems, *error.problems]) from error
    if problems:
        raise InvalidInput(problems)
    watch = watch_of(loaded, watchlist, gazetteer)
    return replace(watch, warnings=(*warnings, *unwatched_topics(loaded, watch.topics)))


def watch_of(loaded: Loaded, watchlist: Watchlist, gazetteer: Gazetteer) -> Watch:
    """What is watched, of its compiled parts."""
    fingerprint(Article(id="", title="1"))  # its tables are read now, and not while the first article waits
    return Watch(
        loaded=loaded,
        watchlist=watchlist,
        topics={name: _facts(topic) for name, topic in watchlist.topics.items() if topic.file.enabled},
        entities=_names(gazetteer),
        named=Named(gazetteer),
    )


def load_tested_watch(path: Path) -> Watch:
    """The same for ``rasid run``: own topics that fail their tests are refused too, at the start and at a reload."""
    watch = load_watch(path)
    own = [name for name in watch.topics if not watch.watchlist.topics[name].document.path.startswith(BUILT_IN)]
    failures = [failure.problem for name in own for failure in run_tests(watch.watchlist, name)]
    if failures:
        raise InvalidInput(failures)
    return watch


def watched_files(watch: Watch) -> Iterator[Path]:
    """Files whose change means a reload."""
    loaded, config = watch.loaded, watch.loaded.config
    yield loaded.path
    yield from files_of(config.topics, loaded.folder)
    yield from files_of(config.entities, loaded.folder)
    for receiver in config.receivers:
        yield from files_in(receiver)


def service_problems(loaded: Loaded) -> Iterator[Problem]:
    """Receivers that Apprise cannot send to. Each takes a second, so this is asked only where they are to be used."""
    for number, receiver in enumerate(loaded.receivers.values()):
        if receiver.target.kind is Kind.APPRISE and (why := why_unusable(receiver)) is not None:
            document = load_yaml(str(loaded.path), loaded.path.read_text(encoding="utf-8-sig"))
            yield document.problem(("receivers", number), why)


def source_problems(watch: Watch) -> Sequence[Problem]:
    """File sources that nothing fits and nothing ever will."""
    loaded = watch.loaded
    problems = []
    for source in loaded.config.sources:
        if source.file is not None and not source.file.follow:
            pattern = file_pattern(loaded.folder, source.file.path)
            if not any(Path(path).is_file() for path in glob.iglob(pattern, recursive=True)):  # noqa: PTH207
                message = f"no file fits {source.file.path}: mend the path, or set `follow: true` to wait for one"
                problems.append(Problem(str(loaded.path), 0, 0, message))
    return problems


def file_pattern(folder: Path, path: str) -> str:
    """What a file source looks for. A sign of a pattern in the folder's own name is a letter of it."""
    return str(Path(glob.escape(str(folder))) / path)


def _facts(topic: Topic) -> TopicFacts:
    file = topic.file
    return TopicFacts(
        id=topic.name,
        severity=Severity(file.severity),
        labels=file.labels,
        titles=file.title,
        updates=file.updates.over(TOPIC_UPDATES),
    )


def _names(gazetteer: Gazetteer) -> Mapping[str, EntityNames]:
    return {
        entry.id: EntityNames(_first(entry.names, "ar"), _first(entry.names, "en", "fr", "tr"), entry.key)
        for entry in gazetteer.entities.values()
    }


def _first(names: Mapping[str, Sequence[str | NameForm]], *languages: str) -> str:
    for language in languages:
        for form in names.get(language, ()):
            return plain_name(form)
    return ""
