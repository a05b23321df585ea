"""Whether one text is a copy of another, and why. Pure; the figures behind each bound are in ``evaluation/``."""

from dataclasses import dataclass

from processors.stories.fingerprint import Fingerprint
from processors.stories.grounds import Ground, GroundCode, percent
from processors.stories.keywords import missing
from processors.stories.rows import Print
from processors.stories.sketch import Likeness, likeness

COPY_JACCARD = 0.5
"""Half of all three-word runs common: two reports written apart share a twentieth."""

COPY_CONTAINMENT = 0.65
"""Of the shorter text's runs: a cut copy, or one with a report added."""

FORM_JACCARD = 0.9
"""Below it, texts whose headlines speak of different things are one form filled in twice."""

FORM_SHARE = 0.2
"""Of each headline's confirmed words, what the other's text lacks: one name in a headline of five such words."""

FORM_ALIKE = 0.15
"""Of all three-word runs: two reports written apart share a twentieth, so words stand there that neither wrote."""

FORM_SHORT = 0.5
"""Of telling words: such short texts are one sentence with a few words changed."""

MIN_SHARED = 8
"""Runs seen in both samples before containment is believed: a short quotation is not a copy."""

SAME_HEADLINE_CONTAINMENT = 0.3
"""Enough where the headlines are equal too: a rewritten wire report under the wire's headline."""

SHORT_JACCARD = 0.7
"""Of telling words, where one short text holds all of the other's."""

SHORT_JACCARD_EDITED = 0.9
"""Where each has words of its own: one name changed in a headline of ten words is another event."""

SHORT_SHARED = 5
"""Telling words in common before two short texts are the same: fewer are a subject, not an event."""

TEMPLATE_FIGURES = 4
"""With so many numbers on both sides and few in common, equal words are a form filled in anew: prices, prayer times."""

TEMPLATE_SHARED = 0.5
"""Of the numbers of both: an edited report keeps most of its figures, a form filled in anew keeps few."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A text is a copy of ``article``'s. ``score`` orders candidates; ``likest`` is the Jaccard of the texts."""

    article: str
    score: float
    likest: float
    because: tuple[Ground, ...]


def copy_of(new: Fingerprint, old: Print) -> Copy | None:
    """Why ``new`` is a copy of ``old``; None if it is not."""
    same_title = bool(new.title) and new.title == old.title
    if new.short != old.short:
        return _headline_only(new, old) if same_title else None
    like = likeness(new.sketch, old.sketch)
    if new.short:
        return _short(new, old, same_title, like)
    # Most candidates end here, so what costs more is looked at below.
    contained = like.containment >= (SAME_HEADLINE_CONTAINMENT if same_title else COPY_CONTAINMENT)
    if like.jaccard < COPY_JACCARD and not (contained and like.shared >= MIN_SHARED):
        return None
    if _other_figures(new, old) or (_about_other_things(new, old) and like.jaccard < FORM_JACCARD):
        return None
    because = (
        Ground(GroundCode.COMMON_RUNS, percent(like.jaccard)),
        Ground(GroundCode.SHORTER_RUNS, percent(like.containment), count=like.shared, of=like.seen),
        *((Ground(GroundCode.SAME_HEADLINE),) if same_title else ()),
    )
    return Copy(old.article, max(like.jaccard, like.containment), like.jaccard, because)


def _about_other_things(new: Fingerprint, old: Print) -> bool:
    """Whether each headline speaks of something that the other's text never mentions."""
    lacking_old, of_new = missing(new.keywords, old.vocabulary)
    lacking_new, of_old = missing(old.keywords, new.vocabulary)
    if not (lacking_old and lacking_new):
        return False
    return lacking_old / of_new >= FORM_SHARE and lacking_new / of_old >= FORM_SHARE


def filled_in_anew(new: Fingerprint, old: Print) -> bool:
    """Whether both texts are one form with other contents: a price list, prayer times, tomorrow's congratulations."""
    if new.short != old.short:
        return False
    like = likeness(new.sketch, old.sketch)
    if new.short:
        return like.jaccard >= FORM_SHORT and _other_figures(new, old)
    if like.jaccard < FORM_ALIKE and like.containment < 2 * FORM_ALIKE:
        return False
    return _other_figures(new, old) or _about_other_things(new, old)


def _other_figures(new: Fingerprint, old: Print) -> bool:
    """Whether a form's figures are other ones; of a short text any."""
    fewest = 1 if new.short else TEMPLATE_FIGURES
    if min(new.figure_count, old.figure_count) < fewest:
        return False
    return likeness(new.figure_sketch, old.figure_sketch).containment < TEMPLATE_SHARED


def _headline_only(new: Fingerprint, old: Print) -> Copy | None:
    """One of the two is hardly more than the headline, which the other has too."""
    with_figures = min(new.figure_count, old.figure_count) > 0
    if with_figures and likeness(new.figure_sketch, old.figure_sketch).containment < TEMPLATE_SHARED:
        return None
    return Copy(old.article, 0.5, 0.0, (Ground(GroundCode.ONLY_HEADLINE),))


def _short(new: Fingerprint, old: Print, same_title: bool, like: Likeness) -> Copy | None:
    if (new.figure_count, new.figures) != (old.figure_count, old.figures) and new.figure_count and old.figure_count:
        return None  # another toll, score or magnitude
    if same_title:
        return Copy(old.article, max(0.5, like.jaccard), like.jaccard, (Ground(GroundCode.SAME_HEADLINE),))
    whole = like.shared == like.seen
    if like.shared >= SHORT_SHARED and like.jaccard >= (SHORT_JACCARD if whole else SHORT_JACCARD_EDITED):
        because = (Ground(GroundCode.TELLING_WORDS, percent(like.jaccard), count=like.shared),)
        return Copy(old.article, like.jaccard, like.jaccard, because)
    return None
