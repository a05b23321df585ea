"""Addresses that no webhook may be sent to, and what a receiver's URL must look like.

A table of our own, because ``ipaddress.is_global`` says yes to NAT64, 6to4, site-local, multicast and
IPv4-compatible addresses. Addresses that carry another one inside are judged by the inner one too.
Names cannot be judged before they are resolved: the sender asks ``why_denied`` for each address it connects to.
"""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

# Where webhooks are served. Others (22, 25, 6379 …) are only asked for to reach something else.
PORTS = frozenset({443, 8443})

# Where mail is taken: relays, TLS, submission, and the port that hosters open where 25 is closed.
MAIL_PORTS = frozenset({25, 465, 587, 2525})

_DENIED_V4 = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata service"),  # Azure; otherwise an ordinary address
        ("169.254.0.0/16", "link-local, metadata services among them"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "IETF protocol assignments"),  # 192.0.0.192 is Oracle's metadata service
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")

_DENIED_V6 = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("2001:db8::/32", "documentation"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "IETF protocol assignments"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),  # metadata services of AWS (fd00:ec2::254) and Google among them
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)

_CONTROL_OR_SPACE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\]")
_NUMERIC_LABEL = re.compile(r"(?:0[xX][0-9a-fA-F]*|\d+)\Z")


def why_denied(address: str, allow: Iterable[Network] = ()) -> str | None:
    """Why ``address`` must not be connected to, None if it may be. Text that is no address is denied."""
    try:
        parsed = ip_address(address.partition("%")[0])  # a zone (fe80::1%eth0) changes nothing
    except ValueError:
        return f"{address!r} is no address"
    if is_allowed(address, allow):
        return None
    if isinstance(parsed, IPv4Address):
        return _denied_v4(parsed)
    return _denied_v6(parsed)


def is_allowed(address: str, allow: Iterable[Network]) -> bool:
    """Whether an ``allow`` network covers the address, or the IPv4 address that it is another spelling of."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    spellings: tuple[Address, ...] = (parsed, *_same_as(parsed))
    return any(each.version == network.version and each in network for each in spellings for network in allow)


def check_url(url: str, allow: Iterable[Network] = ()) -> str | None:
    """What is wrong with a receiver's URL, with the remedy; None if it may be used.

    ``https`` on the usual ports only; with ``allow``, also ``http`` and any port, to the allowed addresses.
    Judged in the form that the HTTP client will use, after its own normalising.
    """
    if _CONTROL_OR_SPACE.search(url):
        return "the URL holds a space, a backslash or a control character: remove it"
    try:
        parsed = URL(url)
        parsed = URL(str(parsed))  # what normalising produced is read again, as the client will
        host, port = parsed.host, parsed.port
    except ValueError as error:
        return f"not a URL: {error}"
    if parsed.scheme not in ("http", "https"):
        return "the URL must begin with https://"
    if parsed.user is not None or parsed.password is not None or "@" in url.split("://", 1)[-1].split("/", 1)[0]:
        return "the URL holds a user name or password: remove it, webhooks are signed instead"
    if not host or not host.strip("."):
        return "the URL names no host"
    return _check_place(host, port, tuple(allow), parsed.scheme == "https", PORTS, "https://")


def check_mail_server(host: str, port: int, allow: Iterable[Network] = (), *, encrypted: bool) -> str | None:
    """The same for a mail server: encrypted and on a port where mail is submitted, or an allowed address."""
    if _CONTROL_OR_SPACE.search(host) or not host.strip("[]."):
        return "the host is no name and no address: write host:port, like mail.newsroom.example:587"
    try:
        host = URL.build(scheme="https", host=host).host or host  # as the client will write the name
    except ValueError as error:
        return f"not a host: {error}"
    return _check_place(host, port, tuple(allow), encrypted, MAIL_PORTS, "encryption: starttls")


def _check_place(
    host: str, port: int | None, allow: tuple[Network, ...], encrypted: bool, ports: frozenset[int], encryption: str
) -> str | None:
    if "%" in host:
        return "the host holds a % sign or a zone: write a plain name or address"
    literal = _literal(host)
    if literal is None:
        if _NUMERIC_LABEL.match(host.rstrip(".").rpartition(".")[2]):
            return f"the host {host} is a number, not a name: write an IPv4 address as four decimal numbers"
        permitted = bool(allow)  # a name: decided at connect time
    else:
        why = why_denied(str(literal), allow)
        if why is not None:
            return f"{host} must not be called ({why}): if it is meant, add its network to this receiver's allow"
        permitted = is_allowed(str(literal), allow)
    if not encrypted and not permitted:
        return f"use {encryption}, or add the receiver's network to its allow to send without encryption"
    if port not in ports and not permitted:
        known = " and ".join(map(str, sorted(ports)))
        return f"port {port} is not one of {known}: add the receiver's network to its allow to use another"
    return None


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]").rstrip("."))
    except ValueError:
        return None


def _denied_v4(address: IPv4Address) -> str | None:
    return next((why for network, why in _DENIED_V4 if address in network), None)


def _denied_v6(address: IPv6Address) -> str | None:
    for inner in _same_as(address):
        return _denied_v4(inner)
    for network, why in _DENIED_V6:
        if address in network:
            return why
    return None if address in _GLOBAL_UNICAST else "not global unicast"


def _same_as(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 host that packets to this IPv6 address end up at, where that is what the prefix means."""
    if isinstance(address, IPv6Address) and (address in _MAPPED or address in _NAT64):
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def parse_networks(written: Iterable[str]) -> tuple[Network, ...]:
    """Networks from their CIDR spelling. ``ValueError`` names the one that is none, or has host bits set."""
    return tuple(ip_network(each) for each in written)
