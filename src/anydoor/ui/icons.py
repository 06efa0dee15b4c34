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
    return Markup(
        '<svg class="ad-ring" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="{}" focusable="false" aria-hidden="true">{}</svg>'
    ).format("2" if paused else "4.5", _arcs(used, paused))


def _arcs(used: float, paused: bool) -> Markup:
    if paused:
        return Markup('<circle cx="12" cy="12" r="8" stroke-dasharray="2.6 3.68"/>')
    gone = round(min(max(used, 0.0), 1.0) * RING, 1)
    return Markup(
        '<circle cx="12" cy="12" r="8" stroke-opacity=".25"/>'
        '<circle cx="12" cy="12" r="8" stroke-dasharray="{} {}" transform="rotate(-90 12 12)"/>'
    ).format(gone, RING)


class Sprite:
    """Pictures of a long list drawn once: each row points to its picture, the page ends with `symbols()`.

    A row of the inbox is half as long with it. Rings are drawn in tenths.
    """

    def __init__(self) -> None:
        self.used: dict[str, Markup] = {}

    def icon(self, name: str, size: int = 24) -> Markup:
        """As `icon`, always decoration."""
        if name not in self.used:
            lines, shape = DRAWN[name]
            self.used[name] = Markup(
                '<symbol id="p-{}" viewBox="0 0 24 24" fill="none"{}>{}</symbol>'
            ).format(name, lines, shape)
        return Markup(
            '<svg class="ad-icon" width="{0}" height="{0}" aria-hidden="true"><use href="#p-{1}"/></svg>'
        ).format(size, name)

    def ring(self, used: float, paused: bool = False) -> Markup:
        """As `ring`, to the nearest tenth."""
        tenths = round(min(max(used, 0.0), 1.0) * 10)
        name = "ring-paused" if paused else f"ring-{tenths}"
        if name not in self.used:
            self.used[name] = Markup(
                '<symbol id="p-{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
                ' stroke-width="{}">{}</symbol>'
            ).format(name, "2" if paused else "4.5", _arcs(tenths / 10, paused))
        return Markup('<svg class="ad-ring" aria-hidden="true"><use href="#p-{}"/></svg>').format(name)

    def symbols(self) -> Markup:
        """What the rows point to. Draws nothing by itself."""
        return Markup('<svg width="0" height="0" aria-hidden="true" focusable="false">{}</svg>').format(
            Markup("").join(self.used.values())
        )
