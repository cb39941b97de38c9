"""Exported networks, read beside the event loop: large ones in a process of their own.

Reading JSON holds the interpreter's lock, a large file's for a second. This module is also the
program of that process: a file comes in, a Lab as a store keeps it goes out, or what is wrong.
"""

import sys
from functools import partial
from typing import Any

import anyio
import orjson
from pydantic import ValidationError

from app import errors
from app.data.catalog import OWN
from app.errors import InvalidInput, MalformedRequest, RefusedDocument, TooLarge
from app.lab.lab import Lab
from app.store.codec import Content, decode, encode
from app.web.budgets.pool import PoolShare, whole
from app.web.http.json_body import check_marks, parsed
from app.web.http.problems import as_errors
from app.web.networks import commands
from app.web.networks.bodies import SpecModel
from app.web.networks.export_body import CreateOrImportModel, DocumentModel, lab_of

_LARGE = 512 * 1024
# Where processors are few, the requests of others go first.
_PROGRAM = (
    "import os, sys; os.nice(10); sys.path[:] = {path}; "
    "from app.web.networks.reading import main; main()"
)


async def opened_document(content: bytes, pool: PoolShare, most_else: int = 0) -> Lab:
    """The Lab in an exported file, or in a request to create a network that holds one.

    A request whose body has more than ``most_else`` bytes, if these are not 0, must hold one, or
    the Spec of an own table. Files are read one at a time, each client's in turn. Raises
    RefusedDocument.
    """
    if len(content) > _LARGE:
        await pool.made(check_marks, content)
        work = partial(_in_a_process, content, most_else)
    else:
        work = partial(_in_turn, content, most_else, pool)
    return await pool.alone(pool.imports, work, "import")


async def _in_turn(content: bytes, most_else: int, pool: PoolShare) -> Lab:
    return await pool.turns(whole(partial(_lab_in, content, most_else)))


def _lab_in(content: bytes, most_else: int) -> Lab:
    try:
        if not most_else:
            content.decode("utf-8")
            return lab_of(parsed(DocumentModel, content))
        body = parsed(CreateOrImportModel, content)
        if body.export is None:
            return commands.fresh_lab(_own_table(body.spec, most_else))
        if (body.example, body.spec) != (None, None):
            raise InvalidInput("example_or_spec", pointer="/example")
        return lab_of(body.export, "/export")
    except UnicodeDecodeError:
        raise RefusedDocument([MalformedRequest("import_text")]) from None
    except (InvalidInput, ValidationError) as error:
        found = [one for one in as_errors(error) if isinstance(one, InvalidInput)]
        raise RefusedDocument(found) from None


def _own_table(spec: SpecModel | None, most_else: int) -> SpecModel:
    """A Spec that holds a table of somebody's own; TooLarge if it is none."""
    if spec is None or spec.data is None or spec.data.name != OWN:
        raise TooLarge(limit=most_else)
    return spec


async def _in_a_process(content: bytes, most_else: int) -> Lab:
    program = _PROGRAM.format(path=sys.path)
    command = [sys.executable, "-I", "-c", program, str(most_else)]
    done = await anyio.run_process(command, input=content, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    head, _, rest = done.stdout.partition(b"\n")
    sizes, wrong = orjson.loads(head)
    if wrong:
        raise RefusedDocument(
            [getattr(errors, name)(code, pointer=at, **said) for name, code, at, said in wrong]
        )
    pieces, at = {}, 0
    for name, size in sizes:
        pieces[name], at = rest[at : at + size], at + size
    data = pieces.pop("")
    return await anyio.to_thread.run_sync(decode, Content(data, pieces))


def main() -> None:
    """Read what is sent to the process, and answer."""
    sizes: list[tuple[str, int]] = []
    wrong: list[tuple[Any, ...]] = []
    pieces: list[bytes] = []
    try:
        found = encode(_lab_in(sys.stdin.buffer.read(), int(sys.argv[1])))
        for name, piece in {"": found.data, **found.blocks}.items():
            sizes.append((name, len(piece)))
            pieces.append(piece)
    except RefusedDocument as refused:
        wrong = [(type(e).__name__, e.code, e.pointer, e.values) for e in refused.errors]
    sys.stdout.buffer.write(orjson.dumps([sizes, wrong], default=str) + b"\n" + b"".join(pieces))
