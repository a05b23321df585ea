"""Begins to listen for HTTP, and says where in the state directory, so that commands find us."""

from contextlib import AsyncExitStack

import structlog

from daemon.api.desk import Desk
from daemon.api.http_admin import AdminServer
from daemon.config.config import Config
from daemon.config.values import parse_listen
from daemon.state_names import forget_address, keep_address

log = structlog.get_logger()


async def open_http(stack: AsyncExitStack, desk: Desk, config: Config, token: str | None) -> str:
    """``host:port``. Ends with the stack. Raises ``Refused`` where nobody can listen there."""
    host, port = parse_listen(config.http.listen)
    server = AdminServer(desk, host=host, port=port, token=token, a_second=config.http.requests_per_second)
    address = await server.start()
    stack.push_async_callback(server.close)
    keep_address(config.state_dir, address)
    stack.callback(forget_address, config.state_dir)
    log.info("listening", address=address)
    return address
