"""The page of those who follow: what is shown, its events, and a copy to play with."""

import re
from contextlib import suppress
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.errors import Crowded, LinkTooLarge, NotFound, StorageUnavailable
from app.lab.lab import Lab
from app.lab.links.codec import decode, encode
from app.store.classrooms import Classroom
from app.views.options import ViewOptions
from app.web.classroom.answering import own_page
from app.web.classroom.devices import device_of, is_of
from app.web.classroom.followed_page import base_of, draw, wish_of
from app.web.classroom.join import joining
from app.web.http.application import client_of, pool_of, root_of
from app.web.http.compression import accepted_encodings
from app.web.http.page import go_on, page
from app.web.http.problems import detail, report
from app.web.http.routing import Routes
from app.web.http.templating import Templates, is_htmx
from app.web.networks import commands
from app.web.networks.audiences import Follower, Wish, classes_of
from app.web.networks.lookup import vet
from app.web.networks.shared_stream import GZIP_HEAD, HEARTBEAT, Letter, last_letter
from app.web.pages.options import options_of

TOKEN = re.compile(r"[\w-]{24}", re.ASCII)
"""What the right to watch looks like: 144 random bits."""
_ADDRESS = "/watch/{token}"
router = Routes()


@router.get(_ADDRESS)
async def watch_page(request: Request) -> Response:
    """The network as it is shown; with ``open``, a number's derivation for this reader alone."""
    classes, token = classes_of(request), request.path_params["token"]
    look, sight = options_of(request), await classes.sight(token)
    opened = look.open if look.open and not look.view else None
    me = _mark_of(request, sight.room, look)
    template, headers = "projected" if look.view else "watch", dict[str, str]()
    beside: dict[str, Any] = {}
    if is_htmx(request):
        template = "panel_update"
        # The link may be from an event, which is the same for all: the address keeps the mark.
        if me:
            headers["hx-push-url"] = base_of(request, token) + look.changed(me=me).query()
    elif look.view:
        beside = joining(request, sight.room) | {"followers": await classes.attended(token)}
    return await own_page(
        request, sight, look, template, me=me, opened=opened, beside=beside, headers=headers
    )


def _mark_of(request: Request, room: Classroom, look: ViewOptions) -> str:
    """The device's mark in the page's address, or "": its own, or that of the page that asks."""
    asking = QueryParams(request.headers.get("hx-current-url", "").partition("?")[2])
    mark = look.me or asking.get("me", "")
    return mark if is_of(room, mark) else ""


@router.get(f"{_ADDRESS}/count")
async def count(request: Request) -> Response:
    """How many follow; 204 if it is as many as the page shows, or the room is over."""
    token, classes = request.path_params["token"], classes_of(request)
    is_over = await classes.register.watched(token) is None
    followers = 0 if is_over else await classes.attended(token)
    if is_over or request.query_params.get("seen") == str(followers):
        return Response(status_code=204, headers={"cache-control": "no-store"})
    context = {"watching": base_of(request, token), "followers": followers}
    return page(request, "classroom/count.html", context)


class _EventStream(Response):
    """The events of a room for one follower: the bytes that all others get, too."""

    def __init__(self, request: Request, token: str, wish: Wish, device: str) -> None:
        self.status_code, self.background, self.body = 200, None, b""
        self._packs = "gzip" in accepted_encodings(request.headers)
        headers = {
            "cache-control": "no-store",
            "x-accel-buffering": "no",
            "vary": "Accept-Encoding",
        }
        if self._packs:
            headers["content-encoding"] = "gzip"
        self.media_type = "text/event-stream"
        self.init_headers(headers)
        del self.headers["content-length"]
        self._classes, self._token = classes_of(request), token
        self._follower, self._device = Follower(request, wish), device

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the room is over or nobody listens any more."""
        del scope, receive
        self._classes.join(self._token, self._follower)
        try:
            await self._note()
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._send(send, GZIP_HEAD if self._packs else b"")
            async for letter in self._follower.letters():
                if not letter and not self._classes.sees(self._token):
                    break  # the store is away: pages ask for the events anew, and say so
                await self._send(send, self._bytes(letter or HEARTBEAT))
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._classes.leave(self._token, self._follower)
            await self._note(leaves=True)

    async def _note(self, *, leaves: bool = False) -> None:
        """Note that the device follows, or no more: others' answers count for less."""
        if self._device:
            with suppress(StorageUnavailable):
                await self._classes.register.arrive(self._token, self._device, leaves=leaves)

    def _bytes(self, letter: Letter) -> bytes:
        return letter.packed if self._packs else letter.plain

    async def _send(self, send: Send, body: bytes) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": True})


def _only(event: Letter) -> Response:
    """One event, and nothing after it."""
    return Response(event.plain, 200, {"cache-control": "no-store"}, "text/event-stream")


@router.get(f"{_ADDRESS}/events")
async def events(request: Request) -> Response:
    """The events of a room: its whole state, whenever that changes.

    A room that is over says so, once, to those who come back to it, and a full server to its page,
    which then asks again.
    """
    token, look = request.path_params["token"], options_of(request)
    classes, wish = classes_of(request), wish_of(look)
    try:
        room = (await classes.sight(token)).room
    except NotFound:
        if not is_htmx(request) or not TOKEN.fullmatch(token):
            raise  # at which an EventSource gives up
        return _only(await draw(request, None, wish))
    try:
        classes.check_room(client_of(request).address)
    except Crowded as full:
        if not is_htmx(request):
            raise
        report(full)
        templates: Templates = request.app.state.templates
        newest = base_of(request, token) + look.query()
        without_place = {"wrong": detail(full), "newest": newest}
        return _only(last_letter(templates.render(request, "classroom/full.html", without_place)))
    if request.method == "HEAD":
        return Response(headers={"cache-control": "no-store"}, media_type="text/event-stream")
    device = device_of(room, look.me) if is_of(room, look.me) else ""
    return _EventStream(request, token, wish, device)


@router.post(f"{_ADDRESS}/copy")
async def copy(request: Request) -> Response:
    """Step out: a network of one's own that begins at the moment that is shown."""
    token = request.path_params["token"]
    sight = await classes_of(request).sight(token)
    moment = await pool_of(request).made(_moment, sight.opened.lab)
    opened = await commands.create(request, moment)
    look = options_of(request).changed(left=token, view=None, open=None)
    return go_on(request, f"{root_of(request)}/networks/{opened.id}{look.query()}")


def _moment(lab: Lab) -> Lab:
    """The moment in view without its past, as a link has it; a large one with its past."""
    try:
        return decode(encode(lab), vet)
    except LinkTooLarge:
        return lab
