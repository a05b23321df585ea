"""Whether a connection may be made at all: the address, the port, and whether it is encrypted. Pure."""

from collections.abc import Set as AbstractSet

from alerts.senders.denied_addresses import PORTS, Network, is_allowed, why_denied


class DeniedAddress(Exception):
    """The connection was refused by us. Not an ``OSError``, so that no other address is tried instead."""


def check_connection(
    address: str, port: int, allow: tuple[Network, ...], encrypted: bool, ports: AbstractSet[int] = PORTS
) -> None:
    """Raise ``DeniedAddress`` unless this address and port may be connected to, with or without encryption."""
    why = why_denied(address, allow)
    if why is not None:
        raise DeniedAddress(f"{address} ({why})")
    if is_allowed(address, allow):
        return
    if not encrypted:
        raise DeniedAddress(f"{address} (not encrypted, and not in a network of the receiver's allow)")
    if port not in ports:
        raise DeniedAddress(f"{address} (port {port}, and not in a network of the receiver's allow)")
