"""How functions are compiled, and where the result is kept."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

# Divisions by zero give infinities, as in NumPy; other threads go on meanwhile. Not "fastmath":
# the order of every operation is kept.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}


def inner(function: Function) -> Function:
    """Compiled as a part of what calls it."""
    options = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Function, numba.njit(**options)(function))


def inlined(function: Function) -> Function:
    """Copied into what calls it before that is compiled: for what is short and often called."""
    return cast(Function, numba.njit(inline="always", **_OPTIONS)(function))


def entry(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Compiled at once, for these types only; loaded from disk if an earlier result is there.

    numba keeps it in ``NUMBA_CACHE_DIR``, beside the source, or in the user's cache: the first
    that it may write. What cannot be kept or loaded is compiled for this process alone.
    """
    # numba looks for changes in the function's own file only, so all files name the result, and
    # the engine's, whose constants are compiled in.
    files = sorted(Path(__file__).parents[1].glob("**/*.py"))
    sources = b"".join(path.read_bytes() for path in files)
    digest = sha256(sources).hexdigest()[:16]

    def compiled(function: Callable[..., Any]) -> Any:
        function.__qualname__ = f"{function.__name__}_{digest}"
        try:
            with _cache_in_reach():
                return numba.njit(signature, cache=True, **_OPTIONS)(function)
        except Exception:
            return numba.njit(signature, **_OPTIONS)(function)

    return compiled


@contextmanager
def _cache_in_reach() -> Iterator[None]:
    """Work on a copy of ``NUMBA_CACHE_DIR`` if it cannot be written, as in a container's image.

    numba passes over such a place, even if it only had to read there.
    """
    settings: Any = numba.config
    place = settings.CACHE_DIR
    if not Path(place or "missing").is_dir() or os.access(place, os.W_OK):
        yield
        return
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(place, copy, dirs_exist_ok=True)
        for path in Path(copy).glob("**/"):
            path.chmod(0o700)
        settings.CACHE_DIR = copy
        try:
            yield
        finally:
            settings.CACHE_DIR = place
