"""What a receiver's templates change, and that a template which fails costs no alert."""

from msgspec.structs import replace

from alerts.model import Attempt, Reply
from alerts.receiver import Receiver
from alerts.rendering.event import Style
from alerts.rendering.examples import example_deliveries
from alerts.rendering.template import Medium, MessageTemplate
from alerts.rendering.told import Templates, flawed, told

EXAMPLES = example_deliveries(Receiver(name="desk", url="", secrets=()), 1_795_608_000_000)
STYLE = Style("en")


def made(source: str, medium: Medium = Medium.PLAIN) -> MessageTemplate:
    return MessageTemplate(source, medium)


def test_each_part_that_has_a_template_is_told_by_it_and_the_others_in_our_words() -> None:
    delivery = EXAMPLES["alert.opened"]
    _, message = told(delivery, STYLE, Templates(title=made("{{ severity }}\n{{ topic }}")))
    _, ours = told(delivery, STYLE, Templates())

    assert message.title == "\u200e\u2068warning\u2069 \u2068A test of Rasid\u2069", "a title is one line"
    assert message.text == ours.text

    _, message = told(
        delivery, STYLE, Templates(text=made("{{ title }}\n{{ text }}"), html=made("<p>{{ url }}", Medium.HTML))
    )
    assert message.text == f"{ours.title}\n{ours.text}"
    assert message.page == "<p>https://news.example/rasid/test?number=1"


def test_a_template_that_fails_for_an_event_leaves_it_told_in_our_words() -> None:
    templates = Templates(title=made("{{ article.title }}"), text=made("{{ 1 / alert.number }}"))
    for kind, delivery in EXAMPLES.items():
        _, message = told(delivery, STYLE, templates)
        _, ours = told(delivery, STYLE, Templates())
        assert bool(message.flaw) == (not kind.startswith("alert.") or kind == "alert.digest")
        assert not message.flaw or (message.title, message.text) == (ours.title, ours.text)


def test_a_delivery_says_that_a_template_failed_but_only_once_it_arrived() -> None:
    _, message = told(EXAMPLES["alert.digest"], STYLE, Templates(title=made("{{ article.title }}")))
    delivered, failed = Attempt(Reply.DELIVERED, 200), Attempt(Reply.FAILED, 500)

    assert flawed(delivered, message).error == "template" and "title" in flawed(delivered, message).excerpt
    assert flawed(failed, message) == failed


def test_a_route_decides_in_whose_words_and_by_which_clock_its_alerts_are_told() -> None:
    delivery = replace(EXAMPLES["alert.opened"], locale="ar", timezone="Africa/Cairo")
    _, message = told(delivery, STYLE, Templates(text=made("{{ article.published|time }}")))

    assert "تجربة راصد" in message.title and message.title.startswith("\u200f")
    assert message.text == "\u200f\u20682026-11-25 13:57 UTC+2\u2069"


def test_a_clock_that_this_machine_does_not_know_costs_no_alert() -> None:
    delivery = replace(EXAMPLES["alert.opened"], timezone="Mars/Olympus")

    assert "UTC" in told(delivery, STYLE, Templates())[1].text
