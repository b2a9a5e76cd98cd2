"""Every link of the documentation leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT, named, prose

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _anchors(page: Path) -> set[str]:
    """The places in a page that a link may lead to, as GitHub names them."""
    found = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if target.startswith("https://"):
            continue
        path, _, place = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_relative_to(ROOT), f"{named(page)}: {target} leads out of the repository"
        assert there.exists(), f"{named(page)}: {target} leads nowhere"
        if place:
            assert place in _anchors(there), f"{named(page)}: {named(there)} has no heading for {target}"


def test_every_page_can_be_reached_from_the_contents() -> None:
    reached, ahead = set(), [DOCS / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [target.partition("#")[0] for target in _LINK.findall(prose(page))]
        ahead += [(page.parent / target).resolve() for target in targets if target.endswith(".md")]
    assert set(DOCS.rglob("*.md")) <= reached


def test_pictures_are_small_and_have_words() -> None:
    for page in PAGES:
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", prose(page)):
            assert len(words) > 20, f"{named(page)}: say what {target} shows"
            assert (page.parent / target).stat().st_size < 200_000, f"{target} is large"


def test_no_page_names_a_place_on_a_machine() -> None:
    for page in PAGES:
        found = re.search(
            r"(?<![\w.:/])/(home|work|tmp|root|Users|opt|usr)/|localhost|127\.0\.0\.1", page.read_text("utf-8")
        )
        assert found is None, f"{named(page)}: {found}"
