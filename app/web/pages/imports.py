"""Opening what was exported: a page with a form that takes a file or its text."""

from collections.abc import Sequence

from fastapi import Request, Response

from app.errors import (
    InvalidInput,
    MalformedRequest,
    RefusedDocument,
    TakebackError,
    UnsupportedMediaType,
)
from app.store.codec import Content
from app.web.budgets.processes import Handed
from app.web.budgets.rates import Quota, spend
from app.web.http.application import pool_of
from app.web.http.form_body import MULTIPART, LongField, SentForm, form_in
from app.web.http.json_body import sent
from app.web.http.page import A_MINUTE, page, see_other
from app.web.http.problems import detail, error_headers, report
from app.web.http.routing import Routes
from app.web.http.text import media_type_of
from app.web.networks import commands
from app.web.networks.reading import opened_document, packed_lab_in, unpacked
from app.web.pages.address import stored_page
from app.web.pages.options import options_of

router = Routes()
_MOST_FIELDS = 4
_LARGE = 64 * 1024
_MOST_ECHOED = 10_000
"""Characters of a text that is sent back beside what is wrong with it; the browser has it, too."""


@router.get("/import")
async def import_page(request: Request) -> Response:
    """The form, empty."""
    return _page(request)


@router.upload("/import")
async def import_network(request: Request) -> Response:
    """A new network from the form's document; whatever prevents one is explained above the form."""
    if media_type_of(request) != MULTIPART:
        raise UnsupportedMediaType("unsupported_upload")
    typed, pool = "", pool_of(request)
    # What is large is counted before it is read; of all else, what was typed is kept.
    is_large = held = int(request.headers.get("content-length", _LARGE)) >= _LARGE
    try:
        if is_large:
            await spend(request, Quota.IMPORT)
        kind = request.headers["content-type"]
        async with sent(request) as body:
            if isinstance(body, Handed):
                lab = await unpacked(await pool.apart(_packed_lab, body, kind, fits="import"))
            else:
                form = await pool.made(_form, body, kind, fits="import")
                text = form.fields.get("text", "").strip()
                held = len(text) > _MOST_ECHOED
                typed = "" if held else text
                if not is_large:
                    await spend(request, Quota.IMPORT)
                lab = await opened_document(_document(form), pool)
        opened = await commands.create(request, lab)
    except TakebackError as error:
        errors = error.errors if isinstance(error, RefusedDocument) else [error]
        report(errors[0])
        if errors[0].code in ("malformed", "not_an_object"):
            errors = [MalformedRequest("import_json")]
        if errors[0].code == "not_an_export":
            errors = errors[:1]  # of another file it is idle to say what it lacks
        return _page(request, errors, typed, held=held)
    return see_other(stored_page(request, opened))


def _form(body: bytes, kind: str) -> SentForm:
    return form_in(body, kind, _MOST_FIELDS, LongField("text", len(body)))


def _document(form: SentForm) -> bytes:
    """What the form holds: a file, or its text. Raises InvalidInput if it is both or none."""
    text = form.fields.get("text", "").strip()
    if bool(form.file) == bool(text):
        raise InvalidInput("import_twice" if text else "nothing_to_import")
    return form.file or text.encode("utf-8", "replace")


def _packed_lab(body: Handed, kind: str) -> Content:
    return packed_lab_in(lambda: _document(_form(body.read(), kind)))


def _page(
    request: Request, errors: Sequence[TakebackError] = (), typed: str = "", *, held: bool = False
) -> Response:
    look, most = options_of(request), request.app.state.settings.max_import_bytes
    context = {"look": look, "query": look.query(), "details": [*map(detail, errors)]}
    context |= {"typed": typed, "held": held, "most_megabytes": f"{most / 2**20:g}"}
    if not errors:
        return page(request, "import/page.html", context, cache=A_MINUTE)
    status, headers = errors[0].status, error_headers(errors[0])
    return page(request, "import/page.html", context, status=status, headers=headers)
