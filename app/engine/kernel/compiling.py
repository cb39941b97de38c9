"""How functions are compiled, and where the result is kept."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba

Function = Callable[..., Any]


def inner(function: Function) -> Any:
    """Compiled as a part of what calls it."""
    return numba.njit(
        error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)


def inlined(function: Function) -> Any:
    """Copied into what calls it before that is compiled: for what is short and often called."""
    return numba.njit(error_model="numpy", nogil=True, inline="always")(function)


def entry(signature: str) -> Callable[[Function], Any]:
    """Compiled at once, for these types only; loaded from disk if an earlier result is there.

    numba keeps it in ``NUMBA_CACHE_DIR``, beside the source, or in the user's cache, wherever it
    may write. What cannot be kept or loaded is compiled for this process alone.
    """
    # numba looks for changes in the function's own file only, so all files name the result.
    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    digest = sha256(sources).hexdigest()[:16]

    def compiled(function: Function) -> Any:
        function.__qualname__ = f"{function.__name__}_{digest}"
        try:
            return numba.njit(signature, error_model="numpy", nogil=True, cache=True)(function)
        except Exception:
            return numba.njit(signature, error_model="numpy", nogil=True)(function)

    return compiled
