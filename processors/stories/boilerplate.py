"""What stands in an article's text without being its report: lines to other stories, the dateline, its own headline."""

from collections.abc import Sequence

from processors.normalize.letters import fold
from processors.normalize.silence import find_silent


def report_of(text: str) -> str:
    """Plain text without the parts that are silent for topics too: copies differ in them."""
    return parted(text)[0]


def parted(text: str) -> tuple[str, Sequence[str]]:
    """``report_of`` plain text, and the silent parts, folded."""
    kept, end = [], 0
    folded = fold(text)
    spans = find_silent(folded)
    for start, next_end in spans:
        kept.append(text[end:start])
        end = next_end
    kept.append(text[end:])
    return "\n".join(kept), [folded[start:end] for start, end in spans]


def without_headline(body: Sequence[str], title: Sequence[str]) -> Sequence[str]:
    """The words of a body without the headline's, where it begins with them."""
    headline, start = list(title), 0
    while headline and list(body[start : start + len(headline)]) == headline:
        start += len(headline)
    return body[start:]
