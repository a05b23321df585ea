"""A subscriber to start from: verifies each request, tells one line of it, forgets nothing it has seen while it runs.

``receiver.py HOST:PORT SECRET_FILE``. Needs only the package ``standardwebhooks``; see docs/receive.md.
"""

import json
import sys
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

LONGEST = 1024 * 1024
REMEMBERED = 10_000
"""Deliveries. The same one may come twice: answer it, and do nothing again."""


def main(listen: str, secret_file: str) -> None:
    """Serve until somebody stops us."""
    webhook = Webhook(Path(secret_file).read_text(encoding="ascii").split()[0])
    seen = OrderedDict[str, None]()

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if length > LONGEST:
                return self.answer(413)
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                webhook.verify(body, headers)
            except WebhookVerificationError:
                return self.answer(401)
            if headers["webhook-id"] not in seen:
                seen[headers["webhook-id"]] = None
                if len(seen) > REMEMBERED:
                    seen.popitem(last=False)
                event = json.loads(body)
                print(event["type"], event["data"].get("text", ""), flush=True)  # noqa: T201, it is a program
            return self.answer(204)

        def answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Requests are told of above."""

    host, _, port = listen.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), Handler)
    print(f"listening on {server.server_address[0]}:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
