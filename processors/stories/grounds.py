"""Why an article belongs to its story: grounds of a closed set, with what was measured. Words are made of them last.

Who shows them in another language than English words the codes; ``str`` words them in English.
"""

from enum import StrEnum

import msgspec


class GroundCode(StrEnum):
    """What speaks for it. Behind each: which of the parameters it has."""

    SAME_ID = "same_id"
    SAME_ADDRESS = "same_address"
    SAME_TEXT = "same_text"  # as in the version of the article that was read before
    CHANGED_TEXT = "changed_text"  # percent: of it is as in a version that was seen
    STORY_GONE = "story_gone"  # the story that it was in is no longer at hand
    OLD_TEXT = "old_text"  # the text and the figures of an older story, under a new date
    COMMON_RUNS = "common_runs"  # percent: of the three-word runs of both texts
    SHORTER_RUNS = "shorter_runs"  # percent: of those of the shorter text; count of those that were looked at, ``of``
    SAME_HEADLINE = "same_headline"
    ONLY_HEADLINE = "only_headline"  # the headlines are equal, and one article is hardly more than that
    TELLING_WORDS = "telling_words"  # count: in common; percent: of both short texts'
    STORY_REPORTS = "story_reports"  # count: of reports; percent: in common with them; asked: percent that was needed
    COMMON_WORDS = "common_words"  # words
    COMMON_FIGURES = "common_figures"  # words


class Ground(msgspec.Struct, frozen=True, omit_defaults=True):
    """One ground; parameters that its code does not have are absent. ``code`` is a text: later versions have others."""

    code: str
    percent: int | None = None
    asked: int | None = None
    count: int | None = None
    of: int | None = None
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        if (said := _ENGLISH.get(self.code)) is None:
            return self.code.replace("_", " ")
        report = "the story's report" if self.count == 1 else f"{self.count} reports of the story"
        parts = {"percent": self.percent, "asked": self.asked, "count": self.count, "of": self.of, "reports": report}
        return said.format(**parts, words=", ".join(self.words))

    def bounded(self, words: int, chars: int) -> "Ground":
        """With no more words, and no longer ones."""
        return msgspec.structs.replace(self, words=tuple(word[:chars] for word in self.words[:words]))


_ENGLISH: dict[str, str] = {
    GroundCode.SAME_ID: "the same id",
    GroundCode.SAME_ADDRESS: "the same address",
    GroundCode.SAME_TEXT: "the same text",
    GroundCode.CHANGED_TEXT: "its text now: {percent}% of it as in a version that was seen",
    GroundCode.STORY_GONE: "its story is no longer at hand",
    GroundCode.OLD_TEXT: "the text and figures of an older story, under a new date",
    GroundCode.COMMON_RUNS: "{percent}% of the three-word runs of both texts are common",
    GroundCode.SHORTER_RUNS: "{percent}% of the shorter text's ({count} of {of} looked at)",
    GroundCode.SAME_HEADLINE: "the headlines are equal",
    GroundCode.ONLY_HEADLINE: "the headlines are equal, and one article is hardly more than that",
    GroundCode.TELLING_WORDS: "{count} telling words are common, {percent}% of both short texts'",
    GroundCode.STORY_REPORTS: "in common with {reports}: {percent}%, asked {asked}%",
    GroundCode.COMMON_WORDS: "words in common: {words}",
    GroundCode.COMMON_FIGURES: "numbers in common: {words}",
}


def percent(share: float) -> int:
    """Of a share between 0 and 1."""
    return round(100 * share)
