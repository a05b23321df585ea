"""An imported query or list as the text of a topic file."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from processors.errors import InvalidInput
from processors.topics.check import check_shape
from processors.topics.imports.imported import Imported, Report
from processors.topics.imports.write import write_query
from processors.topics.query.tree import ListRef, Or, Query
from processors.topics.topic import load_topics

_TESTS = """    # Write at least two examples, and run: rasid check -t FILE
    # tests:
    #   - {text: "…", expect: match}
    #   - {text: "…", expect: no_match, why: …}
"""


_UNKNOWN_LANGUAGE = "  # und: the language is not known; write en, fr, tr …"


def topic_name(wanted: str) -> str:
    """``wanted`` as the name of a topic: Latin letters, digits and hyphens; ``imported`` where nothing of it is."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "imported"


def topic_file(query: Query, name: str, origin: str, report: Report, *, more: str = "") -> Imported:
    """The file of one topic, and what else stands in it. Raises ``Unreadable`` where the query would be refused."""
    for at, message in check_shape(query):
        raise report.unreadable(at, f"cannot be carried over as it is: {message}")
    block = write_query(query).replace("\n", "\n      ")
    text = f"# Imported from {origin}.\ntopics:\n  {name}:\n    match: |\n      {block}\n{_TESTS}{more}"
    return _loaded(text, report)


def list_file(terms: Mapping[str, Sequence[str]], others: Sequence[Query], name: str, report: Report) -> Imported:
    """The file of one list and the topic that looks for it; ``others``: what else the topic looks for."""
    clauses = [*([ListRef(0, "", name)] if terms else []), *others]
    query = clauses[0] if len(clauses) == 1 else Or(0, "", tuple(clauses))
    lists = ""
    if terms:
        lists = f"lists:\n  {name}:\n    terms:\n"
        for language, words in terms.items():
            lists += f"      {language}:{_UNKNOWN_LANGUAGE if language == 'und' else ''}\n"
            lists += "".join(f"        - {json.dumps(word, ensure_ascii=False)}\n" for word in words)
    return topic_file(query, name, "a list of words", report, more=lists)


def _loaded(text: str, report: Report) -> Imported:
    try:
        load_topics([("imported.yaml", text)])
    except InvalidInput as error:
        raise report.unreadable(0, f"cannot be carried over: {error.problems[0].message}") from None
    return Imported(text, report.notes())
