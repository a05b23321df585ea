"""What is kept of a reply: its first kB on one line, with nothing that misleads who reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.secret_text import MASK, SecretText
from alerts.senders.attempting import EXCERPT_BYTES, printable


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("no such desk", "no such desk"),
        ("\u0644\u0627 \u0645\u0643\u0627\u0646", "\u0644\u0627 \u0645\u0643\u0627\u0646"),
        ("one\r\ntwo\x00\x1b[31m", "one  two  [31m"),
        ("ab\u202edc\u202c", "ab[U+202E]dc[U+202C]"),
        ("\u200fx\u2066y\u2069", "[U+200F]x[U+2066]y[U+2069]"),
        ("token hunter22!", f"token {MASK}!"),
    ],
)
def test_a_reply_is_shown_on_one_line_and_turns_nothing(reply: str, shown: str) -> None:
    assert printable(reply.encode(), (SecretText("hunter22"),)) == shown


@given(st.text(), st.integers(0, 3000))
def test_no_more_than_a_kilobyte_is_kept_and_no_letter_is_cut(text: str, times: int) -> None:
    kept = printable((text * times).encode("utf-8", "replace"))

    assert len(kept.encode()) <= EXCERPT_BYTES
    assert kept.isprintable()


@given(st.integers(0, 4096), st.integers(6, 300))
def test_a_secret_shows_nothing_of_itself_wherever_the_reply_is_cut(before: int, length: int) -> None:
    secret = "".join(chr(ord("a") + place * 7 % 26) for place in range(length))
    reply = ("." * before + secret * 1000).encode()

    kept = printable(reply, (SecretText(secret),))

    assert not any(secret[start : start + 6] in kept for start in range(length - 5))


def test_a_reply_in_another_charset_is_still_a_line() -> None:
    assert printable("\u0644\u0627".encode("cp1256")) == "\ufffd\ufffd"
