import pickle
import time
from base64 import b64encode

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.receiver import Receiver
from alerts.signature import Secret, parse_secrets, sign
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
        ("another kind", "whsk_AAAA", 1, "ed25519"),
        ("no prefix", f"{OLD}\nc2VjcmV0LWNhbmFyeQ==", 2, "begins with whsec_"),
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


def test_padding_may_be_left_out() -> None:
    assert parse_secrets(NEW.rstrip("="), "secrets") == parse_secrets(NEW, "secrets")


def test_a_key_never_shows_itself() -> None:
    (secret,) = parse_secrets(NEW, "secrets")
    receiver = Receiver(name="desk", url="https://r.example", secrets=(secret,))

    for shown in (repr(secret), str(secret), f"{secret}", repr(receiver)):
        assert "new key" not in shown and NEW[6:20] not in shown
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret)
    assert secret != Secret(b"another key, another key.")
