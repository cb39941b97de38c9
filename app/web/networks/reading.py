"""Exported networks, read beside the event loop: large ones in a process of their own.

Reading JSON holds the interpreter's lock, a large file's for a second. From the process comes a
Lab as a store keeps it, or what is wrong.
"""

from collections.abc import Callable
from functools import partial

from anyio.to_thread import run_sync
from pydantic import ValidationError

from app.data.catalog import OWN
from app.errors import InvalidInput, MalformedRequest, RefusedDocument, TooLarge
from app.lab.lab import Lab
from app.store.codec import Content, decode, encode
from app.store.document import FORMAT
from app.web.budgets.pool import PoolShare, whole
from app.web.budgets.processes import Handed
from app.web.http.json_body import check_texts, content_of
from app.web.http.problems import as_errors
from app.web.networks import commands
from app.web.networks.bodies import SpecModel
from app.web.networks.export_body import CreateOrImportModel, DocumentModel, lab_of

_MAY_BE_LARGE = (b'"export"', b'"own"', FORMAT.encode())


async def opened_document(sent: bytes | Handed, pool: PoolShare, most_else: int = 0) -> Lab:
    """The Lab in an exported file, or in a request to create a network that holds one.

    A request whose body has more than ``most_else`` bytes, if these are not 0, must hold one, or
    the Spec of an own table. Files are read one at a time, each client's in turn. Raises
    RefusedDocument.
    """
    if isinstance(sent, Handed):
        return await unpacked(await pool.apart(packed_lab_in, sent.read, most_else, fits="import"))
    work = partial(_in_turn, sent, most_else, pool)
    return await pool.alone(pool.imports, work, "import")


async def unpacked(packed: Content) -> Lab:
    """A Lab as it came from another process, which made it by the store's ``encode``."""
    return await run_sync(decode, packed)


async def _in_turn(sent: bytes, most_else: int, pool: PoolShare) -> Lab:
    return await pool.turns(whole(partial(_lab_in, lambda: sent, most_else)))


def packed_lab_in(read: Callable[[], bytes], most_else: int = 0) -> Content:
    """The Lab in what is ``read``, as ``opened_document`` says, as the store keeps it."""
    return encode(_lab_in(read, most_else))


def _lab_in(read: Callable[[], bytes], most_else: int) -> Lab:
    try:
        found = content_of(_checked(read(), most_else))  # no name keeps a large body
        if not most_else:
            return lab_of(DocumentModel.model_validate(found))
        body = CreateOrImportModel.model_validate(found)
        if body.export is None:
            return commands.fresh_lab(_own_table(body.spec, most_else))
        if (body.example, body.spec) != (None, None):
            raise InvalidInput("example_or_spec", pointer="/example")
        return lab_of(body.export, "/export")
    except UnicodeDecodeError:
        raise RefusedDocument([MalformedRequest(None if most_else else "import_text")]) from None
    except (InvalidInput, ValidationError) as error:
        found = [one for one in as_errors(error) if isinstance(one, InvalidInput)]
        raise RefusedDocument(found) from None


def _checked(body: bytes, most_else: int) -> bytes:
    if len(body) > most_else > 0 and not any(one in body for one in _MAY_BE_LARGE):
        raise TooLarge(limit=most_else)
    check_texts(body)
    return body


def _own_table(spec: SpecModel | None, most_else: int) -> SpecModel:
    """A Spec that holds a table of somebody's own; TooLarge if it is none."""
    if spec is None or spec.data is None or spec.data.name != OWN:
        raise TooLarge(limit=most_else)
    return spec
