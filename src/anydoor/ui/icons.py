"""Small pictures from `icons.svg`, put into the page itself so that they take the colour of its text."""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

SYMBOL = re.compile(
    r'<symbol id="([a-z]+)" viewBox="0 0 24 24"(?: class="([a-z]+)")?>\s*(.*?)\s*</symbol>', re.DOTALL
)
LINES = ' stroke="currentColor" stroke-width="{}" stroke-linecap="round" stroke-linejoin="round"'
STROKES = {"": Markup(LINES.format("1.8")), "bold": Markup(LINES.format("2.6")), "filled": Markup("")}  # noqa: S704  # all three are ours
RING = 50.265  # the length of a circle of radius 8


def _drawn() -> dict[str, tuple[Markup, Markup]]:
    source = Path(__file__).with_name("icons.svg").read_text(encoding="utf-8")
    return {
        # our own file, read once: no text of a visitor is near
        name: (STROKES[kind], Markup(re.sub(r"\s*\n\s*", "", shape)))  # noqa: S704
        for name, kind, shape in SYMBOL.findall(source)
    }


DRAWN = _drawn()
NAMES = sorted(DRAWN)


@cache
def icon(name: str, size: int = 24, label: str = "", classes: str = "") -> Markup:
    """One icon as inline SVG; hidden from screen readers unless `label` says what it means.

    Raises KeyError for a name that is not in `NAMES`: a missing icon is a mistake in a template.
    """
    lines, shape = DRAWN[name]
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none"{}'
        ' focusable="false" {}>{}</svg>'
    ).format(f"ad-icon {classes}".strip(), size, size, lines, said, shape)


def ring(used: float, paused: bool = False) -> Markup:
    """The ring of a clock: `used` is the share of the time that is gone, 0 to 1."""
    gone = round(min(max(used, 0.0), 1.0) * RING, 1)
    arcs = Markup('<circle cx="12" cy="12" r="8" stroke-dasharray="2.6 3.68"/>')
    if not paused:
        arcs = Markup(
            '<circle cx="12" cy="12" r="8" stroke-opacity=".25"/>'
            '<circle cx="12" cy="12" r="8" stroke-dasharray="{} {}" transform="rotate(-90 12 12)"/>'
        ).format(gone, RING)
    return Markup(
        '<svg class="ad-ring" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="{}" focusable="false" aria-hidden="true">{}</svg>'
    ).format("2" if paused else "4.5", arcs)
