"""Opening what was exported: a page with a form that takes a file or its text."""

from collections.abc import Sequence

from fastapi import Request, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from app.errors import InvalidInput, MalformedRequest, TakebackError, UnsupportedMediaType
from app.web.http.application import pool_of, root_of
from app.web.http.json_body import check_json
from app.web.http.page import A_MINUTE, page, see_other
from app.web.http.problems import as_errors, detail, error_headers
from app.web.http.rates import Quota, spend
from app.web.http.routing import Routes
from app.web.http.text import media_type_of
from app.web.networks import commands
from app.web.networks.export_body import DocumentModel, open_document
from app.web.pages.options import options_of

router = Routes()


@router.get("/import")
async def import_page(request: Request) -> Response:
    """The form, empty."""
    return _page(request)


@router.upload("/import")
async def import_network(request: Request) -> Response:
    """A new network from the form's document; a wrong one is explained above the form."""
    await spend(request, Quota.IMPORT)
    typed = ""
    try:
        file, typed = await _sent(request)
        if bool(file) == bool(typed):
            raise InvalidInput("import_twice" if file else "nothing_to_import")
        model = _model(file or typed.encode("utf-8", "replace"))
        lab = await open_document(model, pool_of(request).imports)
        opened = await commands.create(request, lab)
    except (InvalidInput, ValidationError) as error:
        errors = as_errors(error)
        if errors[0].code == "malformed":
            errors = [MalformedRequest("import_json")]
        if errors[0].code == "not_an_export":
            errors = errors[:1]  # of another file it is idle to say what it lacks
        return _page(request, errors, typed)
    return see_other(f"{root_of(request)}/networks/{opened.id}{options_of(request).elsewhere}")


async def _sent(request: Request) -> tuple[bytes, str]:
    """The file of the form, and the text that was pasted; either may be empty."""
    if media_type_of(request) != "multipart/form-data":
        raise UnsupportedMediaType("unsupported_upload")
    limit = request.app.state.settings.max_import_bytes
    async with request.form(max_files=1, max_fields=4, max_part_size=limit) as form:
        file, text = form.get("file"), form.get("text")
        content = await file.read() if isinstance(file, UploadFile) else b""
        return content, text.strip() if isinstance(text, str) else ""


def _model(content: bytes) -> DocumentModel:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedRequest("import_text") from None
    check_json(content)
    return DocumentModel.model_validate_json(content)


def _page(request: Request, errors: Sequence[TakebackError] = (), typed: str = "") -> Response:
    look, most = options_of(request), request.app.state.settings.max_import_bytes
    context = {"look": look, "query": look.query(), "details": [*map(detail, errors)]}
    context |= {"typed": typed, "most_megabytes": f"{most / 2**20:g}"}
    if not errors:
        return page(request, "import/page.html", context, cache=A_MINUTE)
    status, headers = errors[0].status, error_headers(errors[0])
    return page(request, "import/page.html", context, status=status, headers=headers)
