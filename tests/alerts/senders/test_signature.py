import pickle
import subprocess
import time
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.receiver import Receiver
from alerts.senders.ed25519 import Ed25519Key
from alerts.senders.signature import Secret, parse_secrets, sign
from processors.errors import InvalidInput

OLD = "whsec_" + b64encode(b"old key, old key, old key").decode()
NEW = "whsec_" + b64encode(b"new key, new key, new key").decode()
BODY = '{"text": "خبر عاجل"}'.encode()


def headers_for(signature: str, timestamp: int) -> dict[str, str]:
    return {"webhook-id": "evt_1", "webhook-timestamp": str(timestamp), "webhook-signature": signature}


def test_a_signature_verifies_with_the_public_library() -> None:
    now = int(time.time())
    headers = headers_for(sign(parse_secrets(NEW, "secrets"), "evt_1", now, BODY), now)

    assert Webhook(NEW).verify(BODY, headers) == {"text": "خبر عاجل"}
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY, {**headers, "webhook-id": "evt_2"})


def test_during_a_rotation_the_old_and_the_new_key_both_verify() -> None:
    now = int(time.time())
    headers = headers_for(sign(parse_secrets(f"{OLD}\n{NEW}\n", "secrets"), "evt_1", now, BODY), now)

    assert Webhook(OLD).verify(BODY, headers) == Webhook(NEW).verify(BODY, headers)
    assert headers["webhook-signature"].count("v1,") == 2


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("nothing", "\n# a comment\n", 0, "no signing key found"),
        ("no prefix", f"{OLD}\nc2VjcmV0LWNhbmFyeQ==", 2, "begins with whsec_"),
        ("a public key", "whpk_" + b64encode(b"x" * 32).decode(), 1, "here stands the private one"),
        ("a short private key", "whsk_c2VjcmV0LWNhbmFyeQ==", 1, "it has 13 bytes"),
        ("a private key without base64", "whsk_secret-canary!", 1, "not base64"),
        ("halves of two keys", "whsk_" + b64encode(b"secret-canary---" * 4).decode(), 1, "second half"),
        ("no base64", "whsec_secret-canary!", 1, "not base64"),
        ("too short", "whsec_c2VjcmV0LWNhbmFyeQ==", 1, "has 13 bytes"),
        ("too long", "whsec_" + b64encode(b"x" * 65).decode(), 1, "has 65 bytes"),
        ("letters of another alphabet", "whsec_" + "س" * 40, 1, "not base64"),
    ],
)
def test_a_bad_key_is_refused_with_its_line_and_a_remedy_and_is_never_quoted(
    name: str, text: str, line: int, says: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_secrets(text, "desk.secret")

    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("desk.secret", line)
    assert says in problem.message and "openssl rand" in problem.message
    assert "canary" not in str(problem) and "c2VjcmV0" not in str(problem)


SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
"""RFC 8032, 7.1, test 1."""


def private(key: bytes = SEED) -> str:
    return "whsk_" + b64encode(key).decode()


@pytest.mark.parametrize("written", [private(), private(SEED + PUBLIC), private().rstrip("=")])
def test_a_private_key_signs_as_the_standard_says(written: str) -> None:
    (key,) = parse_secrets(written, "secrets")

    assert isinstance(key, Ed25519Key)
    assert key.public == "whpk_" + b64encode(PUBLIC).decode()
    assert key.signature(b"") == "v1a," + b64encode(bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )).decode()  # fmt: skip


def test_openssl_verifies_with_the_public_key_what_the_private_one_signed(tmp_path: Path) -> None:
    header = sign(parse_secrets(private(), "secrets"), "evt_1", 1_700_000_000, BODY)
    (tmp_path / "message").write_bytes(b"evt_1.1700000000." + BODY)
    (tmp_path / "signature").write_bytes(b64decode(header.removeprefix("v1a,")))
    # The fixed head of a public ed25519 key in DER (RFC 8410).
    (tmp_path / "public.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + PUBLIC)
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin -in message -sigfile signature"

    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "message").write_bytes(b"evt_2.1700000000." + BODY)
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_who_knows_only_the_old_kind_of_signature_verifies_it_beside_the_new_one() -> None:
    now = int(time.time())
    headers = headers_for(sign(parse_secrets(f"{private()}\n{NEW}", "secrets"), "evt_1", now, BODY), now)

    assert [each.partition(",")[0] for each in headers["webhook-signature"].split(" ")] == ["v1a", "v1"]
    assert Webhook(NEW).verify(BODY, headers) == {"text": "خبر عاجل"}


def test_padding_may_be_left_out() -> None:
    assert parse_secrets(NEW.rstrip("="), "secrets") == parse_secrets(NEW, "secrets")


def test_a_key_never_shows_itself() -> None:
    (secret,) = parse_secrets(NEW, "secrets")
    (key,) = parse_secrets(private(), "secrets")
    receiver = Receiver(name="desk", url="https://r.example", secrets=(secret,))

    assert (repr(key), str(key)) == ("Ed25519Key(***)", "Ed25519Key(***)")
    for shown in (repr(secret), str(secret), f"{secret}", repr(receiver)):
        assert "new key" not in shown and NEW[6:20] not in shown
    for each in (secret, key):
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(each)
    assert secret != Secret(b"another key, another key.")
