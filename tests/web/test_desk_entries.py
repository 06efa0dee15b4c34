"""Changing an entry in the pages: parts, preview, approval, versions; what is so today; what is wrong."""

from __future__ import annotations

import re
import uuid
from html.parser import HTMLParser

import pytest
from django.test import Client
from tests.web.scenes import client_of
from tests.world import NOW, World

from anydoor.access.audit import VISITOR
from anydoor.access.models import User
from anydoor.directory import drafting, stewardship, versions
from anydoor.directory.models import EntryDraft, Place, Service, ServiceVersion, WrongReport
from anydoor.rules.eligibility_keys import KEYS

pytestmark = pytest.mark.django_db(transaction=True)
ODD = "<script>alert(1)</script>"
ODD_WORDS = ["\x00", "\ud800", ODD, "\u202egnp", "=1+1", "x" * 90_000, "\U0001f9d1\u200d\U0001f37c"]
RUN_BY = {"organisation": "nhs-trust", "state": "offered", "check_every_days": "180"}
SATURDAY = {"day": "5", "starts": "10:00", "ends": "11:30", "every_weeks": "1"}


def begun(world: World, by: User | None = None, slug: str = "pairs") -> tuple[Client, str]:
    """Somebody at the first page of an edit: their browser, and the edit's address."""
    client = client_of(by or world.marcus)
    answer = client.post(f"/desk/directory/{slug}/edit/")
    assert answer.status_code == 302
    return client, answer["Location"]


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def sent(world: World, by: User | None = None, slug: str = "pairs", **who: object) -> ServiceVersion:
    """A change of the page “Who it is for”, sent by the pages."""
    client, edit = begun(world, by, slug)
    answer = client.post(f"{edit}part/who/", {"audience": ["mother"], **who})
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(f"{edit}preview/", {"why": "Only mothers come."})
    assert answer.status_code == 302, answer.content.decode()
    return ServiceVersion.objects.get(state="proposed")


# ---------------------------------------------------------------- the way of a change


def test_an_edit_goes_through_preview_and_approval_and_then_everybody_sees_it(world: World) -> None:
    client, edit = begun(world)
    assert "Change this entry" in text_of(client, edit)
    answer = client.post(
        f"{edit}part/who/",
        {"audience": ["mother"], "parent_age_under": "25", "only_for": "families of Norwich"},
    )
    assert answer["Location"] == edit
    text = text_of(client, f"{edit}preview/")
    for words in (
        "This is what families will see",
        "Mothers, Fathers, Co-parents",
        "25 years",
        "example needs",
    ):
        assert words in text, words
    answer = client.post(f"{edit}preview/", {"why": "Only young mothers come."})
    proposal = answer["Location"]
    assert not EntryDraft.objects.exists()
    assert "you sent this" in text_of(client, proposal).lower()
    assert Service.objects.get(slug="pairs").audience == ["mother", "father", "co_parent"]
    lead = client_of(world.lead)
    assert "Only young mothers come." in text_of(lead, "/desk/entries/proposals/")
    text = text_of(lead, proposal)
    seen = re.search(r'name="seen" value="(\d+)"', text)
    assert seen is not None
    answer = lead.post(proposal, {"answer": "approve", "seen": seen[1]})
    assert answer.status_code == 302, answer.content.decode()
    service = Service.objects.get(slug="pairs")
    assert service.audience == ["mother"]
    assert service.eligibility == {"parent_age_under": 25, "only_for": "families of Norwich"}
    text = text_of(client, "/desk/directory/pairs/versions/")
    assert "Version 2" in text
    assert "Approved by" in text
    text = text_of(client, "/desk/directory/pairs/versions/1/")
    assert "Mothers, Fathers, Co-parents" in text
    answer = client.post("/desk/directory/pairs/versions/1/restore/", {"why": "Fathers come again."})
    version = ServiceVersion.objects.get(state="proposed")
    lead.post(answer["Location"], {"answer": "approve", "seen": "2"})
    version.refresh_from_db()
    assert (version.state, version.number, version.restores) == ("approved", 3, 1)
    assert Service.objects.get(slug="pairs").audience == ["mother", "father", "co_parent"]


def test_every_page_shows_what_the_entry_says_and_saves_it_unchanged(world: World) -> None:
    """Each page opened and saved as it is must change nothing."""
    place = Place.objects.create(slug="hub", area=world.area, name="Hub", kind="hub")
    world.pairs.places.add(place)
    Service.objects.filter(pk=world.pairs.pk).update(
        needs=["bond", "mood"],
        pregnancy_from_week=28,
        child_from_days=274,
        child_to_days=731,
        after_loss=True,
        loss_days=90,
        is_free=False,
        cost_note="£2",
        languages=["Polish", "Urdu"],
        offers=["Video feedback", "Talks"],
        capacity=8,
        free_places=2,
        wait_days=14,
        postcode_districts={"E07000148": ["NR1", "NR2"]},
        eligibility={
            "only_if": ["bond"],
            "not_if": ["psychosis"],
            "severity_from": "moderate",
            "severity_to": "severe",
            "not_audience": ["carer"],
            "parent_age_from": 16,
            "parent_age_under": 30,
            "care_leaver_under": 35,
            "care_leavers": "not",
            "only_for": "families who travel",
            "not_outwards": ["NR3"],
            "only_languages": ["English", "Polish"],
            "no_interpreter": True,
            "not_routes": ["gp"],
            "comes_after": ["therapies"],
            "not_beside": ["hub-group", "time"],
            "closed_when_full": True,
            "loss_from_days": 14,
        },
    )
    assert set(Service.objects.get(pk=world.pairs.pk).eligibility) == {key.name for key in KEYS}
    client, edit = begun(world, world.priya)
    before = drafting.content_in(EntryDraft.objects.get())
    for part in ("words", "need", "stage", "who", "where", "how", "room", "care"):
        page = text_of(client, f"{edit}part/{part}/")
        chosen = Shown(page).sent
        answer = client.post(f"{edit}part/{part}/", chosen)
        assert answer.status_code == 302, (part, _errors(answer.content.decode()))
        assert chosen
    assert drafting.content_in(EntryDraft.objects.get()) == before


class Shown(HTMLParser):
    """What a browser would send of the first form in the main part, untouched."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sent: dict[str, list[str]] = {}
        self.inside = self.main = False
        self.area = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = {name: value or "" for name, value in attrs}
        self.main = self.main or tag == "main"
        self.inside = self.inside or (tag == "form" and self.main)
        name = one.get("name", "")
        if not self.inside or name == "csrfmiddlewaretoken":
            return
        unticked = one.get("type") in {"checkbox", "radio"} and "checked" not in one
        if tag == "input" and name and not unticked:
            self.sent.setdefault(name, []).append(one.get("value", ""))
        elif tag == "textarea":
            self.area = name
            self.sent[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in one:
            self.sent.setdefault(self.select, []).append(one.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.area = "" if tag == "textarea" else self.area
        self.select = "" if tag == "select" else self.select

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.sent[self.area][0] += data.removeprefix("\n")


def _errors(page: str) -> list[str]:
    return re.findall(r'nhsuk-error-message"[^>]*>(.*?)</span>\s*</?', page, re.DOTALL)


# ---------------------------------------------------------------- what is typed wrongly


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("words", {"name": "", "summary": "S", "level": "universal"}, "Give the service a name."),
        ("words", {"name": "x" * 300, "summary": "S", "level": "universal"}, "shorter"),
        ("words", {"name": "N", "summary": "S", "level": "golden"}, "Choose from the answers"),
        ("stage", {"weeks_from": "30", "weeks_to": "12"}, "ends before it begins"),
        ("stage", {"weeks_from": "30"}, "Fill in both"),
        ("stage", {"weeks_from": "forty"}, "Use numbers only"),
        (
            "stage",
            {"age_from": "5", "age_from_unit": "years", "age_to": "2", "age_to_unit": "years"},
            "ends before",
        ),
        ("stage", {}, "Say when it is offered"),
        ("stage", {"trying_to_conceive": "yes", "loss_days": "30"}, "Tick “After a loss”"),
        ("stage", {"age_from": "9" * 40, "age_to": "1"}, "less than or equal"),
        ("who", {}, "Choose who the help is for"),
        ("who", {"audience": ["mother"], "parent_age_under": "200"}, "less than or equal"),
        (
            "who",
            {"audience": ["mother"], "care_leaver_under": "25"},
            "“Parent who was in care, younger than”",
        ),
        ("who", {"audience": ["mother"], "parent_age_from": "30", "parent_age_under": "20"}, "must be lower"),
        ("need", {"main_need": "mood", "only_if": ["mood"], "not_if": ["mood"]}, "nobody would fit"),
        ("need", {"severity_from": "severe", "severity_to": "mild"}, "nobody would fit"),
        ("where", {"footprint": ["E07000148"], "part_E07000148": "here"}, "first halves of postcodes"),
        ("where", {}, "at least one district"),
        ("where", {"footprint": ["E07000148"], "not_outwards": "nowhere at all"}, "first half of a postcode"),
        ("how", {"routes_in": ["owl"]}, "Choose from the answers"),
        ("room", {"capacity": "3", "free_places": "9"}, "only 3 places"),
        (
            "room",
            {"closed_until-day": "1", "closed_until-month": "4", "closed_until-year": "2026"},
            "from when",
        ),
        ("room", {"next_start-day": "31", "next_start-month": "2", "next_start-year": "2026"}, "no such day"),
        (
            "care",
            {"organisation": "nhs-trust", "team": "groups", "state": "offered", "check_every_days": "180"},
            "no such team",
        ),
        ("care", {**RUN_BY, "check_every_days": "1"}, "greater than"),
        (
            "care",
            {**RUN_BY, "email": "me"},
            "e-mail",
        ),
    ],
)
def test_a_fault_names_its_field_and_is_kept_as_typed(
    world: World, part: str, typed: dict[str, object], words: str
) -> None:
    client, edit = begun(world, world.priya)
    answer = client.post(f"{edit}part/{part}/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422, text[:500]
    assert words in text, _errors(text)
    assert 'class="nhsuk-error-summary"' in text or "error-summary" in text
    again = text_of(client, f"{edit}part/{part}/")
    assert words in again
    assert "Something is wrong" in text_of(client, edit)
    assert client.get(f"{edit}preview/").status_code == 302
    assert not ServiceVersion.objects.filter(state="proposed").exists()


@pytest.mark.parametrize("typed", ODD_WORDS)
def test_odd_words_do_no_harm_anywhere(world: World, typed: str) -> None:
    client, edit = begun(world, world.priya)
    sendable = typed.encode("utf-8", "replace").decode()
    for part, names in {
        "words": ("name", "summary", "offers", "for_whom", "level", "strand"),
        "need": ("main_need", "other_needs", "only_if", "severity_from"),
        "stage": ("weeks_from", "weeks_to", "age_from", "age_from_unit"),
        "who": ("audience", "only_for", "parent_age_under", "care_leavers"),
        "where": ("footprint", "part_E07000148", "not_outwards", "places"),
        "how": ("routes_in", "languages", "comes_after", "is_free"),
        "room": ("capacity", "next_start-day", "closed_note"),
        "care": ("organisation", "team", "lead", "phone", "email", "check_every_days"),
    }.items():
        answer = client.post(f"{edit}part/{part}/", dict.fromkeys(names, sendable))
        assert answer.status_code in {302, 422}
        assert ODD not in answer.content.decode()
        assert client.get(f"{edit}part/{part}/").status_code == 200
    assert client.get(edit).status_code == 200
    assert (
        client.post(f"{edit}times/add/", {"day": sendable, "starts": sendable, "ends": sendable}).status_code
        == 422
    )
    assert client.get(f"/desk/entries/care/?show={'x' * 3000}&page=%00").status_code == 200


# ---------------------------------------------------------------- times


def test_times_are_added_changed_and_taken_out(world: World) -> None:
    Place.objects.create(slug="hub", area=world.area, name="Dereham Hub", kind="hub")
    client, edit = begun(world)
    answer = client.post(
        f"{edit}times/add/",
        {**SATURDAY, "place": "hub"},
    )
    assert answer.status_code == 302, _errors(answer.content.decode())
    text = text_of(client, f"{edit}times/")
    assert "Saturday 10:00 to 11:30, Dereham Hub" in text
    answer = client.post(f"{edit}times/1/", {**SATURDAY, "every_weeks": "2"})
    assert answer.status_code == 422
    assert "Give a first day" in answer.content.decode()
    words = "Saturday 10:00 to 11:30, Dereham Hub"
    client.post(f"{edit}times/out/", {"words": words})
    client.post(f"{edit}times/out/", {"words": words})
    assert "No times yet" in text_of(client, f"{edit}times/")
    answer = client.post(f"{edit}times/add/", {"day": "once", "starts": "10:00", "ends": "9:00"})
    assert answer.status_code == 422


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize(
    ("who", "slug", "may"),
    [
        ("marcus", "pairs", True),
        ("grace", "therapies", True),
        ("grace", "pairs", False),
        ("grace", "hub-group", False),
        ("sunita", "pairs", True),
        ("priya", "time", True),
        ("marcus", "hub-group", False),
    ],
)
def test_who_changes_an_entry(world: World, who: str, slug: str, may: bool) -> None:
    client = client_of(getattr(world, who))
    assert client.post(f"/desk/directory/{slug}/edit/").status_code == (302 if may else 403)
    assert ("Change this entry" in text_of(client, f"/desk/directory/{slug}/")) is may
    for address in ("versions/", "today/"):
        assert client.get(f"/desk/directory/{slug}/{address}").status_code == (200 if may else 403)
    assert client.post(f"/desk/directory/{slug}/still-right/").status_code == (302 if may else 403)


def test_an_edit_is_its_writers_own(world: World) -> None:
    _, edit = begun(world)
    other = client_of(world.priya)
    for address in ("", "part/who/", "times/", "times/add/", "preview/"):
        assert other.get(f"{edit}{address}").status_code == 404
    for address in ("delete/", "catch-up/", "times/out/"):
        assert other.post(f"{edit}{address}").status_code == 404
    assert EntryDraft.objects.count() == 1


def test_a_proposal_is_seen_by_those_it_concerns(world: World) -> None:
    version = sent(world)
    address = f"/desk/entries/proposals/{version.pk}/"
    for user in (world.marcus, world.lead, world.priya, world.sunita):
        assert client_of(user).get(address).status_code == 200, user.name
    assert client_of(world.grace).get(address).status_code == 404
    for user in (world.grace, world.marcus, world.sunita):
        assert client_of(user).post(address, {"answer": "approve", "seen": "1"}).status_code in {403, 404}
    assert Service.objects.get(slug="pairs").audience != ["mother"]
    assert Client().get(address).status_code == 302


def test_declining_needs_a_reason_and_a_late_decision_is_told_kindly(world: World) -> None:
    version = sent(world)
    address = f"/desk/entries/proposals/{version.pk}/"
    lead = client_of(world.lead)
    answer = lead.post(address, {"answer": "decline", "seen": "1"})
    assert answer.status_code == 422
    assert "Say why, so that they know" in answer.content.decode()
    versions.approve(version=version, seen=1, by=world.priya, at=NOW)
    answer = lead.post(address, {"answer": "decline", "why": "No.", "seen": "1"})
    assert answer.status_code == 409
    assert "Somebody decided on this meanwhile" in answer.content.decode()
    for seen in ("", "x", "9" * 30, "\u0661"):
        assert lead.post(address, {"answer": "approve", "seen": seen}).status_code == 409


def test_sent_twice_is_sent_once_and_taken_back_can_be_changed(world: World) -> None:
    client, edit = begun(world)
    client.post(f"{edit}part/who/", {"audience": ["mother"]})
    assert client.post(f"{edit}preview/", {"why": "Only mothers."}).status_code == 302
    assert client.post(f"{edit}preview/", {"why": "Only mothers."}).status_code == 404
    assert ServiceVersion.objects.filter(state="proposed").count() == 1
    version = ServiceVersion.objects.get(state="proposed")
    answer = client.post(f"/desk/entries/proposals/{version.pk}/take-back/")
    assert "Mothers" in text_of(client, f"{answer['Location']}preview/")


def test_what_another_changed_meanwhile_is_shown_and_put_together(world: World) -> None:
    client, edit = begun(world)
    client.post(f"{edit}part/who/", {"audience": ["mother"]})
    version = sent(world, world.sunita, audience=["mother", "father"])
    versions.approve(version=version, seen=1, by=world.lead, at=NOW)
    assert "Sunita Rao changed this entry after you began" in text_of(client, f"{edit}preview/")
    answer = client.post(f"{edit}preview/", {"why": "Only mothers."})
    assert answer.status_code == 422
    assert "while you were writing" in answer.content.decode()
    answer = client.post(f"{edit}catch-up/", follow=True)
    assert "You both changed: It is for" in answer.content.decode()
    assert client.post(f"{edit}preview/", {"why": "Only mothers."}).status_code == 302


# ---------------------------------------------------------------- a new service


def test_a_new_service_from_nothing(world: World) -> None:
    client = client_of(world.sunita)
    answer = client.post("/desk/entries/new/", {"area": str(world.area.pk)})
    edit = answer["Location"]
    answer = client.post(
        f"{edit}part/words/", {"name": "Dads of Dereham", "summary": "Saturdays.", "level": "universal"}
    )
    assert answer["Location"].endswith("/part/need/")
    pages: dict[str, dict[str, object]] = {
        "need": {"main_need": "isolation"},
        "stage": {"age_from": "0", "age_from_unit": "weeks", "age_to": "2", "age_to_unit": "years"},
        "who": {"audience": ["father"]},
        "where": {"footprint": ["E07000148"]},
        "how": {"routes_in": ["drop_in"], "modes": ["group"]},
        "care": {"organisation": "county-council", "state": "offered", "check_every_days": "90"},
    }
    for part, typed in pages.items():
        answer = client.post(f"{edit}part/{part}/", typed)
        assert answer.status_code == 302, (part, _errors(answer.content.decode()))
    text = text_of(client, f"{edit}preview/")
    assert "Dads of Dereham" in text
    answer = client.post(f"{edit}preview/", {"why": "A new group."})
    assert client.get("/desk/directory/dads-of-dereham/").status_code == 404
    client_of(world.lead).post(answer["Location"], {"answer": "approve", "seen": "0"})
    assert "Saturdays." in text_of(client, "/desk/directory/dads-of-dereham/")


def test_who_may_not_add_is_told_so(world: World) -> None:
    assert client_of(world.grace).get("/desk/entries/new/").status_code == 403
    assert "Add a service" not in text_of(client_of(world.grace), "/desk/directory")


# ---------------------------------------------------------------- kept true


def test_still_right_and_what_is_so_today(world: World) -> None:
    client = client_of(world.marcus)
    assert "Never checked" in text_of(client, "/desk/directory/pairs/")
    client.post("/desk/directory/pairs/still-right/")
    text = text_of(client, "/desk/directory/pairs/")
    assert "10 March 2026 by Marcus Bell" in text
    assert "Never checked" not in text
    answer = client.post(
        "/desk/directory/pairs/today/",
        {
            "wait_days": "21",
            "closed_from-day": "9",
            "closed_from-month": "3",
            "closed_from-year": "2026",
            "closed_note": "The roof. Ring the hub.",
        },
    )
    assert answer.status_code == 302
    text = text_of(client, "/desk/directory/pairs/")
    assert "Closed since 9 March 2026, until further notice. The roof. Ring the hub." in text
    assert "Closed for now" in text_of(client, "/desk/directory")
    bad = client.post("/desk/directory/pairs/today/", {"wait_days": "-3"})
    assert bad.status_code == 422


def test_the_list_of_care_is_of_what_one_keeps(world: World) -> None:
    text = text_of(client_of(world.lead), "/desk/entries/care/")
    assert "0 of 4 entries checked in time" in text
    text = text_of(client_of(world.grace), "/desk/entries/care/")
    assert "NHS Talking Therapies" in text
    assert "Stay and play" not in text
    Service.objects.update(last_checked="2026-03-01")
    assert "Everything you keep was checked in time" in text_of(client_of(world.grace), "/desk/entries/care/")
    assert "NHS Talking Therapies" in text_of(client_of(world.grace), "/desk/entries/care/?show=all")


def test_a_report_waits_until_it_is_answered(world: World) -> None:
    report = stewardship.report_wrong(
        service=world.pairs,
        about="times",
        words=f"It is on Tuesdays now. {ODD}",
        token=uuid.uuid4(),
        reply_to="parent@home.example",
        by=VISITOR,
        at=NOW,
    )
    client = client_of(world.marcus)
    assert "PAIRS" in text_of(client, "/desk/entries/care/")
    address = f"/desk/entries/reports/{report.pk}/"
    text = text_of(client, address)
    assert "It is on Tuesdays now." in text
    assert ODD not in text
    assert client_of(world.grace).get(address).status_code == 404
    assert client.post(address, {"answer": "", "words": ""}).status_code == 422
    assert client.post(address, {"answer": "changed", "words": "Tuesdays now, thank you."}).status_code == 302
    late = client_of(world.priya).post(address, {"answer": "other", "words": "Me too."})
    assert late.status_code == 409
    assert WrongReport.objects.get().answer_words == "Tuesdays now, thank you."


def test_the_first_page_says_what_of_the_directory_waits(world: World) -> None:
    client = client_of(world.lead)
    assert "The directory waits on you" not in text_of(client, "/desk/")
    stewardship.report_wrong(
        service=world.pairs, about="gone", words="Gone.", token=uuid.uuid4(), by=VISITOR, at=NOW
    )
    sent(world)
    text = text_of(client, "/desk/")
    assert "1 report to answer" in text
    assert "1 change to decide" in text
    assert "The directory waits on you" not in text_of(client_of(world.grace), "/desk/")
    Service.objects.filter(pk=world.therapies.pk).update(lead=world.grace)
    assert "1 entry to check" in text_of(client_of(world.grace), "/desk/")
