from ipaddress import ip_network

import pytest

from alerts.senders.denied_addresses import check_url, parse_networks, why_denied

DENIED_TEXT = """
0.0.0.0 0.1.2.3 0.255.255.255
10.0.0.0 10.0.0.1 10.255.255.255
100.64.0.0 100.100.100.200 100.127.255.255
127.0.0.1 127.0.0.53 127.1.2.3 127.255.255.255
168.63.129.16
169.254.0.1 169.254.169.254 169.254.170.2 169.254.255.255
172.16.0.1 172.17.0.1 172.31.255.255
192.0.0.1 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1
192.168.0.1 192.168.255.255
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:0:8.8.8.8
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:a00:1 ::ffff:100.64.0.1
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::7f00:1
64:ff9b:1::1 64:ff9b:1::8.8.8.8 64:ff9b:1:ffff::a00:1
100::1 100:0:0:1::1
2001::1 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2001:1ff:ffff::
2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 2002:808:808::
3fff::1 3fff:fff::1 4000::1 5f00::1 8000::1
fc00::1 fd00:ec2::254 fd20:ce::254 fdff::1
fe80::1 fe80::1%eth0 febf::1 fec0::1 feff::1
ff02::1 ff05::2 ff0e::1 ffff:ffff::
::ffff:0.0.0.0 ::ffff:192.168.1.1 ::ffff:224.0.0.1 64:ff9b::100.64.0.1 64:ff9b::192.168.1.1 64:ff9b::a9fe:a9fe
2002:c0a8:101:: 2001:0:a9fe:a9fe:: 192.168.0.254 172.31.0.1 10.96.0.1 169.254.169.123
"""

REACHABLE_TEXT = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
168.63.129.15 169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1
198.17.255.255 198.20.0.1 223.255.255.255
::ffff:8.8.8.8 64:ff9b::8.8.8.8
2001:200::1 2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450::1 2003::1 3ffe::1
"""

DENIED, REACHABLE = DENIED_TEXT.split(), REACHABLE_TEXT.split()

NO_ADDRESS = ["", "example.org", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "[::1]", "1.2.3.4.5"]


@pytest.mark.parametrize("address", DENIED)
def test_what_must_not_be_reached_is_denied(address: str) -> None:
    assert why_denied(address)


@pytest.mark.parametrize("address", REACHABLE)
def test_the_public_internet_is_not_denied_up_to_the_last_neighbour(address: str) -> None:
    assert why_denied(address) is None


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_denied(address: str) -> None:
    assert why_denied(address)


def test_there_are_enough_vectors_to_mean_something() -> None:
    assert len(set(DENIED)) >= 90


@pytest.mark.parametrize(
    ("network", "address", "denied"),
    [
        ("10.1.0.0/16", "10.1.2.3", False),
        ("10.1.0.0/16", "10.2.2.3", True),
        ("10.1.0.0/16", "::ffff:10.1.2.3", False),
        ("10.1.0.0/16", "64:ff9b::10.1.2.3", False),
        ("10.1.0.0/16", "::10.1.2.3", True),
        ("10.1.0.0/16", "2002:a01:203::", True),
        ("fd00::/8", "fd12::1", False),
        ("fd00::/8", "10.1.2.3", True),
        ("fe80::/10", "fe80::1%eth0", False),
        ("::1/128", "::1", False),
        ("::1/128", "127.0.0.1", True),
    ],
)
def test_allow_opens_one_network_and_its_other_spellings(network: str, address: str, denied: bool) -> None:
    assert (why_denied(address, [ip_network(network)]) is not None) is denied


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "https://"),
        ("example.org/hook", "https://"),
        ("ftp://example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("http://example.org/", "https://"),
        ("http://8.8.8.8/", "https://"),
        ("https://", "no host"),
        ("https:///hook", "no host"),
        ("https://user:word@example.org/", "user name"),
        ("https://user@example.org/", "user name"),
        ("https://@example.org/", "user name"),
        ("https://example.org:22/", "port 22"),
        ("https://example.org:6379/", "port 6379"),
        ("https://example.org:0/", "port 0"),
        ("https://example.org:99999/", "not a URL"),
        ("https://127.0.0.1/", "loopback"),
        ("https://127.0.0.1./", "loopback"),
        ("https://[::1]/", "loopback"),
        ("https://[::ffff:127.0.0.1]/", "loopback"),
        ("https://[::ffff:169.254.169.254]/", "link-local"),
        ("https://①②⑦.⓪.⓪.①/", "loopback"),
        ("https://１２７．０．０．１/", "loopback"),
        ("https://127。0。0。1/", "loopback"),
        ("https://127.1/", "is a number"),
        ("https://2130706433/", "is a number"),
        ("https://0x7f000001/", "is a number"),
        ("https://0x7f.0.0.1/", "is a number"),
        ("https://0177.0.0.1/", "is a number"),
        ("https://%31%32%37.0.0.1/", "% sign"),
        ("https://[fe80::1%25eth0]/", "zone"),
        ("https://exa\tmple.org/", "control character"),
        ("https://example.org/\r\nx", "control character"),
        ("https://example.org\\@127.0.0.1/", "backslash"),
        (" https://example.org/", "space"),
    ],
)
def test_a_url_that_could_mislead_is_refused_with_a_remedy(url: str, says: str) -> None:
    problem = check_url(url)

    assert problem is not None and says in problem


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook?a=b@c",
        "https://example.org:8443/",
        "https://example.org./",
        "HTTPS://EXAMPLE.ORG/",
        "https://8.8.8.8/",
        "https://[2001:4860:4860::8888]/",
        "https://أخبار.example/خبر",
    ],
)
def test_an_ordinary_url_is_accepted(url: str) -> None:
    assert check_url(url) is None


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("http://127.0.0.1:9000/", True),
        ("https://127.0.0.1:9000/", True),
        ("http://receiver.internal:9000/", True),  # decided when it is resolved
        ("http://10.0.0.1/", False),
        ("http://8.8.8.8/", False),
        ("http://127.1:9000/", False),
        ("ftp://127.0.0.1/", False),
    ],
)
def test_an_allowed_network_may_be_reached_without_encryption_on_any_port(url: str, accepted: bool) -> None:
    assert (check_url(url, parse_networks(["127.0.0.0/8"])) is None) is accepted


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.1/8"):
        parse_networks(["10.0.0.1/8"])
