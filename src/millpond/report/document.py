"""The report as a value: its page, its findings and its charts, to look at or to save."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import escape

from millpond.errors import WrongUse
from millpond.records.files import make_folder, replacing
from millpond.report.charts.chart import Chart
from millpond.report.charts.scale import quickly
from millpond.report.gather import page_contents
from millpond.report.page import Finding, PageContents, build_page
from millpond.report.results import ReportResults

FORMATS = ("svg", "png")


@dataclass(frozen=True)
class Report:
    """One page about one service.

    Attributes:
        contents: what the page shows.
    """

    contents: PageContents

    @property
    def service(self) -> str:
        """The service's name."""
        return self.contents.service

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know first, the most important first."""
        return self.contents.findings

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart of the page, in order."""
        return tuple(chart for section in self.contents.sections for chart in (*section.charts, *section.small))

    def html(self) -> str:
        """The page as one HTML text that loads nothing."""
        return build_page(self.contents)

    def save(self, path: Path | str) -> Path:
        """Writes the page, whole or not at all.

        Raises:
            CannotWrite: the disk is full or the place cannot be written to; an old page is untouched.
        """
        text = self.html()
        # A page that names cases is about people in trouble; only one made for sharing may be read by others.
        with replacing(Path(path), private=not self.contents.sharing) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
        return Path(path)

    def save_charts(
        self,
        folder: Path | str,
        formats: Sequence[str] = FORMATS,
        progress: Callable[[float | None, int], None] | None = None,
    ) -> tuple[Path, ...]:
        """Writes each chart as a picture, named after what it shows and as private as the page.

        Args:
            folder: made where it is missing.
            formats: ``svg``, ``png``, or both.
            progress: is told the share that is done.

        Raises:
            WrongUse: there is no such format.
            CannotWrite: the disk is full or the place cannot be written to.
        """
        return save_pictures(self.charts, folder, formats, progress, private=not self.contents.sharing)

    def _repr_html_(self) -> str:
        points = "".join(f"<li>{escape(finding.sentence)}</li>" for finding in self.findings)
        return f"<p>{escape(self.service)}</p><ol>{points}</ol>"


def save_pictures(
    charts: Sequence[Chart],
    folder: Path | str,
    formats: Sequence[str] = FORMATS,
    progress: Callable[[float | None, int], None] | None = None,
    *,
    private: bool = True,
) -> tuple[Path, ...]:
    """Writes charts as pictures, each named after what it shows.

    Args:
        charts: what is drawn.
        folder: made where it is missing.
        formats: ``svg``, ``png``, or both.
        progress: is told the share that is done.
        private: nobody else may read them.

    Raises:
        WrongUse: there is no such format.
        CannotWrite: the disk is full or the place cannot be written to.
    """
    check_formats(formats)
    home = Path(folder)
    make_folder(home)
    wanted = [(chart, f"{name}.{suffix}") for chart, name in _named(charts) for suffix in formats]
    saved = []
    for number, (chart, name) in enumerate(wanted, 1):
        chart.save(home / name, private=private)
        saved.append(home / name)
        if progress:
            progress(number / len(wanted), 0)
    return tuple(saved)


def check_formats(formats: Sequence[str]) -> None:
    """Refuses a format in which no picture can be had.

    Raises:
        WrongUse: there is no such format.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise WrongUse(f"There is no format '{unknown[0]}'. Choose svg or png.")


def make_report(results: ReportResults) -> Report:
    """The report of what was measured."""
    with quickly():
        return Report(page_contents(results))


def _named(charts: Sequence[Chart]) -> Iterator[tuple[Chart, str]]:
    """Each chart with a file name of its own; two that differ only in odd characters are numbered."""
    taken: dict[str, int] = {}
    for chart in charts:
        name = re.sub(r"[^a-z0-9]+", "-", chart.key.lower()).strip("-") or "chart"
        taken[name] = taken.get(name, 0) + 1
        yield chart, name if taken[name] == 1 else f"{name}-{taken[name]}"
