"""The inhibition rules of the configuration, from their types to the values that alerts are held against."""

from alerts.routing.conditions import STORY
from alerts.routing.inhibition import SOURCE_KEYS, Inhibition
from daemon.config.config import Config
from daemon.config.route_load import match_problems
from daemon.config.secrets import Secrets
from processors.yaml_document import nearest

_LABEL = "labels."


def read_inhibitions(config: Config, secrets: Secrets) -> tuple[Inhibition, ...]:
    """All of them; every problem goes to ``secrets``, which keeps those of the whole file."""
    rules = []
    for number, each in enumerate(config.inhibit_rules):
        for side, match in (("source", each.source), ("target", each.target)):
            place = ("inhibit_rules", number, side)
            if not match:
                secrets.wrong(place, f'the {side} needs a condition: `topic: "*"` is any alert')
            for key, message in match_problems(match):
                secrets.wrong((*place, key), message)
        for key in each.source:
            if key in ("lang", "source", "entity"):
                known = f"{', '.join(SOURCE_KEYS)} and labels.NAME"
                secrets.wrong(
                    ("inhibit_rules", number, "source", key),
                    f"of an alert told before, `{key}` is not known: its conditions are about {known}",
                )
        labels = [key for key in each.equal if key != STORY]
        if STORY not in each.equal:
            secrets.wrong(
                ("inhibit_rules", number, "equal"), "`story` must be in it: alerts inhibit within a story only"
            )
        for key in labels:
            if not key.startswith(_LABEL) or key == _LABEL:
                close = nearest(key, (STORY, "labels.NAME"))
                secrets.wrong(("inhibit_rules", number, "equal"), f"`{key}` is none of story, labels.NAME{close}")
        rules.append(Inhibition(each.source, each.target, tuple(key.removeprefix(_LABEL) for key in labels)))
    return tuple(rules)
