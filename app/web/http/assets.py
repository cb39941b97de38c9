"""Static files under fingerprinted addresses, compressed once, kept in memory.

An address carries a hash of the content, so browsers may keep it for a year. The style sheets
are written by part and served as one file.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFound
from app.web.http.compression import accepted_encodings
from app.web.http.routing import Routes

router = Routes()
_FOREVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=60"
_STYLE_ORDER = (
    "tokens", "base", "controls", "run", "diagram", "page", "film", "panel", "tables", "plots",
    "pages", "share", "dataset", "menus", "present", "print",
)  # fmt: skip
_FOR_AUTHORS = {
    ".js": re.compile(rb"^\s*//.*\n|^\s+", re.MULTILINE),
    ".css": re.compile(rb"^\s*/\*(?:[^*]|\*(?!/))*\*/\n|^\s+", re.MULTILINE),
}
_TEXT = (".css", ".js", ".svg", ".json", ".txt")
FOLLOWING = ("vendor/htmx.min.js", "vendor/hx-sse.min.js")
"""As one, or htmx looks for streams on the page before it knows what one is."""
QUIETLY = (
    (b'"htmx:sse:error",{connection:d,error:t}),l=!1', b'"htmx:sse:error",{connection:d}),l=!1'),
    (b"error:new Error(`SSE reconnect failed with status ${f.status}`),", b""),
    (b"await t.read()", b"await t.read().catch(()=>({done:!0}))"),
    (b'"htmx:error",{ctx:e,error:r})', b'"htmx:error",{ctx:e,error:e.response&&r.name&&r})'),
)
"""What is said on the page, that a server is out of reach: what these log of it, and without it."""
mimetypes.add_type("text/javascript", ".js")


def sent(name: str, content: bytes) -> bytes:
    """What browsers get of a file: of our scripts and styles no comment, indent or blank line.

    Of those that ask a server again and again, what does not log that it is out of reach.
    """
    if name in FOLLOWING:
        for logs, quiet in QUIETLY:
            content = content.replace(logs, quiet)
    lines = _FOR_AUTHORS.get(Path(name).suffix)
    return lines.sub(b"", content) if lines and "/" not in name else content


@lru_cache(maxsize=64)
def _compressed(content: bytes) -> Mapping[str, bytes]:
    """A file in each encoding; at its best a file takes 40 ms, which one process spends once."""
    return {"br": brotli.compress(content), "gzip": gzip.compress(content, mtime=0)}


class Asset:
    """One static file: its content in each encoding; text is compressed if that helps."""

    def __init__(self, name: str, content: bytes) -> None:
        self.fingerprint = hashlib.sha256(content).hexdigest()[:12]
        self._media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._encodings = {"identity": content}
        if name.endswith(_TEXT) and len(content) > 512:
            self._encodings |= _compressed(content)

    def response(self, request: Request) -> Response:
        """This asset in the best encoding that the request accepts."""
        accepted = accepted_encodings(request.headers)
        encoding = next((e for e in ("br", "gzip") if e in accepted & self._encodings.keys()), "")
        current = request.path_params["fingerprint"] == self.fingerprint
        caching = _FOREVER if current else _BRIEFLY
        headers = {"cache-control": caching, "vary": "Accept-Encoding"}
        # A frame in a sandbox has no origin: to it our own files are another site's.
        headers["cross-origin-resource-policy"] = "cross-origin"
        headers |= {"content-encoding": encoding} if encoding else {}
        return Response(self._encodings[encoding or "identity"], 200, headers, self._media_type)


class Assets:
    """All static files of a directory, by name."""

    def __init__(self, directory: Path, root_path: str = "") -> None:
        self._root_path = root_path
        styles = [directory / "css" / f"{part}.css" for part in _STYLE_ORDER]
        css = b"\n".join(style.read_bytes() for style in styles)
        content = {"app.css": sent("app.css", css)}
        for path in sorted(directory.rglob("*")):
            name = path.relative_to(directory).as_posix()
            if path.is_file() and not (path in styles or name.startswith(".")):
                content[name] = sent(name.removeprefix("css/"), path.read_bytes())
        if all(name in content for name in FOLLOWING):
            content["following.js"] = b"\n;".join(content[name] for name in FOLLOWING)
        self._assets = {name: Asset(name, data) for name, data in content.items()}

    def url(self, name: str) -> str:
        """The address of an asset; a missing one is a mistake in a template or in the build."""
        return f"{self._root_path}/static/{self._assets[name].fingerprint}/{name}"

    def find(self, name: str) -> Asset:
        """An asset by its name. Raises NotFound if there is none."""
        if name not in self._assets:
            raise NotFound
        return self._assets[name]


@router.get("/static/{fingerprint}/{name:path}")
async def static_file(request: Request) -> Response:
    """A static file."""
    assets: Assets = request.app.state.assets
    return assets.find(request.path_params["name"]).response(request)
