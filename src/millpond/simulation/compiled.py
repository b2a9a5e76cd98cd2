"""What of the kernel is called from Python: compiled when it is first called for, never on import.

The compiled code is kept in the user's cache, so that only the first simulation after an update waits for it.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]


@cache
def compiled() -> tuple[Any, Any, Any]:
    """The kernel's module, its lean and its full entry, compiled or to be compiled at their first call.

    The cache of compiled code is kept in the user's cache directory, or where that cannot be written to in a
    temporary one: beside the module, as Numba would have it, fails on an installation that is read-only.
    """
    kernel, kept = _keeping()
    return kernel, kept(kernel.replicate_lean), kept(kernel.replicate_full)


@cache
def spread_of() -> Any:
    """The kernel's function of the same name, compiled or to be compiled at its first call."""
    kernel, kept = _keeping()
    return kept(kernel.spread_of)


def words_at(key: int, c0: Words, c1: Words) -> Words:
    """Both words at each of several addresses, for draws that are made outside the event loop.

    Args:
        key: of the replication, from `millpond.simulation.addresses.replication_key`.
        c0, c1: the words of each address.

    Returns:
        uint64, addresses x 2.
    """
    out: Words = np.empty((len(c0), 2), dtype=np.uint64)
    _words_at()(np.uint64(key), c0, c1, out)
    return out


@cache
def _words_at() -> Any:
    kernel, kept = _keeping()
    return kept(kernel.words_at)


def _keeping() -> tuple[Any, Any]:
    """The kernel's module, and what compiles one of its functions and keeps the compiled code."""
    import numba

    settings = vars(numba.config)
    if not settings["CACHE_DIR"]:
        settings["CACHE_DIR"] = str(_cache_folder())
    from millpond.simulation import kernel

    return kernel, numba.njit(nogil=True, cache=True)


def _cache_folder() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "millpond" / "compiled"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:
        return Path(tempfile.gettempdir()) / f"millpond-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
