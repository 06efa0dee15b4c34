"""Pictures of a long list are drawn once and pointed to."""

from __future__ import annotations

import re

from anydoor.ui.icons import Sprite


def test_each_picture_is_drawn_once_and_every_pointer_finds_it() -> None:
    sprite = Sprite()
    rows = [
        sprite.icon("phone", 22),
        sprite.icon("phone", 16),
        sprite.ring(0.42),
        sprite.ring(0.38),
        sprite.ring(0.9, True),
    ]
    drawn = re.findall(r'<symbol id="([^"]+)"', sprite.symbols())
    assert drawn == ["p-phone", "p-ring-4", "p-ring-paused"]
    assert {found for row in rows for found in re.findall(r'href="#([^"]+)"', row)} == set(drawn)
    assert all('aria-hidden="true"' in row for row in rows)


def test_a_ring_outside_its_bounds_is_full_or_empty() -> None:
    sprite = Sprite()
    assert "#p-ring-10" in sprite.ring(7.5)
    assert "#p-ring-0" in sprite.ring(-1)
