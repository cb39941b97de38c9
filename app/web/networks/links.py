"""Links: what may be in one, and the addresses that hold one."""

import re
from typing import Any

import anyio.to_thread

from app.lab.lab import Lab
from app.lab.limits import check_weights
from app.lab.links import decode
from app.store.lab_store import LabCache
from app.web.networks.bodies import NAME_PATTERN, SpecModel

# A bias may be named for its layer and its unit: ``b1_h1``.
_BIAS_NAME = re.compile(NAME_PATTERN.replace("{0,15}", "{0,40}"))


def vet(data: dict[str, Any]) -> dict[str, Any]:
    """The Spec of a link, if a request might have brought it.

    Raises:
        ValidationError: a part cannot be used.
        InvalidInput: it has too many weights.
        ValueError: a bias has a name that cannot be.
    """
    names = data.get("names")
    biases = names.get("biases") if isinstance(names, dict) else None
    if isinstance(names, dict):
        names = {key: value for key, value in names.items() if key != "biases"}
    model = SpecModel.model_validate({**data, "names": names})
    check_weights(model.layers, "/layers")
    found: dict[str, Any] = model.model_dump(exclude_none=True)
    if biases is None:
        return found
    return {**found, "names": {**found.get("names", {}), "biases": _bias_names(biases)}}


def _bias_names(rows: object) -> list[Any]:
    if not isinstance(rows, list):
        raise ValueError("no bias names")
    for row in rows:
        names = row if isinstance(row, list) else [row]
        if not all(isinstance(name, str) and _BIAS_NAME.fullmatch(name) for name in names):
            raise ValueError("no bias names")
    return rows


async def linked(link: str, cache: LabCache) -> Lab:
    """The Lab of a link, as ``cache`` has it or decoded beside the event loop.

    Raises:
        UnusableLink: it cannot be opened.
    """
    name = f"/at/{link}"  # no id of a stored network
    if found := cache.get(name):
        return found[1]
    lab = await anyio.to_thread.run_sync(decode, link, vet)
    cache.put(name, 0, lab)
    return lab
