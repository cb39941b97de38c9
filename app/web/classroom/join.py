"""Joining: a short code that is typed, or a QR code that is scanned, leads to the room."""

import io
import secrets
import unicodedata
from typing import Any
from urllib.parse import urlsplit

import segno
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFound, TooManyRequests
from app.store.classrooms import Classroom
from app.web.budgets.rates import SITE_BITS, Quota, address_hash, rates_of
from app.web.classroom.followed_page import base_of
from app.web.http.application import site_of
from app.web.http.page import page, see_other
from app.web.http.problems import detail, error_headers, report
from app.web.http.routing import Routes
from app.web.networks.audiences import classes_of
from app.web.networks.forms import read_form
from app.web.pages.options import options_of

ALPHABET = "346789ACDEFGHJKMNPQRTUVWXY"
"""No two of these look alike, in whatever type face and handwriting."""
OWN_HOSTS = ("localhost", "::1")
LENGTH = 6
_MOST_TYPED = 200
_FEW = 3
_EVERYBODY = "everybody"
router = Routes()


def new_code() -> str:
    """A code that nobody can guess while guesses are counted: 26⁶ are possible."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def joining(request: Request, room: Classroom) -> dict[str, Any]:
    """What is told to those who are to join: the code in two halves, and where to type it.

    ``own_host``: the host in that address, if on every device it means that device; else "".
    """
    host = urlsplit(site_of(request)).hostname or ""
    return {
        "own_host": host if host in OWN_HOSTS or host.startswith("127.") else "",
        "code": f"{room.code[:3]} {room.code[3:]}",
        "join_address": f"{site_of(request).partition('://')[2]}/join",
        "watching": base_of(request, room.token),
    }


@router.get("/join")
async def join_page(request: Request) -> Response:
    """Where the code is typed."""
    look = options_of(request)
    context = {"look": look, "query": look.elsewhere, "typed": "", "wrong": ""}
    return page(request, "classroom/join.html", context)


@router.post("/join")
async def join(request: Request) -> Response:
    """The room that the typed code leads to, or the page again."""
    look, typed = options_of(request), (await read_form(request)).get("code", "")
    try:
        return see_other(await _found(request, typed))
    except (NotFound, TooManyRequests) as error:
        report(error)
        wrong, headers = detail(error), error_headers(error)
        context = {"look": look, "query": look.elsewhere, "typed": typed[:20], "wrong": wrong}
        return page(request, "classroom/join.html", context, status=error.status, headers=headers)


@router.get("/j/{code}")
async def join_by_address(request: Request) -> Response:
    """The room that the code in an address leads to."""
    return see_other(await _found(request, request.path_params["code"]))


async def _found(request: Request, typed: str) -> str:
    """The address that a code leads to; wrong ones are counted. Raises NotFound.

    TooManyRequests says that too many were wrong. What can be no code is no guess, and a wrong one
    that a whole class types counts once: neither helps to find another. Guesses come one after the
    other, so that many at once are not answered before they are counted.
    """
    code, rates = _letters(typed), rates_of(request)
    client, classes = address_hash(request), classes_of(request)
    site = address_hash(request, SITE_BITS)  # of IPv6 it has thousands of addresses that count
    if len(code) != LENGTH or set(code) - set(ALPHABET):
        raise NotFound("no_code")
    async with classes.guessing:
        await rates.check(Quota.JOIN, client, "too_many_guesses")
        await rates.check(Quota.SITE_JOIN, site, "too_many_guesses")
        # Who has typed few wrong ones is let in while somebody guesses from many addresses.
        few = await rates.spent(Quota.JOIN, client) < _FEW
        everybody = Quota.FIRST_JOIN if few else Quota.EVERY_JOIN
        await rates.check(everybody, _EVERYBODY, "guessed_by_all")
        room = await classes.register.joined(code)
        if room is None:
            if await rates.is_first(Quota.JOIN, client, code):
                await rates.spend(Quota.JOIN, client)
                await rates.spend(Quota.SITE_JOIN, site)
                await rates.spend(everybody, _EVERYBODY)
            raise NotFound("no_such_code")
    look = options_of(request)
    return base_of(request, room.token) + look.query(**dict.fromkeys(look.fields("theme")))


def _letters(typed: str) -> str:
    """A code without what stands around and between its letters, in whatever form they came.

    A long text is none: one of its signs may stand for eighteen.
    """
    if len(typed) > _MOST_TYPED:
        return ""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed))).upper()


@router.get("/watch/{token}/qr.svg")
async def qr_code(request: Request) -> Response:
    """A QR code of the address of a follower's page: who scans it types nothing."""
    token = request.path_params["token"]
    await classes_of(request).sight(token)
    picture = io.BytesIO()
    address = f"{site_of(request)}/watch/{token}"
    segno.make_qr(address, error="m").save(picture, kind="svg", border=4, scale=8, light="white")
    return Response(picture.getvalue(), 200, {"cache-control": "no-store"}, "image/svg+xml")
