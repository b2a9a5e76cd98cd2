"""A chart as a value: what is drawn, what it says in words, and the same content as a table.

The picture is a Vega-Lite specification rendered by vl-convert: no browser, no network, no JavaScript in the result.
Wide and narrow are two specifications, because a phone needs other ticks and labels and not only a smaller picture.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from millpond.errors import WrongUse
from millpond.records.files import replacing
from millpond.report.charts.style import FONT, INK, MUTED, NARROW, WIDE, config
from millpond.report.figures import Figures
from millpond.report.printable import all_printable, printable

VEGA_LITE = "6.4"
"""The Vega-Lite that draws: the newest of the major version that Altair writes for."""
SUFFIXES = (".svg", ".png", ".pdf", ".json")


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes:
        key: short name, unique on a page: ``measures-advocates``.
        title: what is shown.
        subtitle: period, pool and unit, always.
        alt: a sentence or two with numbers that say what is seen: the text alternative.
        spec: the Vega-Lite specification at the width of a page, without title.
        narrow: the same content for a phone.
        table: the same content as rows.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    spec: dict[str, Any]
    narrow: dict[str, Any]
    table: Figures

    def svg(self, width: int = WIDE, titled: bool = True) -> str:
        """The picture as SVG text.

        Args:
            width: of the whole picture, in CSS pixels; below 480 the narrow form is drawn.
            titled: draw title and subtitle into the picture; a page sets them as text instead.

        Returns:
            An ``svg`` element whose ids are made unique by the key and the width, so that several share a page.
        """
        return _rendered(self, width, titled)

    def png(self, scale: float = 2, width: int = WIDE) -> bytes:
        """The picture as PNG, on white.

        Args:
            scale: device pixels for one CSS pixel.
            width: of the whole picture, in CSS pixels.
        """
        import vl_convert

        data: bytes = vl_convert.vegalite_to_png(_sized(self, width, titled=True), vl_version=VEGA_LITE, scale=scale)
        return data

    def save(self, path: str | Path, *, private: bool = False) -> Path:
        """Write the chart to a file; the suffix says how: .svg, .png, .pdf, or .json for the specification.

        Args:
            path: the file.
            private: give it mode 0600, because it tells of people.

        Raises:
            WrongUse: the suffix is none of these.
            CannotWrite: the file cannot be written; an old one is untouched.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix not in SUFFIXES:
            raise WrongUse(
                f"a chart cannot be saved as '{target.name}': its ending says no known kind of picture.\n"
                f"Give the file one of the endings {', '.join(SUFFIXES)}."
            )
        picture = self._bytes(suffix)
        with replacing(target, private=private) as unfinished:
            unfinished.write_bytes(picture)
        return target

    def _bytes(self, suffix: str) -> bytes:
        import vl_convert

        if suffix == ".png":
            return self.png()
        if suffix == ".svg":
            return self.svg().encode()
        spec = _sized(self, WIDE, titled=True)
        if suffix == ".pdf":
            data: bytes = vl_convert.vegalite_to_pdf(spec, vl_version=VEGA_LITE)
            return data
        return json.dumps(spec, indent=2, ensure_ascii=False).encode()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg(), "text/plain": f"{self.title}\n{self.subtitle}\n{self.alt}"}


def anchor(key: str) -> str:
    """A key as an id: letters, digits and hyphens; two keys never become one."""
    return re.sub(r"[^A-Za-z0-9-]", lambda match: f"_{ord(match[0]):x}_", key)


def blank(key: str, title: str, subtitle: str, table: Figures, why: str = "There are no records to draw.") -> Chart:
    """A chart that says that there is nothing to draw, and why."""
    specs = [
        {
            "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE}.json",
            "config": config(narrow),
            "data": {"values": [{"why": why}]},
            "mark": {"type": "text", "color": MUTED},
            "encoding": {"text": {"field": "why"}},
            "width": NARROW if narrow else WIDE,
            "height": 60,
            "autosize": {"type": "fit-x", "contains": "padding"},
        }
        for narrow in (False, True)
    ]
    return Chart(key, title, subtitle, why, specs[0], specs[1], table)


def _sized(chart: Chart, width: int, titled: bool) -> dict[str, Any]:
    narrow = width < (NARROW + WIDE) // 2 - 90
    spec: dict[str, Any] = all_printable(chart.narrow if narrow else chart.spec)
    spec["width"] = width
    if titled:
        letters = int(width / 8.2)
        spec["title"] = {
            "text": textwrap.wrap(printable(chart.title), letters) or [""],
            "subtitle": textwrap.wrap(printable(chart.subtitle), int(width / 6.4)) or [""],
            "anchor": "start",
            "frame": "bounds",
            "offset": 14,
            "font": FONT,
            "fontSize": 15,
            "fontWeight": 600,
            "color": INK,
            "subtitleFont": FONT,
            "subtitleFontSize": 12,
            "subtitleColor": MUTED,
            "subtitlePadding": 5,
        }
    return spec


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    return svg


def _rendered(chart: Chart, width: int, titled: bool) -> str:
    svg = _drawn(json.dumps(_sized(chart, width, titled)))
    prefix = f"{anchor(chart.key)}-{width}-"
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)
    svg = re.sub(r'(xlink:)?href="#([^"]+)"', rf'\1href="#{prefix}\2"', svg)
    label = html.escape(printable(f"{chart.title}. {chart.alt}"), quote=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
