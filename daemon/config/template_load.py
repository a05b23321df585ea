"""A receiver's templates, compiled, and tried with an example of every type of event that it takes."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.model import Delivery
from alerts.receiver import Receiver
from alerts.rendering.composed import TemplateProblem
from alerts.rendering.event import Style, read_event
from alerts.rendering.examples import example_deliveries
from alerts.rendering.message import message_of
from alerts.rendering.told import Templates, facts_of
from alerts.routing.routing import takes
from alerts.target import Kind
from daemon.config.receiver import ReceiverConfig
from daemon.config.secrets import Place, Secrets
from processors.errors import Problem

if TYPE_CHECKING:
    from alerts.rendering.template import MessageTemplate

_NOON_MS = 1_795_608_000_000
"""When the examples are of: any time does."""


def read_templates(written: ReceiverConfig, style: Style, place: Place, secrets: Secrets) -> Templates:
    """The templates that ``written`` has; each that cannot be used is a problem with its file and line."""
    if written.templates is None:
        return Templates()
    from alerts.rendering.template import Medium, MessageTemplate

    medium = Medium.CHAT if written.type is Kind.SLACK else Medium.PLAIN
    own = written.templates
    compiled: dict[str, MessageTemplate | None] = {}
    for key, inline, file, shown in (
        ("title", own.title, None, medium),
        ("text", own.text, own.text_file, medium),
        ("html", own.html, own.html_file, Medium.HTML),
    ):
        named = (*place, "templates", key if file is None else f"{key}_file")
        source = inline if file is None else secrets.text(file, None, named)
        compiled[key] = None
        if source is None:
            continue
        try:
            template = compiled[key] = MessageTemplate(source, shown)
            _try(template, written, style)
        except TemplateProblem as problem:
            _note(problem, source, file, named, secrets)
    return Templates(compiled["title"], compiled["text"], compiled["html"])


def _try(template: "MessageTemplate", written: ReceiverConfig, style: Style) -> None:
    """Raise ``TemplateProblem`` where it cannot tell one of the events that the receiver takes."""
    asked = Receiver(name=written.name, url="", secrets=(), events=written.events)
    for kind, delivery in _examples().items():
        if takes(asked, kind):
            event = read_event(delivery.body)
            try:
                template.render(facts_of(event, message_of(event, style), style), style)
            except TemplateProblem as problem:
                tried = f"(tried with an example: ask for such events with {{% if event == '{kind}' %}})"
                raise TemplateProblem(problem.line, f"{problem.message} {tried}") from None


def _note(problem: TemplateProblem, source: str, file: Path | None, named: Place, secrets: Secrets) -> None:
    message = f"the template cannot be used: {problem.message}"
    if file is not None:
        secrets.problems.append(Problem(str(file), problem.line, 1 if problem.line else 0, message))
    else:
        secrets.wrong_in_text(named, source, problem.line, message)


@lru_cache(maxsize=1)
def _examples() -> Mapping[str, Delivery]:
    return example_deliveries(Receiver(name="example", url="", secrets=()), _NOON_MS)
