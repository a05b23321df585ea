"""The other spellings of a name: whichever a rule knows is found, and names without any are seen to have none."""

from hypothesis import given
from hypothesis import strategies as st

from processors.matchers import forms
from processors.model import Pattern

# Pieces of which the rules of spelling are made, and letters around them.
PIECES = st.sampled_from(
    [*"عبدابيوننآلذهمسئءoeasœæßŒ", "عبد", "ابو", "بن", "آل", "ذو", "الله", "الدين", "يء", "oe", "ss", "."]
)
WORDS = st.lists(st.lists(PIECES, min_size=1, max_size=5).map("".join), min_size=1, max_size=3).map(tuple)


@given(WORDS)
def test_a_name_that_a_rule_would_change_may_vary(words: tuple[str, ...]) -> None:
    others = {*forms._neighbours(words), *forms._latin(words)} - {words}

    assert not others or forms._MAY_VARY.search(" ".join(words))


def test_each_spelling_is_a_form_and_a_plain_name_has_one() -> None:
    def written(surface: str) -> set[str]:
        return {" ".join(word for word, _ in form.words) for form in forms.forms(0, Pattern(surface, lang="fr"))}

    assert written("بيروت") == {"بيروت"}
    assert written("عبد الله") == {"عبد الله", "عبدالله"}
    assert written("Œuvre") == {"œuvre", "oeuvre"}
