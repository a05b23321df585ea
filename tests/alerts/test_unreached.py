"""Why the other end was not reached is said in the system's words, without numbers and addresses."""

import socket
import ssl

import pytest

from alerts.unreached import unreached_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 6379)"), "Connection refused"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (
            ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"),
            "[SSL: WRONG_VERSION_NUMBER] wrong version number",
        ),
        (OSError("Multiple exceptions: none of them would do"), "Multiple exceptions: none of them would do"),
        (ConnectionResetError(), "ConnectionResetError"),
    ],
)
def test_it_is_said_as_the_system_calls_it(error: OSError, words: str) -> None:
    assert unreached_words(error) == words
