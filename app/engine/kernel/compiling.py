"""How functions are compiled, and where the result is kept."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba


def inner(function: Callable[..., Any]) -> Any:
    """Compiled as a part of what calls it."""
    return numba.njit(error_model="numpy", nogil=True)(function)


def entry(function: Callable[..., Any]) -> Any:
    """Compiled, and kept on disk if some place can be written."""
    # numba looks for changes in the file of ``function`` alone, so all of them name the result.
    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    function.__qualname__ += f"_{sha256(sources).hexdigest()[:16]}"
    options = {"error_model": "numpy", "nogil": True}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:
        return numba.njit(**options)(function)
