"""A father looks for a group near Dereham on a Saturday, without script, and asks to come."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.care.models import Happening
from anydoor.directory.loading import load_areas
from anydoor.directory.postcodes import SAMPLE, load_postcodes

pytestmark = pytest.mark.journey
AT = datetime(2026, 3, 10, 11, tzinfo=UTC)
BY = Outsider("A test", "import")


def test_a_dads_group_near_dereham_on_a_saturday(
    transactional_db: None, live_server: LiveServer, browser: Browser
) -> None:
    fallback = User.objects.create_user("fallback@norfolk-hubs.example", name="Petra Marsh")
    load_areas(areas=["norfolk"], by=BY, at=AT, fallback=fallback)
    load_postcodes(path=SAMPLE, by=BY, at=AT)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/norfolk/")
    page.get_by_role("link", name="Find help near you").click()
    page.get_by_label("What would help?").fill("a group for dads")
    page.get_by_label("Where?").fill("NR19 1AH")
    page.get_by_text("More choices").click()
    page.get_by_label("Which day?").select_option("Saturday")
    page.get_by_role("button", name="Find help").click()
    assert "near=NR19" in page.url
    assert "1AH" not in page.url
    first = page.locator(".ad-found > li").first
    assert "Dads' activities near you" in first.inner_text()
    assert "Saturdays, 10am to 11:30am, Lantern Yard community room, Dereham" in first.inner_text()
    first.get_by_role("link", name="Dads' activities near you", exact=True).click()
    assert "step-free access" in page.inner_text("main")
    page.get_by_role("link", name="Ask for help with this").click()
    assert "Dads' activities near you" in page.inner_text("main")
    page.get_by_label("What is going on?").fill("I would like to come along on Saturday.")
    page.get_by_label("How can we reach you?").fill("07700 900123")
    page.get_by_role("button", name="Send to a person").click()
    assert "We have your message" in page.inner_text("main")
    assert Happening.objects.get(kind="asked_about").facts == {"service": "norfolk-dads-near-you"}
    context.close()
