"""An id is the same on every machine, whatever way it is written out."""

from base64 import b32encode
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from processors.ids import digest


@given(st.lists(st.text(st.characters(codec=None), max_size=20), max_size=4))
def test_an_id_is_the_base32_of_the_hash_without_padding(parts: list[str]) -> None:
    state = blake2b(digest_size=16)
    for encoded in (part.encode("utf-8", "surrogatepass") for part in parts):
        state.update(len(encoded).to_bytes(8, "big") + encoded)

    assert digest(*parts) == b32encode(state.digest()).decode().rstrip("=").lower()


def test_an_id_never_changes() -> None:
    assert digest("x") == "m6r4nx3fmmanscjbpoa7rdzdja"
