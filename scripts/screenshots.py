# ruff: noqa: INP001  # a file to run, not a package to import
"""Take the pictures of docs/screenshots: the demo's Norfolk, in a real browser, on one fixed morning.

    python scripts/screenshots.py            # everything, into docs/screenshots
    python scripts/screenshots.py family     # only pictures whose name begins so

It keeps a database of its own in var/screenshots, loaded once (some minutes); to begin anew, delete it. The
moment is that of the drawn screens, so the pictures change only when the pages do.
"""

from __future__ import annotations

import argparse
import os
import secrets
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "screenshots"
NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)  # a Tuesday
AREAS, FAMILIES = ("norfolk",), 120
LONGEST = 2700  # how far down a picture goes, in pixels of the page
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
READ_THE_CLOCK = ("anydoor.web.shell", "anydoor.web.public.refer_forms", "anydoor.ui.environment")
STORY = (
    "My partner had our boy three weeks ago. I wake at every sound and I cannot stop thinking that "
    "something will happen to him. I have told nobody."
)


class Picture(NamedTuple):
    """One page at its widths: the name of the file, who looks, where it is."""

    name: str
    widths: tuple[int, ...]
    who: str  # an e-mail to be signed in as; empty for a visitor
    where: Callable[[], str]


def set_up() -> None:
    """Django on the database of the pictures, its clock standing still."""
    os.environ["ANYDOOR_HOME"] = str(ROOT / "var" / "screenshots")
    os.environ["DJANGO_SETTINGS_MODULE"] = "anydoor.config.settings"
    # The browser's driver keeps a loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    django.setup()


def load_once() -> None:
    """The demo's Norfolk as it is at NOW, unless it is there already."""
    from django.core.management import call_command

    from anydoor.config.demo import marking
    from anydoor.config.demo.loading import Plan, load

    call_command("migrate", verbosity=0)
    if marking.loaded() is None:
        if not marking.is_empty():
            marking.empty()
        plan = Plan(now=NOW, families=FAMILIES, areas=AREAS, processes=1)
        load(plan, password=secrets.token_urlsafe(), report=lambda words: print(f"  {words}"))


class Clock:
    """Stands where Django's `timezone` stood in the modules that ask it for now."""

    @staticmethod
    def now() -> datetime:
        return NOW


@contextmanager
def served() -> Iterator[str]:
    """The pages on a free port of this machine."""
    from importlib import import_module

    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    for name in READ_THE_CLOCK:
        import_module(name).timezone = Clock  # type: ignore[attr-defined]  # the one seam for the time
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


# ---------------------------------------------------------------- what is shown


def pictures() -> list[Picture]:
    """The pages of the README and of docs/screenshots."""
    from django.urls import reverse

    from anydoor.care.models import Handover, Referral
    from anydoor.people.models import FamilyMember

    def family(name: str) -> str:
        return reverse("desk:family", args=[FamilyMember.objects.get(person__name=name).family_id])

    def request_of(name: str) -> str:
        row = Referral.objects.open().filter(person__name=name).order_by("-received_at").first()
        return reverse("desk:triage", args=[row.pk])

    def handover_of(name: str) -> str:
        row = Handover.objects.filter(person__name=name).order_by("-proposed_at").first()
        return reverse("desk:handover", args=[row.pk])

    leanne, tom = "leanne.mistry@norfolk.example", "tom.ardley@norfolk.example"
    return [
        Picture("ask", (1280, 320), "", lambda: "/norfolk/"),
        Picture("received", (320,), "", lambda: "/norfolk/"),
        Picture("home", (1280, 390), leanne, lambda: "/desk/"),
        Picture("inbox", (1280, 390), tom, lambda: "/desk/inbox"),
        Picture("family", (1280, 390), leanne, lambda: family("Rosie Thackeray")),
        Picture("triage", (1280, 390), tom, lambda: request_of("Callum Reeve")),
        Picture("handover", (1280, 390), leanne, lambda: handover_of("Rosie Thackeray")),
    ]


def take(browser: Any, address: str, one: Picture, width: int) -> bytes:
    """One picture, as far down as the page or LONGEST goes."""
    from django.conf import settings
    from django.test import Client

    from anydoor.access.models import User

    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    if one.who:
        client = Client()
        client.force_login(User.objects.get(email=one.who))
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])
    page = context.new_page()
    page.goto(address + one.where())
    if one.name == "received":
        page.get_by_label("What is going on?").fill(STORY)
        page.get_by_label("How can we reach you?").fill("07700 900142")
        page.get_by_label("Where are you?").fill("Norwich")
        page.get_by_role("button", name="Send to a person").click()
        page.wait_for_url("**/received/**")
    height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    page.set_viewport_size({"width": width, "height": height})
    data: bytes = page.screenshot()
    context.close()
    return data


# ---------------------------------------------------------------- small files


def with_palette(png: bytes) -> bytes:
    """The same picture with at most 256 colours: a page of text and flat tints needs no more.

    `png` is what the browser writes: 8 bits, colour, not interlaced. The commonest colours are kept, each
    other one takes the nearest of them.
    """
    width, height, channels, rows = _rows(png)
    seen: Counter[bytes] = Counter()
    pixels = [
        [bytes(row[start : start + 3]) for start in range(0, width * channels, channels)] for row in rows
    ]
    for row in pixels:
        seen.update(row)
    kept = [colour for colour, _ in seen.most_common(256)]
    place = {colour: number for number, colour in enumerate(kept)}
    for colour in seen:
        if colour not in place:
            place[colour] = min(
                range(len(kept)),
                key=lambda n: sum((a - b) ** 2 for a, b in zip(kept[n], colour, strict=True)),
            )
    body = b"".join(b"\0" + bytes(place[colour] for colour in row) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", head),
            (b"PLTE", b"".join(kept)),
            (b"IDAT", zlib.compress(body, 9)),
            (b"IEND", b""),
        )
    )


def _rows(png: bytes) -> tuple[int, int, int, list[bytearray]]:
    """Width, height, bytes a pixel, and the rows with PNG's filters undone."""
    place, data, width, height, colour = 8, b"", 0, 0, 2
    while place < len(png):
        size, kind = struct.unpack(">I4s", png[place : place + 8])
        part = png[place + 8 : place + 8 + size]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", part[:10])
        elif kind == b"IDAT":
            data += part
        place += size + 12
    channels = {2: 3, 6: 4}[colour]
    raw, line = zlib.decompress(data), width * channels
    rows: list[bytearray] = []
    above = bytearray(line)
    for number in range(height):
        start = number * (line + 1)
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + line]), above, channels)
        rows.append(above)
    return width, height, channels, rows


def _unfiltered(kind: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    for n in range(len(row)) if kind else ():
        left = row[n - step] if n >= step else 0
        corner = above[n - step] if n >= step else 0
        guess = {1: left, 2: above[n], 3: (left + above[n]) // 2, 4: _paeth(left, above[n], corner)}[kind]
        row[n] = (row[n] + guess) & 255
    return row


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((left, up, corner), key=lambda one: abs(near - one))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="only pictures whose name begins with one of these")
    wanted = tuple(parser.parse_args().names)
    sys.path.insert(0, str(ROOT))
    set_up()
    load_once()
    from playwright.sync_api import sync_playwright
    from tests import chromium

    OUT.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.path(), args=list(FLAGS))
        for one in pictures():
            if wanted and not one.name.startswith(wanted):
                continue
            for width in one.widths:
                data = with_palette(take(browser, address, one, width))
                (OUT / f"{one.name}-{width}.png").write_bytes(data)
                print(f"{one.name}-{width}.png {len(data) // 1000} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
