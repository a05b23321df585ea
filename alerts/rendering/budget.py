"""What a template may do, so that it ends soon and never grows: a budget of steps and characters. Pure.

A deadline would depend on the machine and could not be kept inside one big operation. Counting does neither: the same
template and delivery always come to the same end. Each turn of a loop costs what its body holds, each value what it
shows; whatever could grow or wait otherwise (macros, methods, ``**``, most filters) is not there.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import LoopContext

LARGEST_TEMPLATE = 16_384
"""Characters: a page of a mail, many times over."""

BUDGET = 50_000
"""Twice what the largest body holds. An absurd template spends it in less than a second."""

LONGEST_RANGE = 1_000

_LARGEST_NUMBER = 10**15

_STRING_METHODS = frozenset(
    "capitalize count endswith find isdigit lower lstrip removeprefix removesuffix rstrip split startswith strip title "
    "upper".split()
)
_METHODS = {str: _STRING_METHODS, dict: frozenset({"get", "items", "keys", "values"})}
_LOOP_METHODS = frozenset({"cycle", "changed"})


class Spent(Exception):
    """The template asks for more than it may."""


class Budget:
    """What is left of it."""

    def __init__(self) -> None:
        self._left = BUDGET

    def spend(self, cost: int) -> None:
        """Raise ``Spent`` where that is too much."""
        self._left -= cost
        if self._left < 0:
            raise Spent(f"it loops or grows too much: {BUDGET} steps and characters are allowed")

    def counted(self, values: Iterable[Any], cost: int) -> Iterator[Any]:
        """``values`` of a loop whose body holds ``cost``."""
        for value in values:
            self.spend(1 + cost)
            yield value

    def measured(self, text: Any) -> Any:
        """``text``, paid for."""
        self.looked_at(text)
        return text

    def looked_at(self, *values: object) -> None:
        """Something goes through all of ``values``."""
        self.spend(1 + sum(len(each) for each in values if isinstance(each, str | list | tuple | dict)))

    def joined(self, values: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
        """Jinja's filter ``join``, of as much as may be shown."""
        shown = []
        for each in islice(values, BUDGET):
            value = each.get(attribute, "") if attribute is not None and isinstance(each, dict) else each
            self.spend(len(str(value)) + len(between))
            shown.append(str(value))
        return between.join(shown)

    def replaced(self, text: str, old: str, new: str) -> str:
        """Jinja's filter ``replace``."""
        text, old, new = str(text), str(old), str(new)
        self.spend(len(text) + (len(text) + 1 if not old else text.count(old)) * len(new))
        return text.replace(old, new)

    def operated(self, operator: str, left: Any, right: Any) -> Any:
        """``left operator right``: of numbers up to 10^15, or two texts or lists put together."""
        if operator == "+" and type(left) is type(right) and isinstance(left, str | list):
            self.measured(left), self.measured(right)
            return left + right
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"{operator} is for numbers; put text together with ~")
        if max(abs(left), abs(right)) > _LARGEST_NUMBER:
            raise Spent("its numbers grow too large")
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "//":
                return left // right
            case "%":
                return left % right
        raise SecurityError(f"{operator} is not there")


def short_range(*bounds: int) -> range:
    """``range``, up to 1,000 numbers."""
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise Spent(f"a range has at most {LONGEST_RANGE} numbers")
    return numbers


def callable_safely(called: object) -> bool:
    """Whether a method of a value may be called: it must neither grow, nor wait, nor change anything."""
    owner, name = getattr(called, "__self__", None), getattr(called, "__name__", "")
    if isinstance(owner, LoopContext):
        return name in _LOOP_METHODS
    return any(type(owner) is kind and name in names for kind, names in _METHODS.items())


_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
}


def within_budget(tree: nodes.Template) -> nodes.Template:
    """``tree`` with its loops counted and its texts measured. Raises ``TemplateSyntaxError`` for what is refused."""
    for node in tree.find_all(nodes.Node):
        if (refused := _REFUSED.get(type(node))) is not None:
            raise TemplateSyntaxError(f"{refused} is not there: a template stands alone", node.lineno)
        if isinstance(node, nodes.For) and node.recursive:
            raise TemplateSyntaxError("a loop cannot be recursive", node.lineno)
    _rewrite(tree)
    return tree


def _rewrite(node: nodes.Node) -> int:
    """Change everything below ``node``; returns how much it holds."""
    cost = 1
    if isinstance(node, nodes.TemplateData):
        cost += len(node.data)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        cost += len(node.value)
    for name, value in list(node.iter_fields()):
        if isinstance(value, list):
            for number, child in enumerate(value):
                if isinstance(child, nodes.Node):
                    cost += _rewrite(child)
                    value[number] = _paid(child)
        elif isinstance(value, nodes.Node):
            cost += _rewrite(value)
            setattr(node, name, _paid(value))
    if isinstance(node, nodes.For):
        node.iter = _call("counted", node.iter, nodes.Const(cost, lineno=node.lineno))
    return cost


def _paid(node: nodes.Node) -> nodes.Node:
    return _call("measured", node) if isinstance(node, nodes.Concat) else node


def _call(name: str, *arguments: Any) -> nodes.Call:
    line = arguments[0].lineno
    return nodes.Call(nodes.EnvironmentAttribute(name, lineno=line), list(arguments), [], None, None, lineno=line)
