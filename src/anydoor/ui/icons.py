"""Small pictures, drawn for Anydoor: 24 by 24, lines of 1.8, in the colour of the text around them."""

from functools import cache

from markupsafe import Markup, escape

SHAPES = {
    "baby": '<circle cx="12" cy="9" r="6"/><path d="M9.6 8.6h.01M14.4 8.6h.01M9.8 11.4c1.3 1.2 3.1 1.2 4.4 0M11 3.2c.2 1 '
    '1.6 1.2 2.2.4"/><path d="M6.5 20.5c.6-3 2.8-4.2 5.5-4.2s4.9 1.2 5.5 4.2M8 17l8 4M16 17l-8 4"/>',
    "bell": '<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20.5c1 1 3 1 4 0"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="1.5"/><path d="M3.5 9.5h17M8 2.8v4M16 2.8v4"/>',
    "clock": '<circle cx="12" cy="12" r="8.8"/><path d="M12 7v5l3.5 2"/>',
    "cross": '<path d="M5.5 5.5l13 13M18.5 5.5l-13 13"/>',
    "dash": '<path d="M4 12h16"/>',
    "document": '<path d="M5.5 2.8h8.5l4.5 4.5v13.9h-13z"/><path d="M13.5 3v4.8h4.8M8.8 12h6.4M8.8 15h6.4M8.8 18h4"/>',
    "ear": '<path d="M7 9.5a5.5 5.5 0 1 1 11 0c0 3.4-2.6 4.3-3.3 6.7-.6 2.2-1.5 4.3-4 4.3-2 0-3.2-1.5-3.2-3.3"/>'
    '<path d="M10 9.7a2.6 2.6 0 0 1 5.2 0c0 1.9-2.2 2-2.2 4"/>',
    "email": '<rect x="2.8" y="5" width="18.4" height="14" rx="1.5"/><path d="M3.5 6.2l8.5 7 8.5-7"/>',
    "eye": '<path d="M2 12c2.8-4.4 6.1-6.5 10-6.5s7.2 2.1 10 6.5c-2.8 4.4-6.1 6.5-10 6.5S4.8 16.4 2 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><ellipse cx="12" cy="12" rx="4" ry="9"/><path d="M3.5 9h17M3.5 15h17"/>',
    "heart": '<path d="M12 20.3C5.8 15.8 3 12.6 3 9a4.7 4.7 0 0 1 9-2 4.7 4.7 0 0 1 9 2c0 3.6-2.8 6.8-9 11.3z"/>',
    "house": '<path d="M3 11.5L12 4l9 7.5M5.5 9.8v10.7h13V9.8M10 20.5v-6h4v6"/>',
    "link": '<path d="M10 14a4.3 4.3 0 0 0 6.1.3l3.2-3.2a4.3 4.3 0 0 0-6.1-6.1L11.7 6.5"/>'
    '<path d="M14 10a4.3 4.3 0 0 0-6.1-.3l-3.2 3.2a4.3 4.3 0 0 0 6.1 6.1l1.5-1.5"/>',
    "lock": '<rect x="4.5" y="10.5" width="15" height="10.5" rx="1.5"/><path d="M8 10.5V7.2a4 4 0 0 1 8 0v3.3"/>',
    "match": '<circle cx="8.5" cy="12" r="6"/><circle cx="15.5" cy="12" r="6"/>',
    "people": '<circle cx="9" cy="8" r="4"/><path d="M2.5 20.5c.4-4.2 3-6 6.5-6s6.1 1.8 6.5 6"/>'
    '<path d="M15.5 4.3a4 4 0 0 1 0 7.4M18 15.2c2 .8 3.2 2.5 3.5 5.3"/>',
    "person": '<circle cx="12" cy="8" r="4.2"/><path d="M4.5 21c.5-4.6 3.4-6.5 7.5-6.5s7 1.9 7.5 6.5"/>',
    "phone": '<path d="M5 3h3.8l1.9 4.8-2.3 1.7c1.1 2.4 3.1 4.5 5.7 5.9l1.9-2.3 4.7 1.9v3.4c0 1.5-1.2 2.6-2.7 2.5'
    'C10.3 20.3 3.7 13.7 3 5.8 2.8 4.3 3.6 3 5 3z"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.5c0-1.6 1.2-2.6 2.8-2.6 1.5 0 2.7.9 2.7 2.4 0 2-2.7 2-2.7 4'
    'M12 17h.01"/>',
    "search": '<circle cx="10" cy="10" r="6"/><path d="M14.5 14.5l6 6"/>',
    "shield": '<path d="M12 2.8l7.5 2.4v6.3c0 4.7-3 7.9-7.5 9.7-4.5-1.8-7.5-5-7.5-9.7V5.2z"/>',
    "text": '<path d="M3 4.5h18v12.5H10.5L6.5 21v-4H3z"/><path d="M7 9h10M7 12.5h7"/>',
    "tick": '<path d="M3.5 12.8l5.7 5.7L20.5 6"/>',
    "walk": '<circle cx="13.5" cy="3.8" r="1.9"/><path d="M8 21l3-6.5-1.2-3.5 1.5-4.2L8 8.8 7 12M11.3 6.8l2.7 3.7'
    ' 3.5 1.3M11 14.5l3.5 2.5 1 4M10 11l3.5 1"/>',
    "warning": '<path d="M12 3.3L22 20.5H2z"/><path d="M12 9.5v5.5M12 17.8h.01"/>',
    "waves": '<path d="M3 9.5c1.5-2 3-2 4.5 0s3 2 4.5 0 3-2 4.5 0 3 2 4.5 0M3 15c1.5-2 3-2 4.5 0s3 2 4.5 0 3-2 4.5 0 3 2 4.5 0"/>',
}

FILLED = {
    # the door of the page head: frame and open leaf, the leaf half tinted
    "door": '<path d="M4.5 21V4.8A1.8 1.8 0 0 1 6.3 3h7.2v18" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M13.5 3l5 2.2V21h-5z" class="ad-door__leaf" fill="currentColor" fill-opacity=".55"/>'
    '<path d="M2 21h20" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>'
    '<circle cx="10.6" cy="12" r="1.2" fill="currentColor"/>',
}

NAMES = sorted([*SHAPES, *FILLED])


@cache
def icon(name: str, size: int = 24, label: str = "", classes: str = "") -> Markup:
    """One icon as inline SVG; hidden from screen readers unless `label` says what it means.

    Raises KeyError for a name that is not in `NAMES`: a missing icon is a mistake in a template.
    """
    hidden = Markup('aria-hidden="true"')
    if label:
        hidden = Markup('role="img" aria-label="{}"').format(label)
    shape = Markup(FILLED.get(name) or SHAPES[name])
    stroke = Markup("") if name in FILLED else Markup(
        ' stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    )  # fmt: skip
    return Markup(
        '<svg class="ad-icon{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none"{} focusable="false" {}>{}</svg>'
    ).format(Markup(f" {escape(classes)}") if classes else "", size, size, stroke, hidden, shape)


RING = 50.265  # length of a circle of radius 8


def ring(used: float, paused: bool = False) -> Markup:
    """The ring of a clock: `used` is the share of the time that is gone, 0 to 1."""
    gone = round(min(max(used, 0.0), 1.0) * RING, 1)
    if paused:
        arcs = Markup('<circle cx="12" cy="12" r="8" stroke-dasharray="2.6 3.68"/>')
    else:
        arcs = Markup(
            '<circle cx="12" cy="12" r="8" stroke-opacity=".25"/>'
            '<circle cx="12" cy="12" r="8" stroke-dasharray="{} {}" transform="rotate(-90 12 12)"/>'
        ).format(gone, RING)
    return Markup(
        '<svg class="ad-ring" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="{}" focusable="false" aria-hidden="true">{}</svg>'
    ).format("2" if paused else "4.5", arcs)
