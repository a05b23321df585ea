"""What is kept of an article's text to know it again. Pure; the same for the same text on every machine.

A *long* text is the set of its three-word runs, headline left out (copies change it). A *short* one (headline,
one-liner) has too few of them: it is the set of its telling words, headline included. The two kinds are never
compared but by their headline.
"""

import msgspec

from processors.ids import digest
from processors.model import Article
from processors.stories.boilerplate import parted, without_headline
from processors.stories.credits import origin_of
from processors.stories.denials import wording_of
from processors.stories.evidence import NONE as NO_EVIDENCE
from processors.stories.evidence import Evidence, opening
from processors.stories.headline_figures import figures_of
from processors.stories.keywords import keyword_bits, skeletons, vocabulary
from processors.stories.known_names import NO_NAMES, KnownNames
from processors.stories.rarity import Rarity, shipped
from processors.stories.sketch import Sketch, pair_hashes, shingle_hashes, sketch, word_hashes
from processors.stories.words import FUNCTION_WORDS, plain, words_of

SHORT_RUNS = 24
"""Texts with fewer three-word runs are short: a change of two words touches a quarter of them."""

BANDS = 6
"""Runs of words that a text is looked for by, its smallest hashes."""

KEPT_BANDS = 2
"""Of these, under which it can be found: of a text with two thirds of its runs in another one of two is among that
one's six with probability 0.89, and what its opening tells leads there too. Each costs a row of 60 bytes."""

MIN_TITLE_WORDS = 5
"""Telling words that a headline needs before it can join articles: "Morning briefing" is on every day's."""

KEY = 12
"""Letters of a digest: 60 bits tell a few million texts apart."""

MAX_FIGURES = 16
"""Enough to tell two price lists apart; 32 bytes."""


class Fingerprint(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a text. ``hashes`` and ``figures`` are samples (``sketch.py``)."""

    text: str  # hash of all words: an article read again has the same
    title: str  # hash of the headline's words, "" where they are too few to mean anything
    short: bool
    size: int  # of the set that ``hashes`` is a sample of
    hashes: bytes
    figure_count: int
    figures: bytes
    keywords: bytes  # what the article is about, and the words it has (``keywords.py``); empty where short
    vocabulary: bytes
    bands: tuple[str, ...]
    origin: str  # whose report it says it is (``credits.py``)
    headline_figures: tuple[str, ...]  # the numbers of the headline (``headline_figures.py``)
    wording: int  # ``denials.Wording`` of headline and notes
    evidence: Evidence = NO_EVIDENCE  # what its opening tells of the event (``evidence.py``)
    terms: tuple[tuple[int, str], ...] = ()  # the words behind it, to say why; never kept
    marks: tuple[str, ...] = ()  # where later reports of the event may find it
    asked: tuple[str, ...] = ()  # and where it looks for earlier ones

    @property
    def sketch(self) -> Sketch:
        """The text's set: three-word runs, or telling words where short."""
        return Sketch(self.hashes, self.size)

    @property
    def figure_sketch(self) -> Sketch:
        """The numbers in the text, as written."""
        return Sketch(self.figures, self.figure_count)


def fingerprint(article: Article, names: KnownNames = NO_NAMES, rarity: Rarity | None = None) -> Fingerprint:
    """The fingerprint of an article's text. Any text has one. Without ``rarity`` words are weighed by table 1."""
    headline, (report, silent) = plain(article.title), parted(plain(article.body))
    title = words_of(headline)
    body = without_headline(words_of(report), title)
    all_words = [*title, "|", *body]
    runs = shingle_hashes(body)
    telling = [word for word in title if word not in FUNCTION_WORDS]
    if short := len(runs) < SHORT_RUNS:
        words = [word for word in (*title, *body) if word not in FUNCTION_WORDS]
        sample, marks = sketch(word_hashes(words)), sorted(pair_hashes(words) or word_hashes(words))
        kind = "w"
    else:
        marks, kind = sorted(runs), "r"
        sample = sketch(marks)
    bare = set() if short else set(skeletons(set(body)))
    figures = sketch(word_hashes(word for word in all_words if word.isdecimal()), MAX_FIGURES)
    begins = opening(headline, report, rarity or shipped(), names, (title, body))
    return Fingerprint(
        text=digest(" ".join(all_words))[:KEY],
        title=digest(" ".join(title))[:KEY] if len(set(telling)) >= MIN_TITLE_WORDS else "",
        short=short,
        size=sample.size,
        hashes=sample.hashes,
        figure_count=figures.size,
        figures=figures.hashes,
        keywords=b"" if short else keyword_bits(skeletons(telling), bare),
        vocabulary=b"" if short else vocabulary(bare),
        bands=tuple(f"{kind}{value >> 24:010x}" for value in marks[:BANDS]),
        origin=origin_of(article, silent),
        headline_figures=figures_of(article),
        wording=wording_of(article),
        evidence=begins.evidence,
        terms=begins.terms,
        marks=tuple(map(_mark, begins.marks)),
        asked=tuple(map(_mark, begins.asked)),
    )


def _mark(checksum: int) -> str:
    return f"{checksum:08x}"
