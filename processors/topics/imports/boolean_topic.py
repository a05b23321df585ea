"""From a Boolean query of another tool to a topic file: read, made legal, written."""

from processors.topics.check import DEEPEST_NESTING
from processors.topics.imports.boolean import read_boolean
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Imported, Report, Unreadable
from processors.topics.imports.legal import legal
from processors.topics.imports.topic_file import topic_file
from processors.topics.query.text import QueryError, read_query_text
from processors.topics.query.walk import nodes_and_levels


def import_boolean(source: str, dialect: Dialect, name: str) -> Imported:
    """Raises ``Unreadable``."""
    report = Report(source)
    try:
        text = read_query_text(source)
    except QueryError as error:
        raise Unreadable(1, 1, error.message) from None
    report.places = text.places
    if not text.text.strip():
        raise Unreadable(1, 1, "empty: nothing to import")
    tree = read_boolean(text.text, dialect, report)
    if tree is not None and any(level > DEEPEST_NESTING for _, level in nodes_and_levels(tree)):
        raise Unreadable(1, 1, f"more than {DEEPEST_NESTING} operators inside one another: split the query")
    fitted = legal(tree, report) if tree is not None else None
    if fitted is None:
        told = "; ".join(note.message for note in report.notes())
        raise Unreadable(1, 1, f"nothing of it can be carried over: {told}")
    return topic_file(fitted, name, dialect.title, report)
