"""Signs that came along with copy and paste."""

import re
import unicodedata
from collections.abc import Iterator

from processors.normalize.letters import INVISIBLE, TATWEEL
from processors.topics.lint.finding import Desk, Found, Rule, Severity, as_written, in_list, in_query, queries
from processors.topics.query.tree import Phrase, Term
from processors.topics.query.walk import walk
from processors.topics.topic import TermList, Topic

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_NAMES = {
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u061c": "Arabic letter mark",
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u00ad": "soft hyphen",
    "\ufeff": "byte order mark",
}


def _invisible(topic: Topic, _: Desk) -> Iterator[Found]:
    for part in ("match", "exclude"):
        for run in re.finditer(f"{_INVISIBLE.pattern}+", getattr(topic.file, part)):
            told = f"an invisible sign ({_named(run.group())}) came along with copy and paste: delete it"
            yield as_written(topic, part, run.start(), told, old=run.group(), new="")


def _invisible_in_list(held: TermList, _: Desk) -> Iterator[Found]:
    for part, words_of in held.file.words():
        for language, words in words_of.items():
            for number, word in enumerate(words):
                if run := _INVISIBLE.search(word):
                    told = f"an invisible sign ({_named(run.group())}) in «{_INVISIBLE.sub('', word)}»: delete it"
                    yield in_list(held, (part, language, number), told)


def _named(run: str) -> str:
    name = _NAMES.get(run[0]) or unicodedata.name(run[0], f"U+{ord(run[0]):04X}").lower()
    return name if len(run) == 1 else f"{name} and {len(run) - 1} more"


def _tatweel(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in walk(query):
            written = node.word if isinstance(node, Term) else node.text if isinstance(node, Phrase) else ""
            if TATWEEL in written:
                plain = node.source.replace(TATWEEL, "")
                told = f"`{node.source}` is compared without tatweel, which texts may have anywhere: write `{plain}`"
                yield in_query(topic, part, node.at, told)


RULES = (
    Rule(
        "RSD201",
        Severity.WARNING,
        "invisible signs",
        "Direction marks and zero-width signs are ignored when matching, but break searching and editing of the file.",
        _invisible,
        _invisible_in_list,
    ),
    Rule(
        "RSD202",
        Severity.HINT,
        "tatweel in a word",
        "Tatweel is ignored on both sides. Without it the word is easier to read and to search for.",
        _tatweel,
    ),
)
