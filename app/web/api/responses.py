"""The network that a request to the API names, the command on it, and the State as the answer."""

import re
from typing import Any

from fastapi import Request, Response

from app.errors import InvalidInput, PreconditionFailed, VersionConflict
from app.store.lab_store import StoredNetwork
from app.web.api.state import state
from app.web.budgets.memory import wait_for_memory
from app.web.http.application import pool_of, store_of
from app.web.http.compression import compressed
from app.web.http.json_body import json_response, written
from app.web.networks import commands
from app.web.networks.lookup import last_of

_LONG_HISTORY = 50_000
_NO_VERSION = -1
_OURS = re.compile(r'(?:W/)?"?([0-9]{1,15})"?', re.ASCII)
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


async def opened_of(request: Request) -> StoredNetwork:
    """The network that a request's path names."""
    return await store_of(request).load(request.path_params["network_id"])


async def answered(
    request: Request, opened: StoredNetwork, run: Any = None, sample: int | None = None,
    status: int = 200, **headers: str,
) -> Response:  # fmt: skip
    """The State of a network, one with many losses written beside the event loop."""
    content = state(opened.id, opened.version, opened.lab, sample, last_of(request))
    if run:
        content["run"] = run
    headers["etag"] = f'"{opened.version}"'
    if len(content["loss_history"]) <= _LONG_HISTORY:
        return json_response(content, status, **headers)
    await wait_for_memory(request, opened.lab)
    pool = pool_of(request)
    content["loss_history"] = await pool.do(written(content["loss_history"]))
    return await pool.made(lambda: compressed(request, json_response(content, status, **headers)))


async def changed(
    request: Request, command: commands.Command, name: str, steps: int
) -> StoredNetwork:
    """The network of a request after ``command``; PreconditionFailed unless it is as If-Match says.

    A header that is not an ETag of ours raises InvalidInput.
    """
    expected = _version_in(request.headers.get("if-match", "*").strip())
    store, network_id = store_of(request), request.path_params["network_id"]
    try:
        return await commands.change(
            store, network_id, command, pool=pool_of(request), expected=expected, name=name,
            steps=steps,
        )  # fmt: skip
    except VersionConflict as error:
        raise PreconditionFailed(version=error.values.get("version")) from None


async def deleted(request: Request) -> None:
    """Delete the network of a request; PreconditionFailed unless it is as If-Match says."""
    expected = _version_in(request.headers.get("if-match", "*").strip())
    try:
        await store_of(request).delete(request.path_params["network_id"], expected)
    except VersionConflict as error:
        raise PreconditionFailed(version=error.values.get("version")) from None


def _version_in(tag: str) -> int | None:
    """The version that an ETag names; None for ``*``, which any version matches.

    No version is that of an ETag that is none of ours.
    """
    if tag == "*":
        return None
    if ours := _OURS.fullmatch(tag):
        return int(ours[1])
    if not _ETAG.fullmatch(tag):
        raise InvalidInput("if_match")
    return _NO_VERSION
