"""Templates that a desk writes: Jinja2 in its sandbox and within a budget, with news in them that stays harmless.

Whatever a template shows is made safe for where it is shown: one line, escaped for HTML or a chat, and in an isolate,
so that it reads in its own direction (a link is left bare, or it could not be clicked). Pure.
"""

import traceback
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup

from alerts.notices.plain_text import clean, isolate
from alerts.rendering.budget import LARGEST_TEMPLATE, Budget, Spent, callable_safely, short_range, within_budget
from alerts.rendering.chat import escaped
from alerts.rendering.composed import Composed, TemplateProblem
from alerts.rendering.event import Style, shown_time

_NAME = "<template>"
"""How frames of a compiled template are called in a traceback."""

_FILTERS = (
    "abs d default e escape first float int last length list lower map reject rejectattr round select selectattr sort "
    "string title tojson trim truncate unique upper urlencode wordcount"
).split()
"""Of Jinja's, those whose result is no larger than what they are given, and the same every time."""

_LONGEST_VALUE = 20_000


class Medium(StrEnum):
    """Where a text is shown, which decides what is a sign in it."""

    PLAIN = "plain"
    CHAT = "chat"
    HTML = "html"


class MessageTemplate:
    """One template, compiled. Raises ``TemplateProblem``."""

    def __init__(self, source: str, medium: Medium) -> None:
        if len(source) > LARGEST_TEMPLATE:
            raise TemplateProblem(0, f"longer than {LARGEST_TEMPLATE} characters")
        self._environment = _Environment(medium)
        try:
            tree = within_budget(self._environment.parse(source, _NAME))
            self._template: Template = self._environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise TemplateProblem(error.lineno, error.message or "not a template") from None
        except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
            raise TemplateProblem(0, f"cannot be compiled: {error}") from None

    def render(self, facts: Mapping[str, Any], style: Style) -> str:
        """The text for ``facts``, with times by the clock of ``style``. Raises ``TemplateProblem``."""
        self._environment.budget = Budget()
        self._environment.style = style
        try:
            return self._template.render(facts)
        except Exception as error:  # whatever an operation on values raises
            raise TemplateProblem(_line_of(error), _words_of(error)) from None


class _Environment(ImmutableSandboxedEnvironment):
    """One template's, so that its budget is its own."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, medium: Medium) -> None:
        self.budget = Budget()
        self.style = Style()
        super().__init__(
            undefined=StrictUndefined,
            autoescape=medium is Medium.HTML,
            optimized=False,  # nothing is worked out while it is compiled, outside the budget
            finalize=self._finalizer(medium),
            keep_trailing_newline=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals = {"range": short_range, "namespace": Namespace}
        self.filters = {name: self._paid(FILTERS[name]) for name in _FILTERS} | {
            "join": self._joined,
            "replace": self._replaced,
            "time": lambda written: Composed(isolate(shown_time(written, self.style)) if written else ""),
            "bare": lambda value: Composed(clean(str(value), _LONGEST_VALUE)),
        }
        self._own = (short_range, Namespace)

    def counted(self, values: Any, cost: int) -> Any:
        return self.budget.counted(values, cost)

    def measured(self, text: Any) -> Any:
        return self.budget.measured(text)

    def _paid(self, used: Callable[..., Any]) -> Callable[..., Any]:
        """The filter ``used``, which costs as much as it is given."""

        @wraps(used)  # with the marks by which Jinja tells what it wants to be given
        def paid(*given: Any, **named: Any) -> Any:
            self.budget.looked_at(*given)
            return used(*given, **named)

        return paid

    def _joined(self, values: Any, between: str = "", attribute: str | None = None) -> str:
        return self.budget.joined(values, str(between), attribute)

    def _replaced(self, text: Any, old: str, new: str) -> str:
        return self.budget.replaced(text, old, new)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        return self.budget.operated(operator, left, right)

    def is_safe_callable(self, obj: Any) -> bool:
        ours = getattr(obj, "__self__", None) is self or any(obj is each for each in self._own)
        if not ours and callable_safely(obj):
            self.budget.measured(obj.__self__)
            return True
        return ours

    def _finalizer(self, medium: Medium) -> Callable[[Any], Any]:
        def finalize(value: Any) -> Any:
            if value is None:
                return ""
            if medium is Medium.HTML and isinstance(value, Markup):
                return self.budget.measured(value)
            if not isinstance(value, str | int | float | Undefined):
                raise SecurityError(f"a {type(value).__name__} cannot be shown: name one of its parts")
            shown = str(value)
            if not isinstance(value, Composed):
                shown = clean(shown, _LONGEST_VALUE)
                shown = shown if not shown or shown.startswith(("http://", "https://")) else isolate(shown)
            self.budget.spend(len(shown))
            return escaped(shown) if medium is Medium.CHAT else shown

        return finalize


def _line_of(error: Exception) -> int:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _NAME]
    return lines[-1] or 0 if lines else 0


def _words_of(error: Exception) -> str:
    message = error.message if isinstance(error, TemplateError) else str(error)
    if isinstance(error, SecurityError) and "safely callable" in str(message):
        return "what it calls is not there: of texts, only methods that neither grow nor change them"
    known = isinstance(error, TemplateError | Spent)
    return str(message) if known and message else f"{type(error).__name__}: {message}"
