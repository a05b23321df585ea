"""Text that is fit to be shown as it stands, and what is said of a template that cannot be used. Values only."""


class Composed(str):
    """Put together by us or by a template: it has its lines, its isolates and its escapes already."""

    __slots__ = ()


class TemplateProblem(Exception):
    """Why a template cannot be used, and in which of its lines; 0 where it is none in particular."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line
        self.message = message
