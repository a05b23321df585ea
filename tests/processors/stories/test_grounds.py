"""Grounds are codes; English is made of them last."""

import pytest

from processors.stories.grounds import Ground, GroundCode

SAID = [
    (Ground("same_id"), "the same id"),
    (Ground("changed_text", 84), "its text now: 84% of it as in a version that was seen"),
    (Ground("common_runs", 97), "97% of the three-word runs of both texts are common"),
    (Ground("shorter_runs", 100, count=58, of=60), "100% of the shorter text's (58 of 60 looked at)"),
    (Ground("telling_words", 90, count=7), "7 telling words are common, 90% of both short texts'"),
    (Ground("story_reports", 31, 22, 1), "in common with the story's report: 31%, asked 22%"),
    (Ground("story_reports", 31, 22, 3), "in common with 3 reports of the story: 31%, asked 22%"),
    (Ground("common_words", words=("nordvik", "{of}")), "words in common: nordvik, {of}"),
    (Ground("of_a_{later}_version", 3), "of a {later} version"),
]


@pytest.mark.parametrize(("ground", "said"), SAID, ids=lambda each: str(each)[:30])
def test_a_ground_is_said_with_what_was_measured(ground: Ground, said: str) -> None:
    assert str(ground) == said


@pytest.mark.parametrize("code", GroundCode)
def test_every_code_has_words_and_all_its_parameters_are_in_them(code: GroundCode) -> None:
    said = str(Ground(code, 11, 22, 33, 44, ("word",)))

    assert len(said) > len("the same")
    assert "None" not in said
    assert "{" not in said


def test_a_bounded_ground_has_no_more_and_no_longer_words() -> None:
    assert Ground("common_words", words=("abcdef",) * 9).bounded(2, 3).words == ("abc", "abc")
