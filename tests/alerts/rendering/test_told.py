"""What a receiver's templates change, and that a template which fails costs no alert."""

from alerts.model import Attempt, Reply
from alerts.receiver import Receiver
from alerts.rendering.event import Style
from alerts.rendering.examples import example_deliveries
from alerts.rendering.template import Medium, MessageTemplate
from alerts.rendering.told import Templates, flawed, told

EXAMPLES = example_deliveries(Receiver(name="desk", url="", secrets=()), 1_795_608_000_000)
STYLE = Style("en")


def made(source: str, medium: Medium = Medium.PLAIN) -> MessageTemplate:
    return MessageTemplate(source, medium, STYLE)


def test_each_part_that_has_a_template_is_told_by_it_and_the_others_in_our_words() -> None:
    body = EXAMPLES["alert.opened"].body
    _, message = told(body, STYLE, Templates(title=made("{{ severity }}\n{{ topic }}")))
    _, ours = told(body, STYLE, Templates())

    assert message.title == "\u200e\u2068warning\u2069 \u2068A test of Rasid\u2069", "a title is one line"
    assert message.text == ours.text

    _, message = told(
        body, STYLE, Templates(text=made("{{ title }}\n{{ text }}"), html=made("<p>{{ url }}", Medium.HTML))
    )
    assert message.text == f"{ours.title}\n{ours.text}"
    assert message.page == "<p>https://news.example/rasid/test?number=1"


def test_a_template_that_fails_for_an_event_leaves_it_told_in_our_words() -> None:
    templates = Templates(title=made("{{ article.title }}"), text=made("{{ 1 / alert.number }}"))
    for kind, delivery in EXAMPLES.items():
        _, message = told(delivery.body, STYLE, templates)
        _, ours = told(delivery.body, STYLE, Templates())
        assert bool(message.flaw) == (not kind.startswith("alert.") or kind == "alert.digest")
        assert not message.flaw or (message.title, message.text) == (ours.title, ours.text)


def test_a_delivery_says_that_a_template_failed_but_only_once_it_arrived() -> None:
    _, message = told(EXAMPLES["alert.digest"].body, STYLE, Templates(title=made("{{ article.title }}")))
    delivered, failed = Attempt(Reply.DELIVERED, 200), Attempt(Reply.FAILED, 500)

    assert flawed(delivered, message).error == "template" and "title" in flawed(delivered, message).excerpt
    assert flawed(failed, message) == failed
