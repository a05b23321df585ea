"""Talks to a running daemon over its API, found through the configuration file and the state directory."""

import json
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any

from alerts.errors import Refused, Unavailable
from processors.errors import InvalidInput, Problem

SECONDS = 15.0
"""Longest wait for an answer: the daemon itself may wait ten for Redis."""


class Client:
    """Requests to the daemon that runs with a configuration. What it cannot mean is ``InvalidInput``."""

    def __init__(self, config: Path) -> None:
        from daemon.config.load import read_config
        from daemon.state_names import kept_address

        # Only the address and the token matter: a receiver's secret may be in an environment that is not ours.
        loaded, _ = read_config(config)
        self._config = config
        self._token = loaded.token
        kept = kept_address(loaded.config.state_dir)
        self._address = kept or loaded.config.http.listen
        if kept is None and self._address.endswith(":0"):  # whoever runs has chosen a port, and written it there
            raise Unavailable(f"no daemon runs with {config}: start it with `rasid run -c {config}`")

    def get(self, path: str) -> Any:
        """The JSON at ``path``."""
        return self._ask(urllib.request.Request(f"http://{self._address}{path}"))

    def post(self, path: str, content: Any = None) -> Any:
        """The JSON answer to ``content``."""
        data = json.dumps(content).encode() if content is not None else b""
        headers = {"Content-Type": "application/json"}
        url = f"http://{self._address}{path}"
        return self._ask(urllib.request.Request(url, data=data, method="POST", headers=headers))

    def delete(self, path: str) -> Any:
        """The JSON answer."""
        return self._ask(urllib.request.Request(f"http://{self._address}{path}", method="DELETE"))

    def _ask(self, request: urllib.request.Request) -> Any:
        if self._token is not None:
            request.add_header("Authorization", f"Bearer {self._token}")
        # No proxy: the daemon is on this machine, or as near as its configuration says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                try:
                    said = json.loads(error.read()).get("error", error.reason)
                except ValueError:
                    said = error.reason
            if error.code == HTTPStatus.UNAUTHORIZED:
                raise Refused(self._unknown_token()) from error
            if error.code == HTTPStatus.FORBIDDEN:
                raise Refused(str(said)) from error
            if error.code == HTTPStatus.BAD_REQUEST:
                raise InvalidInput([Problem("rasid", 0, 0, str(said))]) from error
            raise Unavailable(str(said)) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            reason = getattr(reason, "strerror", None) or reason
            raise Unavailable(f"no daemon answers on {self._address} ({reason}): is it running?") from error

    def _unknown_token(self) -> str:
        if self._token is None:
            return (
                f"the daemon on {self._address} asks for a token, and {self._config} gives none: set `http.token_file` "
                "to a file that holds its token, or one that `rasid tokens create` made"
            )
        return (
            f"the daemon on {self._address} does not know the token that `http.token_file` of {self._config} holds: "
            "was it replaced, revoked, or is it another daemon's?"
        )
