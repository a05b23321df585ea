"""The live page: files of the package, served to everybody who reaches us. What the page shows it asks the API for.

Nothing is made on the way: the same bytes for everybody, named and read once, with a policy that lets the page load
nothing but them and talk to nobody but us.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiohttp import web

from daemon.api.http_route import Route

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",  # no text becomes markup, not even by mistake
        "trusted-types 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # outlets need not know where the desk works
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",  # asked again each time, which costs a 304: after an upgrade page and API fit
}

_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

FOLDER = "/page/"
"""Below which everything but the page itself is."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """What is sent, and its ETag."""

    body: bytes
    kind: str
    tag: str


@cache
def page_files() -> Mapping[str, PageFile]:
    """Every file of the page by its path: ``/`` and what is below ``FOLDER``."""
    found = {}
    for each in files("daemon").joinpath("page").iterdir():
        kind = _KINDS.get(each.name.rpartition(".")[2])
        if kind is not None:
            body = each.read_bytes()
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            found["/" if each.name == "index.html" else FOLDER + each.name] = PageFile(body, kind, tag)
    return found


def page_routes() -> list[Route]:
    """For the table. Open: they say nothing but how the page is made."""
    return [
        Route("GET", path, _serve, "the live page", None, file.kind.partition(";")[0])
        for path, file in page_files().items()
    ]


async def _serve(request: web.Request) -> web.Response:
    file = page_files()[request.path]
    headers = {**_HEADERS, "ETag": file.tag}
    if request.headers.get("If-None-Match") == file.tag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=file.body, headers={**headers, "Content-Type": file.kind})
