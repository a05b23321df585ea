"""A server of the standard library that serves from a thread while a block runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import TCPServer


@contextmanager
def served(server: TCPServer) -> Iterator[int]:
    """Its port. What it began is done when the block has ended."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
