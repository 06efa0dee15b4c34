"""The gallery in a real browser: nothing breaks an accessibility rule, overflows, or reaches outside."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.ui.conftest import ORIGIN, Window

from anydoor.ui import gallery

pytestmark = pytest.mark.journey

Open = Callable[..., Window]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOWN = [(name, "") for name in gallery.PAGES] + [("support", "in=ar"), ("ask", "wrong"), ("fields", "wrong")]
SKIPPED = ".nhsuk-u-visually-hidden, .nhsuk-skip-link, thead, details:not([open]) > :not(summary)"
TOO_WIDE = """skipped => [...document.querySelectorAll("body *")].filter(one => !one.closest(skipped))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.tagName + "." + one.className)"""
TARGETS = (
    ".ad-button, .ad-exit__button, .nhsuk-input, .nhsuk-select,"
    "input[type=radio], input[type=checkbox], summary"
)
TOO_LOW = """([targets, least]) => [...document.querySelectorAll(targets)]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < least)
    .map(one => one.outerHTML.slice(0, 90))"""
EDGES = """() => [...document.querySelectorAll(".ad-bar__nav a")]
    .map(one => getComputedStyle(one).borderBottomColor)"""


def axe(window: Window) -> list[str]:
    found = Axe().run(window.page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_no_rule_of_accessibility_is_broken_and_nothing_overflows(window: Open, width: int) -> None:
    seen = window(width, bypass_csp=True)
    faults: dict[str, Any] = {}
    for name, query in SHOWN:
        seen.open(name, query)
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        out = seen.page.evaluate(TOO_WIDE, SKIPPED) if width == 320 else []
        if found := [*axe(seen), *out, *([f"{wide} wide"] if wide > width else [])]:
            faults[f"{name} {query}"] = found
    assert faults == {}


def test_under_the_strict_policy_no_page_complains_or_fetches_from_elsewhere(window: Open) -> None:
    seen = window(390)
    for name, query in SHOWN:
        seen.open(name, query)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390, name
    assert seen.complaints == []
    assert [address for address in seen.fetched if not address.startswith(ORIGIN)] == []


@pytest.mark.parametrize("name", ["ask", "inbox"])
def test_a_page_is_whole_without_script(window: Open, name: str) -> None:
    seen = window(390, java_script_enabled=False)
    seen.open(name)
    assert seen.page.locator("h1").is_visible()
    if name == "ask":
        seen.page.get_by_role("link", name="Exit this page").click()
        assert seen.page.title() == "Weather"
    else:
        assert not seen.page.get_by_label("Walk-in").is_visible()
        seen.page.get_by_text("Filter", exact=True).click()
        assert seen.page.get_by_label("Walk-in").is_visible()


def test_the_menu_of_a_narrow_desk_holds_places_search_and_account(window: Open) -> None:
    seen = window(320, bypass_csp=True)
    seen.open("home")
    seen.page.locator(".ad-bar__me").click()
    sheet = seen.page.locator(".ad-bar__sheet")
    assert sheet.get_by_role("link", name="Team inbox").is_visible()
    assert sheet.get_by_role("searchbox").is_visible()
    assert sheet.get_by_role("button", name="Sign out").is_visible()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 320
    assert axe(seen) == []


def test_exit_leaves_and_back_does_not_return(window: Open) -> None:
    seen = window(390)
    seen.open("confirmation")
    seen.open("ask")
    seen.page.get_by_role("link", name="Exit this page").click()
    seen.page.wait_for_url(f"{ORIGIN}/exit")
    seen.page.go_back()
    assert "/ask" not in seen.page.url


def test_shift_three_times_leaves_and_escape_or_typing_capitals_does_not(window: Open) -> None:
    seen = window(1280)
    seen.open("ask")
    seen.page.get_by_label("What is going on?").click()
    for _ in range(4):
        seen.page.keyboard.press("Escape")
        seen.page.keyboard.press("Shift+A")
    assert seen.page.url.startswith(ORIGIN)
    assert seen.page.get_by_label("What is going on?").input_value() == "AAAA"
    for _ in range(3):
        seen.page.keyboard.press("Shift")
    seen.page.wait_for_url(f"{ORIGIN}/exit")


@pytest.mark.parametrize(("script", "sent"), [(True, 1), (False, 2)])
def test_a_second_press_while_the_first_is_on_its_way(window: Open, script: bool, sent: int) -> None:
    """With script it sends nothing. Without, it brings the same form key: the server knows it again."""
    seen = window(390, java_script_enabled=script)
    seen.open("ask")
    seen.silent = True
    seen.page.get_by_label("What is going on?").fill("He cries")
    button = seen.page.get_by_role("button", name="Send to a person")
    for _ in range(2):
        button.click()
    seen.page.get_by_label("Where are you?").fill("Norwich")  # the page is still there, and usable
    assert len(seen.posted) == sent
    assert len({re.findall(r"form_key=([^&]+)", posted)[0] for posted in seen.posted}) == 1
    assert all("story=He+cries" in posted for posted in seen.posted)


def test_what_went_wrong_is_read_first_and_leads_to_its_field(window: Open) -> None:
    seen = window(390)
    seen.open("ask", "wrong")
    summary = seen.page.get_by_role("alert")
    assert summary.evaluate("one => one === document.activeElement")
    summary.get_by_role("link").first.click()
    assert seen.page.evaluate("document.activeElement.name") == "story"


def test_the_first_tab_stop_is_the_way_out_then_the_main_content(window: Open) -> None:
    seen = window(1280)
    seen.open("ask")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Exit this page"
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.hash") == "#main"


def test_targets_are_large_enough_for_a_thumb(window: Open) -> None:
    """Buttons and ticks at least 44 high on a family's page, 24 everywhere (WCAG 2.5.8)."""
    seen = window(320)
    for name in gallery.PAGES:
        seen.open(name)
        least = 44 if name in {"ask", "confirmation", "support", "fields"} else 24
        assert seen.page.evaluate(TOO_LOW, [TARGETS, least]) == [], name


def test_paper_keeps_holder_and_safety_and_drops_what_is_pressed(window: Open) -> None:
    seen = window(1280)
    seen.open("family")
    seen.page.emulate_media(media="print")
    for kept in (".ad-holder", ".ad-frame--safety", ".ad-provenance", ".ad-print-only"):
        assert seen.page.locator(kept).first.is_visible(), kept
    for dropped in (".ad-bar__nav", ".ad-search", ".ad-head__actions"):
        assert not seen.page.locator(dropped).first.is_visible(), dropped

    sheet = seen.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1, "a family is one sheet"


def test_high_contrast_marks_the_current_place_by_itself(window: Open) -> None:
    seen = window(1280, forced_colors="active")
    seen.open("home")
    edges = seen.page.evaluate(EDGES)
    assert edges.count(edges[0]) == 1, "the current place, My work, has an edge of its own"
    assert len(set(edges[1:])) == 1


def test_arabic_mirrors_the_order_of_the_page(window: Open) -> None:
    seen = window(390)
    seen.open("support", "in=ar")
    assert seen.page.evaluate("document.documentElement.dir") == "rtl"
    disc = seen.page.locator(".ad-disc").first.bounding_box()
    name = seen.page.locator(".ad-holder__name").bounding_box()
    exit_button = seen.page.locator(".ad-exit__button").bounding_box()
    assert disc
    assert name
    assert exit_button
    assert disc["x"] > name["x"]
    assert exit_button["x"] < 100
