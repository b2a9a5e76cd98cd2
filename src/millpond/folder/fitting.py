"""Fitting a service folder, and proving the fit on the part of history that it never saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from millpond.calibration.draft import draft_service
from millpond.calibration.drafted import is_a_draft, unchanged
from millpond.calibration.fitting.fit import fit_service
from millpond.calibration.fitting.parallel import parallel_steps
from millpond.calibration.fitting.result import Fit, fit_result
from millpond.calibration.fitting.text import fitted_text
from millpond.model import Service
from millpond.model.fitted import DRAFTED, DRAFTED_NAME, FITTED_NAME, SECTIONS, own_keys
from millpond.model.toml import FILE_NAME, parse_service, read_plain
from millpond.model.values import plain
from millpond.records.files import write_text

if TYPE_CHECKING:
    from millpond.calibration.backtesting.results import Backtest
    from millpond.folder.opened import Tell
    from millpond.folder.verbs.measuring import MeasuredFolder


def fitted_folder(folder: MeasuredFolder, write: bool) -> Fit:
    """The fit of a folder's records, written beside its service.toml.

    Args:
        folder: the service folder.
        write: whether to write ``fitted.toml``.
    """
    visits, as_of = folder.log().visits, folder.as_of_us()
    drafted = drafted_keys(folder)
    own = own_keys(read_plain(folder.path / FILE_NAME), drafted)
    fitted = fit_service(visits, own, as_of)
    fit = fit_result(fitted, parallel_steps(fitted.log), _kept(own))
    if write:
        write_text(folder.path / FITTED_NAME, fitted_text(fit, drafted))
    return fit


def backtested(folder: MeasuredFolder, split: float, replications: int, seed: int, progress: Tell | None) -> Backtest:
    """The fit on the earlier part of a folder's records, held against the later part."""
    from millpond.calibration.backtest import backtest

    own = own_keys(read_plain(folder.path / FILE_NAME), drafted_keys(folder))
    return backtest(
        folder.log(),
        own,
        folder.as_of_us(),
        split=split,
        replications=replications,
        seed=seed,
        progress=progress,
    )


def drafted_keys(folder: MeasuredFolder) -> dict[str, Any]:
    """The values in service.toml that an import drafted and nobody has changed: as ``drafted.toml`` notes them, or as
    an earlier fit has listed them. Where there is no such note, a file that says that it was drafted is held against
    what would be drafted today; in any other a person has written everything."""
    written = read_plain(folder.path / FILE_NAME)
    text = (folder.path / FILE_NAME).read_text(encoding="utf-8-sig")
    shell = parse_service(text)
    said = plain(shell)
    drafted: Mapping[str, Any] = {}
    if (folder.path / DRAFTED_NAME).is_file():
        drafted = read_plain(folder.path / DRAFTED_NAME)
    elif is_a_draft(text):
        drafted = _drafted_today(folder, shell)
    earlier: Mapping[str, Any] = {}
    if (folder.path / FITTED_NAME).is_file():
        earlier = read_plain(folder.path / FITTED_NAME).get(DRAFTED, {})
    found: dict[str, Any] = {}
    for section in SECTIONS:
        for entry, keys in written.get(section, {}).items():
            for key, value in keys.items():
                is_listed = earlier.get(section, {}).get(entry, {}).get(key) == value
                if is_listed or unchanged(said, drafted, section, entry, key):
                    found.setdefault(section, {}).setdefault(entry, {})[key] = value
    return found


def _drafted_today(folder: MeasuredFolder, shell: Service) -> dict[str, Any]:
    draft = draft_service(
        folder.log().visits,
        name=shell.name,
        timezone=shell.timezone,
        holidays=shell.holidays,
        now_us=folder.as_of_us(),
    )
    drafted: dict[str, Any] = plain(draft.service)
    return drafted


def _kept(own: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence on what service.toml says itself, which the fit leaves as it is."""
    keys = [
        f"{section}.{entry}.{key}"
        for section in SECTIONS
        for entry, fields in own.get(section, {}).items()
        if isinstance(fields, Mapping)
        for key in fields
    ]
    if not keys:
        return ()
    shown = ", ".join(keys[:8]) + (f" and {len(keys) - 8} more" if len(keys) > 8 else "")
    return (f"service.toml wins over the fit in {shown}.",)
