"""A page left open: warned before, covered in time, nothing private left on it, nothing typed lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Clock
from tests.journeys.people import Worker, parent, worker
from tests.journeys.visitor import Stage
from tests.web.signing import PASSWORD
from tests.web.test_own_page import link_in, number_in, sent
from tests.world import NOW, World

from anydoor.care import own_page
from anydoor.care.models import Contact
from anydoor.people.models import ContactPoint

pytestmark = pytest.mark.journey
WORDS = "He slept well, and she laughed again."


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> object:
    """Moves the server's clock of sign-ins."""
    moment = [datetime(2026, 3, 10, 11, 0, tzinfo=UTC)]
    stands = SimpleNamespace(now=lambda: moment[0], get_current_timezone=lambda: UTC)
    monkeypatch.setattr("anydoor.web.account.session_limits.timezone", stands)

    def move(**span: float) -> None:
        moment[0] += timedelta(**span)

    return move


def sits_down(stage: Stage, world: World) -> tuple[Worker, Page]:
    world.sunita.set_password(PASSWORD)
    world.sunita.save()
    sunita = worker(stage, None)
    sunita.page.clock.install()
    sunita.signs_in(world.sunita, PASSWORD)
    return sunita, sunita.page


def test_warned_then_covered_and_back_where_one_was(stage: Stage, world: World, later: object) -> None:
    referral = world.refer(name="Rosie Thackeray")
    sunita, page = sits_down(stage, world)
    sunita.opens(f"/desk/family/{referral.family_id}/")
    expect(page.get_by_role("heading", name="Rosie").first).to_be_visible()
    later(minutes=28, seconds=5)
    page.clock.run_for(28 * 60_000 + 2_000)
    warned = page.get_by_role("dialog", name="You will be signed out soon")
    expect(warned).to_be_visible()
    warned.get_by_role("button", name="Stay signed in").click()
    expect(warned).to_be_hidden()
    later(minutes=27)
    page.clock.run_for(27 * 60_000)
    expect(page.get_by_role("heading", name="Rosie").first).to_be_visible()
    later(minutes=4)
    page.clock.run_for(4 * 60_000)
    page.wait_for_url("**/sign-in/**")
    sunita.reads("You were signed out")
    assert "Rosie" not in page.content()
    page.go_back()
    assert "Rosie" not in page.content()
    sunita.opens("/sign-in/?next=/desk/")
    sunita.writes(Email=world.sunita.email, Password=PASSWORD)
    sunita.presses("Sign in")
    sunita.reads("Sunita")


def test_what_was_typed_is_covered_and_kept(stage: Stage, world: World, later: object) -> None:
    referral = world.refer(name="Rosie Thackeray")
    sunita, page = sits_down(stage, world)
    sunita.opens(f"/desk/work/referral/{referral.pk}/contact/")
    page.locator("textarea").first.fill(WORDS)
    later(minutes=31)
    page.clock.run_for(31 * 60_000)
    over = page.get_by_role("dialog", name="You were signed out")
    expect(over).to_be_visible()
    assert "Rosie" not in page.locator("body").inner_text()
    assert WORDS not in page.locator("body").inner_text()
    page.keyboard.press("Escape")
    expect(over).to_be_visible()
    over.get_by_role("button", name="Sign in and go on").click()
    page.wait_for_url("**/sign-in/**")
    assert Contact.objects.count() == 0
    sunita.writes(Email=world.sunita.email, Password=PASSWORD)
    sunita.presses("Sign in")
    sunita.reads("This was not sent yet")
    sunita.reads(WORDS)


def test_another_tab_keeps_this_one_open(stage: Stage, world: World, later: object) -> None:
    sunita, page = sits_down(stage, world)
    sunita.opens("/desk/")
    later(minutes=20)
    other = page.context.new_page()
    other.goto(page.url)
    later(minutes=10)
    page.clock.run_for(30 * 60_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("/desk/")


def test_ones_own_page_closes_by_itself(stage: Stage, world: World, clock: Clock) -> None:
    referral = world.refer(name="Rosie Thackeray")
    ContactPoint.objects.filter(person=referral.person).update(safe="yes", uses=["call", "text", "email"])
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    mother = parent(stage, 390)
    page = mother.page
    page.clock.install()
    mother.opens(link)
    mother.presses("Send me the numbers")
    mother.writes(The_number_we_sent=number_in(sent("own_code")))
    mother.presses("Open my page")
    mother.reads(world.sunita.name)
    page.clock.run_for(31 * 60_000)
    page.wait_for_url("**/mine/ask/")
    assert world.sunita.name not in page.content()
