"""What must not be shown is not shown, wherever it stands."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.secret_text import MASK, SecretText, redacted, secrets_of_url

HOOK = "https://hooks.slack.com/services/T000AAAA1/B000BBBB2/canary7canary?x=another-canary"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bad password hunter22", f"bad password {MASK}"),
        ("hunter22hunter22", MASK * 2),
        ("%68unter22 is not it", "%68unter22 is not it"),
        ("with a/b%c d&e", f"with {MASK}"),
        ("with a%2Fb%25c%20d%26e", f"with {MASK}"),
        ("nothing", "nothing"),
    ],
)
def test_a_secret_is_masked_plain_and_percent_encoded(text: str, shown: str) -> None:
    assert redacted(text, [SecretText("hunter22"), SecretText("a/b%c d&e")]) == shown


def test_a_longer_secret_is_masked_whole_although_a_shorter_one_begins_it() -> None:
    assert redacted("hunter22-and-more", [SecretText("hunter22"), SecretText("hunter22-and-more")]) == MASK


def test_what_every_sentence_holds_is_no_secret() -> None:
    assert redacted("a new text", [SecretText("a"), SecretText("")]) == "a new text"


@pytest.mark.parametrize(
    "told", [HOOK, "POST /services/T000AAAA1/B000BBBB2/canary7canary", "token canary7canary", HOOK[8:]]
)
def test_of_an_address_that_is_a_secret_only_the_host_shows(told: str) -> None:
    shown = redacted(told, secrets_of_url(HOOK))

    assert "canary" not in shown
    assert ("hooks.slack.com" in told) == ("hooks.slack.com" in shown)


def test_a_secret_never_shows_itself() -> None:
    secret = SecretText("hunter22")

    assert all("hunter22" not in shown for shown in (repr(secret), str(secret), f"{secret}", repr([secret])))
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret)
    assert secret == SecretText("hunter22") != SecretText("hunter23")


@given(st.text(), st.lists(st.text(min_size=6), max_size=4))
def test_nothing_of_a_secret_is_left_whatever_stands_around_it(around: str, secrets: list[str]) -> None:
    told = around.join(["", *secrets, ""])
    # The mask itself, or what two masks touch, may spell one.
    kept = [secret for secret in secrets if MASK[0] not in secret and not set(secret) <= set("*")]

    shown = redacted(told, [SecretText(secret) for secret in secrets])

    assert all(secret not in shown for secret in kept)
