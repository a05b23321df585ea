"""Templates tell what they are asked to, end soon whatever they ask for, and let no headline do harm."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rendering.composed import Composed, TemplateProblem
from alerts.rendering.event import Style
from alerts.rendering.template import Medium, MessageTemplate
from tests.growth import costs_no_more_than

LONG = "ا" * 20_000


def rendered(source: str, medium: Medium = Medium.PLAIN, **facts: Any) -> str:
    return MessageTemplate(source, medium).render(facts, Style())


@pytest.mark.parametrize(
    ("source", "facts", "shown"),
    [
        ("new: {{ a }}", {"a": "خبر"}, "new: \u2068خبر\u2069"),
        ("{{ a }} of {{ b }}", {"a": 3, "b": 4.5}, "\u20683\u2069 of \u20684.5\u2069"),
        ("{{ url }}", {"url": "https://n.example/1"}, "https://n.example/1"),
        ("{{ a|bare }}", {"a": "n.example"}, "n.example"),
        ("{{ a }}", {"a": "two\nlines\u202e turned"}, "\u2068two lines turned\u2069"),
        ("{{ a }}", {"a": None}, ""),
        ("{{ a }}", {"a": Composed("ours\nas it is")}, "ours\nas it is"),
        ("{{ a|time }}", {"a": "2026-03-01T12:05:00.000Z"}, "\u20682026-03-01 12:05 UTC\u2069"),
        ("{{ a|time }}", {"a": None}, ""),
        (
            "{% for x in a %}{{ x.t|upper }}/{{ loop.length }} {% endfor %}",
            {"a": [{"t": "a"}]},
            "\u2068A\u2069/\u20681\u2069 ",
        ),
        ("{{ a|map('upper')|join(', ') }}", {"a": ["a", "b"]}, "\u2068A, B\u2069"),
        ("{{ a|join(', ', 't') }}", {"a": [{"t": "a"}, {"t": "b"}]}, "\u2068a, b\u2069"),
        ("{{ a|replace('x', 'yy') }}", {"a": "xox"}, "\u2068yyoyy\u2069"),
        ("{% if a.startswith('ال') %}yes{% endif %}", {"a": "القاهرة"}, "yes"),
        ("{{ a ~ '-' ~ (1 + 2 * 3) }}", {"a": "n"}, "\u2068n-7\u2069"),
        ("{{ a.get('b', 'none') }}", {"a": {}}, "\u2068none\u2069"),
    ],
)
def test_a_template_shows_what_it_names_each_in_its_own_direction(
    source: str, facts: dict[str, Any], shown: str
) -> None:
    assert rendered(source, **facts) == shown


@pytest.mark.parametrize(
    ("medium", "shown"),
    [
        (Medium.HTML, "\u2068&lt;!channel&gt; @all [a](b)\u2069 <b>"),
        (Medium.CHAT, "\u2068&lt;!channel&gt; @\u2060all [a]\u2060(b)\u2069 <b>"),
        (Medium.PLAIN, "\u2068<!channel> @all [a](b)\u2069 <b>"),
    ],
)
def test_news_is_no_markup_wherever_it_is_shown_and_the_templates_own_is(medium: Medium, shown: str) -> None:
    assert rendered("{{ a }} <b>", medium, a="<!channel> @all [a](b)") == shown


TOO_MUCH = [
    "{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}",
    "{% for i in range(1000000000) %}{% endfor %}",
    "{% for i in range(10**9) %}{% endfor %}",
    "{{ 'x' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 'x'|center(1000000000) }}",
    "{{ 'x'.center(1000000000) }}",
    "{{ 'x'.zfill(1000000000) }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ '%0999999999d'|format(1) }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ a|indent(1000000000) }}",
    "{{ a|replace('', a) }}",
    "{{ 9**9**9**9 }}",
    "{% set n = namespace(s='xx') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
    "{% set n = namespace(s='xx') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "{% set n = namespace(s=9) %}{% for i in range(99) %}{% set n.s = n.s * n.s %}{% endfor %}",
    "{% for i in range(1000) %}{{ a }}{% endfor %}",
    "{% set y %}{% for i in range(1000) %}" + "x" * 15_000 + "{% endfor %}{% endset %}",
    "{{ [" + "a," * 1000 + "]|join }}",
    "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    "{% for x in [[[]]] recursive %}{{ loop(x) }}{% endfor %}",
    "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "x" * 20_000,
]
SLOW = [
    "{% for i in range(1000) %}{% for j in range(40) %}{% if 'ab' in a %}{% endif %}{% endfor %}{% endfor %}",
    "{% for i in range(1000) %}{{ a|upper|lower|upper|lower == a|upper }}{% endfor %}",
    "{% for i in range(1000) %}{{ a|sort|length }}{% endfor %}",
    "{% for i in range(1000) %}{{ a|unique|list|length }}{% endfor %}",
]


MOST_STEPS = 80 * 1_000_000
"""Of a bare loop, in the time of which any template ends: two seconds of an ordinary core."""


@pytest.mark.parametrize("source", [*TOO_MUCH, *SLOW])
def test_whatever_a_template_asks_for_it_ends_soon(source: str) -> None:
    def shown() -> str:
        try:
            return rendered(source, a=LONG)
        except TemplateProblem:
            return ""

    assert costs_no_more_than(MOST_STEPS, shown)
    assert len(shown()) < 200_000


@pytest.mark.parametrize("source", TOO_MUCH)
def test_what_grows_or_never_ends_is_refused(source: str) -> None:
    with pytest.raises(TemplateProblem):
        rendered(source, a=LONG)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ a.__init__.__globals__ }}",
        "{{ a|map(attribute='__class__')|join }}",
        "{{ range.__globals__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ a.pop() }}",
        "{{ lipsum() }}",
        "{{ a|random }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% autoescape false %}{{ a }}{% endautoescape %}",
        "{{ a|safe }}",
        "{{ range }}",
        "{{ a }}",
    ],
)
def test_a_template_reaches_nothing_but_the_event(source: str) -> None:
    with pytest.raises(TemplateProblem):
        rendered(source, Medium.HTML, a=[1, 2])


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("a\nb\n{% if %}", 3, "Expected an expression"),
        ("a\n{{ titel }}", 2, "'titel' is undefined"),
        ("\n\n{{ a.b.c }}", 3, "no attribute 'b'"),
        ("{% for x in a %}\n{{ x / 0 }}{% endfor %}", 2, "division by zero"),
        ("\n{{ a.pop() }}", 2, "what it calls is not there"),
        ("\n{{ a|nothing }}", 2, "No filter named 'nothing'"),
        ("\n{% macro m() %}{% endmacro %}", 2, "macro is not there"),
    ],
)
def test_a_problem_names_the_line_and_what_is_wrong(source: str, line: int, says: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        rendered(source, a=[1])

    assert caught.value.line == line and says in caught.value.message
    assert " at 0x" not in caught.value.message


def test_a_template_can_be_used_again_after_it_spent_everything() -> None:
    template = MessageTemplate("{% for i in a %}{{ i }}{% endfor %}", Medium.PLAIN)
    with pytest.raises(TemplateProblem):
        template.render({"a": ["x"] * 100_000}, Style())

    assert template.render({"a": ["x"]}, Style()) == "\u2068x\u2069"


@given(st.text(max_size=200))
def test_no_text_makes_a_template_do_anything_but_end(source: str) -> None:
    try:
        assert isinstance(rendered(source, a="x"), str)
    except TemplateProblem as problem:
        assert problem.message


@given(st.text(), st.sampled_from(list(Medium)))
def test_no_headline_leaves_its_line_its_isolate_or_its_element(headline: str, medium: Medium) -> None:
    shown = rendered("«{{ a }}»", medium, a=headline)

    assert shown.startswith("«") and shown.endswith("»")
    inside = shown[1:-1]
    assert inside == "" or headline.startswith("http") or (inside[0], inside[-1]) == ("\u2068", "\u2069")
    assert "\n" not in shown and "\u202e" not in shown and shown.count("\u2069") <= 1
    assert medium is Medium.PLAIN or "<" not in shown
