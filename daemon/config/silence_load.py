"""The silences of the configuration, from their types to the values that alerts are held against."""

from alerts.routing.conditions import STORY
from alerts.silences.silence import Silence, a_silence
from daemon.config.config import Config
from daemon.config.route_load import match_problems
from daemon.config.secrets import Secrets

FROM_FILE = "file:"
"""Before the name: the id of a silence of the configuration."""


def read_silences(config: Config, secrets: Secrets) -> tuple[Silence, ...]:
    """All of them; every problem goes to ``secrets``, which keeps those of the whole file."""
    silences: dict[str, Silence] = {}
    for number, each in enumerate(config.silences):
        place = ("silences", number)
        if FROM_FILE + each.name in silences:
            secrets.wrong((*place, "name"), f"`{each.name}` stands twice: give it another name")
        for key, message in match_problems(each.match, STORY):
            secrets.wrong((*place, "match", key), message)
        try:
            silence = a_silence(
                each.match,
                author=each.author,
                comment=each.comment,
                start_ms=each.start or 0,
                end_ms=each.end,
                id_=FROM_FILE + each.name,
            )
        except ValueError as error:
            secrets.wrong(place, str(error))
        else:
            silences[silence.id] = silence
    return tuple(silences.values())
