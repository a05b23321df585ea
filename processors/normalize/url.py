"""One address a page, however it was shared. By table, never by guessing; pure and total.

Two addresses become one only by the rules below. What no rule names is kept: a parameter that selects the article
must survive, for joining two articles hides one of them.
"""

import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit

MAX_LENGTH = 8192
"""Longer than any server accepts. Such a string is kept as it is, so that its size buys no work."""

TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh mibextid
    mc_cid mc_eid mkt_tok _ga _gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv oly_enc_id
    oly_anon_id wickedid s_cid cmpid cmp ocid icid ncid xtor smid smtyp ito guccounter guce_referrer
    guce_referrer_sig __twitter_impression ref_src ref_url spm sr_share feature_share traffic_source
    """.split()
)
"""Parameters that say how a reader came. Compared without case."""

TRACKING_PREFIXES = ("utm_", "at_", "pk_", "piwik_", "mtm_", "hsa_", "ns_")
"""Families of the same. ``at_`` and ``ns_`` are two broadcasters' campaign tags."""

AMP_PARAMETERS = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("type", "amp")})
"""Parameters that ask for the light page of the same article."""

SAME_SITE_PREFIXES = ("www.", "m.", "mobile.", "amp.", "wap.", "touch.")
"""First labels under which a site shows the same pages. Dropped where two labels remain."""

AMP_CACHE_HOSTS = (".cdn.ampproject.org", ".bing-amp.com")
"""Copies of publishers' light pages: ``/c/s/<host>/<path>`` (also ``v``, ``wp``; without ``s`` for http)."""

AMP_VIEWERS = {"google.com": "/amp/s/"}
"""Search engines that show a light page under their own name, and where its address begins."""

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")  # a per cent sign that escapes nothing
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "!$&'()*+,;=:@/%-._~"  # what a path or query may hold unescaped (RFC 3986), and escapes made before
_CACHED = re.compile(r"^/(?:c|v|a|wp)/(?:s/)?(?P<rest>[^/]+\.[^/]+/.*)$", re.DOTALL)
_HOST = re.compile(r"(?P<name>[^\s:.\[\]]+(?:\.[^\s:.\[\]]+)*|\[[0-9a-f:.]+\])\.?(?P<port>:\d+)?")
_DEFAULT_PORTS = {("http", ":80"), ("https", ":443"), ("http", ":443")}  # the last: plain words to a secure port


def canonical_url(url: str) -> str:
    """The one address of the page that ``url`` names; a string that is no web address comes back stripped.

    Never raises, and its own result is unchanged by it.
    """
    stripped = url.strip()
    if len(stripped) > MAX_LENGTH or not stripped[:8].lower().startswith(("http://", "https://")):
        return stripped
    try:
        parts = urlsplit(stripped)
        host = _host(parts)
    except ValueError:  # brackets or characters that no host has
        return stripped
    if not host:
        return stripped
    path, query = parts.path, parts.query
    behind = _behind_cache(host, path)
    if behind is not None:
        # The cache's own address holds the publisher's; one step, because no cache serves another's page.
        return canonical_url(behind + (f"?{query}" if query else ""))
    path = _path(path)
    query = _query(query)
    fragment = f"#{_uniform(parts.fragment)}" if parts.fragment.startswith("!") else ""  # #! selects the page
    return f"https://{host}{path}" + (f"?{query}" if query else "") + fragment


def names_a_page(url: str) -> bool:
    """Whether a canonical address names more than a site's front page, which many articles share."""
    return url.startswith("https://") and (url.count("/") > 3 or not url.endswith("/") or "?" in url)


def _host(parts: SplitResult) -> str:
    found = _HOST.fullmatch(parts.netloc.rpartition("@")[2].lower())
    if not found:
        return ""
    host, port = found["name"], found["port"] or ""
    port = "" if (parts.scheme, port) in _DEFAULT_PORTS else port
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:  # not a name that exists; kept as written
            host = quote(host, safe="[]:.-_~", errors="surrogatepass").lower()
    while True:  # www.m.example.org
        label, _, rest = host.partition(".")
        if f"{label}." not in SAME_SITE_PREFIXES or "." not in rest:
            return host + port
        host = rest


def _behind_cache(host: str, path: str) -> str | None:
    if host.endswith(AMP_CACHE_HOSTS):
        found = _CACHED.match(path)
        return f"https://{found['rest']}" if found and not _is_cache(found["rest"]) else None
    start = AMP_VIEWERS.get(host)
    if start and path.startswith(start):
        rest = path[len(start) :]
        return f"https://{rest}" if "." in rest.partition("/")[0] and not _is_cache(rest) else None
    return None


def _is_cache(address: str) -> bool:
    host = address.partition("/")[0].lower()
    return host.endswith(AMP_CACHE_HOSTS) or host.removeprefix("www.") in AMP_VIEWERS


def _path(path: str) -> str:
    kept: list[str] = []
    for segment in _uniform(path).split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    # Repeated until nothing changes: a canonical address must be its own.
    while len(kept) > 1:
        last = kept[-1]
        plain = last.removesuffix(".amp").removesuffix(".amp.html") + (".html" if last.endswith(".amp.html") else "")
        if last in {"", "amp"}:
            kept.pop()
        elif plain != last and plain.strip("."):
            kept[-1] = plain
        elif len(kept) > 2 and kept[1] == "amp":
            del kept[1]
        else:
            break
    path = "/".join(kept)
    return path if path.startswith("/") else f"/{path}"


def _query(query: str) -> str:
    kept: list[tuple[str, str]] = []
    for part in query.split("&"):
        key, equals, value = part.partition("=")
        name = key.lower()
        if (
            not part
            or name in TRACKING
            or name.startswith(TRACKING_PREFIXES)
            or (name, value.lower()) in AMP_PARAMETERS
        ):
            continue
        kept.append((_uniform(key), equals + _uniform(value)))
    kept.sort(key=lambda pair: pair[0])  # stable: repeated keys keep their order, which may have a meaning
    return "&".join(key + value for key, value in kept)


def _uniform(text: str) -> str:
    """Letters percent-encoded once, in capitals, composed; reserved characters left as their author wrote them."""
    opened = _ESCAPES.sub(_open, _STRAY.sub("%25", text))
    if not opened.isascii():
        opened = unicodedata.normalize("NFC", opened)
    return quote(opened, safe=_KEPT, errors="surrogatepass")


def _open(found: re.Match[str]) -> str:
    escapes = found.group()
    try:
        text = bytes.fromhex(escapes.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:  # another encoding: which one would be a guess
        return escapes.upper()
    return "".join(c if c in _UNRESERVED or not c.isascii() else f"%{ord(c):02X}" for c in text)
