"""Who sees what: every role, every address, own and other organisations, every state of a family. No leak.

The addresses come from the table of addresses, so a new page is covered by being there. What may be seen
comes from `marked.level`, which is written from the plain sentences of who may see what. Here: the policy and
the doors to rows for the whole matrix, and each address once for each role, in one of the cells that are
hardest to keep shut. In `make soak`: every cell, asked and sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.house.test_doors_are_shut import is_open
from tests.web.marked import (
    MARKS,
    OF_SLICE,
    PLACES,
    ROLES,
    SLICED,
    STATES,
    WORKING,
    Marked,
    State,
    Viewer,
    hidden_marks,
    level,
    marks_in,
    viewers,
)
from tests.web.test_hostile import TABLE
from tests.world import NOW, World

from anydoor.access.policy import RULES, allow, fields_seen, standing_of
from anydoor.access.policy_staff import STAFF_RULES
from anydoor.access.purposes import FIELDS_OF_SLICE, PURPOSES
from anydoor.access.roles import Role
from anydoor.care import scope
from anydoor.care.models import Episode, FamilyCare, Handover, Referral
from anydoor.rules.errors import AnydoorError
from anydoor.web.desk import rights, rights_answers, rights_keeping, rights_sharing

pytestmark = pytest.mark.django_db

# Parts of an address that name something of a family.
OF_A_FAMILY = {
    *("asked_id", "erasure_id", "hold_id", "objection_id"),
    *(
        "alert_id",
        "asked_id",
        "child_id",
        "consent_id",
        "contact_id",
        "decision_id",
        "episode_id",
        "family_id",
    ),
    *("goal_id", "handover_id", "link_id", "measure_id", "offer_id", "person_id", "referral_id", "rule_id"),
    *("story_id", "thing_id", "wait_id", "way_id"),
}
# Actions that are about no family, whatever facts are handed in beside them.
ABOUT_NO_FAMILY = {
    *("see_home", "say_purpose", "see_directory", "see_inbox", "search_people", "see_team", "see_outcomes"),
    *("see_schedule", "see_coverage", "break_glass", "review_break_glass", "declare", "edit_entry"),
    "see_role_changes",
    *STAFF_RULES,
    *("add_entry", "decide_entry", "manage_rota", "vouch", "record_leave", "close_account", "receive"),
}
RIGHTS = {
    f"desk:{one.name}"
    for one in (*rights.urls, *rights_keeping.urls, *rights_answers.urls, *rights_sharing.urls)
} | {"desk:changed"}
GOVERNED = {"see_changes", "answer_access", "answer_objection", "hold_legally", "erase", "confirm_erasure"}
SHUT = {301, 302, 303, 401, 403, 404, 405}
# What is typed comes back in its box: the beginning of a name finds it and is no mark itself.
SENT = {"words": "Long enough words.", "why": "Because", "end": "yes", "q": "Quillf", "given_by": "Q"}
# The cells nearest to what is open: one fact more, and somebody would be let in.
HARDEST = (
    ("holder", State(sealed=True, agreed=True, accepted=True)),
    ("asked", State(sealed=False, agreed=True, accepted=False)),
    ("asked", State(sealed=False, agreed=False, accepted=True)),
    ("beside", State(sealed=False, agreed=True, accepted=True)),
)
LISTS = (
    "",
    "?waits=all",
    "inbox",
    "families?show=team",
    "messages",
    "stuck",
    "team",
    "schedule/",
    "partners/",
)


class Browser:
    """One viewer's browser, with their token of the API as well."""

    def __init__(self, marked: Marked, viewer: Viewer) -> None:
        self.marked, self.viewer = marked, viewer
        self.seen = level(viewer.place, viewer.role, marked.state)
        self.hidden = hidden_marks(self.seen)
        self.client = Client(headers={"Authorization": f"Bearer {viewer.token}"})
        self.client.force_login(viewer.user)
        self.session = dict(self.client.cookies)

    def asks(self, name: str, taken: tuple[str, ...], *, send: bool) -> Iterator[str]:
        """What is wrong with the answers of one address: nothing, when it keeps shut."""
        address = reverse(name, kwargs=self.marked.values(name, taken))
        self.client.cookies.update(self.session)
        answers = [("GET", self.client.get(address))]
        if send:
            with transaction.atomic():
                answers.append(("POST", self.client.post(address, SENT)))
                transaction.set_rollback(True)
        for method, answer in answers:
            where = f"{method} {name} by {self.viewer.user.name} ({self.marked.state})"
            leaked = [] if self.governs(name) else marks_in(text_of(answer), self.hidden_on(text_of(answer)))
            if leaked:
                yield f"{where} shows {leaked}"
            if not self.may_answer(name, taken, answer.status_code):
                yield f"{where} answered {answer.status_code}"

    def hidden_on(self, page: str) -> dict[str, str]:
        """What must not stand on this page: an answer of danger that waits comes with the number to ring."""
        rings = self.seen not in {"nothing", "preview"} and "before anything else" in page
        return {kind: word for kind, word in self.hidden.items() if not (rings and kind == "telephone")}

    def governs(self, name: str) -> bool:
        """Whether the lead who answers for the record answers the person it is about by this page."""
        here = self.viewer.role is Role.IG_LEAD and self.viewer.place in {"holder", "neighbour"}
        return here and not self.marked.state.sealed and name in RIGHTS

    def may_answer(self, name: str, taken: tuple[str, ...], status: int) -> bool:
        """Who sees nothing of a family is answered nothing at its addresses; nobody meets a broken page."""
        if self.governs(name):
            return status < 500
        if self.seen == "nothing" and OF_A_FAMILY & set(taken):
            return status in SHUT
        return status < 500 or name == "readyz"


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode(errors="replace")) + str(answer.get("Location", ""))


# ------------------------------------------------------- the policy and the doors to rows: the whole matrix


@pytest.mark.parametrize("state", STATES, ids=str)
def test_the_policy_and_the_doors_to_rows(world: World, state: State) -> None:
    marked = Marked(world, state)
    care = FamilyCare.objects.select_related("area").get(pk=marked.family_id)
    facts = replace(scope.facts_of(care), organisation_id=world.front_door.organisation_id)
    wrong = []
    for viewer in viewers(world):
        seen = level(viewer.place, viewer.role, state)
        who = standing_of(viewer.user, NOW.date(), NOW)
        where = f"{viewer.user.name} ({state}), who sees {seen}"
        for action in RULES:
            for purpose in PURPOSES:
                decision = allow(who, action, facts, purpose)
                if decision and seen == "nothing" and not fine_without_sight(viewer, action, state):
                    wrong.append(f"{where}: {action} for {purpose} is allowed by {decision.rule}")
                if decision and action == "see_family" and (seen != "everything" or purpose == "audit"):
                    wrong.append(f"{where}: sees the family for {purpose}")
        wrong += [f"{where}: {one}" for one in rows_wrong(marked, who, seen)]
        fields = allow(who, "see_home", facts).fields
        expected = {
            "everything": {"story", "measures", "record", "people", "name", "contact"},
            "preview": {"first_name"},
            "nothing": set(),
        }[seen]
        if not expected <= fields or (seen != "everything" and "story" in fields):
            wrong.append(f"{where}: fields {sorted(fields)}")
        if seen == "nothing" and fields:
            wrong.append(f"{where}: fields {sorted(fields)}")
    assert wrong == []


def fine_without_sight(viewer: Viewer, action: str, state: State) -> bool:
    """What may be done by somebody who sees nothing of the family.

    What is about no family; and, unless it is sealed, what the governance lead of the organisation that
    answers for the record does with it, or confirms.
    """
    if action in ABOUT_NO_FAMILY:
        return not state.sealed or action in {"break_glass", "review_break_glass"}
    governs = viewer.role is Role.IG_LEAD and viewer.place in {"holder", "neighbour"}
    return action in GOVERNED and governs and not state.sealed


def rows_wrong(marked: Marked, who: Any, seen: str) -> Iterator[str]:
    """Rows that come through a door they should not, or do not come through one that is open."""
    full, family = seen == "everything", marked.family_id
    doors = {
        "a list of families": (FamilyCare.objects.for_user(who).filter(pk=family), seen != "nothing"),
        "families in full": (FamilyCare.objects.seen_in_full(who).filter(pk=family), full),
        "people": (scope.people_for(who).filter(pk=marked.person.pk), full),
    }
    for name, (rows, open_to_them) in doors.items():
        if rows.exists() != open_to_them:
            yield f"{name}: {rows.exists()}"
    if scope.messages_for(who, "", most=5, family_id=family) and not full:
        yield "messages"
    for text in ("Quillfern", "Brackenmoor", MARKS["NHS number"]):
        try:
            found = bool(scope.find_people(who, text))
        except AnydoorError:
            found = False
        if found != full:
            yield f"search for {text}: {found}"
    for read, row, least in (
        (scope.referral_for, Referral.objects.get(family=family), {"everything"}),
        (scope.handover_for, Handover.objects.get(family=family), {"everything", "preview"}),
        (scope.wait_for, marked, {"everything"}),
    ):
        key = row.ids["wait_id"] if isinstance(row, Marked) else row.pk
        try:
            read(who, key)
        except AnydoorError:
            continue
        if seen not in least:
            yield f"{read.__name__} opens"
    assert not Episode.objects.filter(family=family).exists()


# ------------------------------------------------------- pages, exports and the API


@pytest.mark.parametrize("turn", range(len(HARDEST)), ids=[f"{place}-{state}" for place, state in HARDEST])
def test_each_address_for_each_role_in_a_hard_cell(world: World, turn: int) -> None:
    """Every address is asked by every role: the four hard cells take turns.

    What names something of a family is asked in all four by the roles that work with families.
    """
    place, state = HARDEST[turn]
    marked = Marked(world, state)
    browsers = {one.role: Browser(marked, one) for one in viewers(world) if one.place == place}
    wrong = []
    for number, (name, taken) in enumerate(TABLE):
        for offset, role in enumerate(ROLES):
            about_them = bool(OF_A_FAMILY & set(taken))
            if (number + offset) % len(HARDEST) == turn or (about_them and role in WORKING):
                wrong += browsers[role].asks(name, taken, send=about_them)
    assert wrong == []


@pytest.mark.parametrize("state", SLICED, ids=str)
def test_what_was_not_agreed_to_is_on_no_page(world: World, state: State) -> None:
    """A service that they agreed may know some of it and not all: the policy, each page, and each list.

    One role is enough here: what is agreed to is told to a team. In `make soak` every role asks and sends.
    """
    marked = Marked(world, state)
    viewer = next(one for one in viewers(world) if one.key == ("asked", Role.PRACTITIONER))
    care = FamilyCare.objects.select_related("area").get(pk=marked.family_id)
    who, facts = standing_of(viewer.user, NOW.date(), NOW), scope.facts_of(care)
    for about in (None, marked.person.pk):
        fields = fields_seen(who, facts, about)
        assert fields >= {"safety", "communication", "name"}
        assert not fields & {one for piece in state.withheld.split() for one in FIELDS_OF_SLICE[piece]}
    browser = Browser(marked, viewer)
    wrong = []
    for name, taken in TABLE:
        if OF_A_FAMILY & set(taken) or (name.startswith("desk:") and not taken):
            wrong += browser.asks(name, taken, send=False)
    for where in LISTS:
        leaked = marks_in(text_of(browser.client.get(f"/desk/{where}")), browser.hidden)
        wrong += [f"{where} shows {leaked}"] if leaked else []
    assert wrong == []
    page = text_of(browser.client.get(f"/desk/family/{marked.family_id}/"))
    assert "Quillfern agreed to share with your team, but not " in page, "a sentence, not a hole"
    assert MARKS["instruction"] in page


@pytest.mark.soak
@pytest.mark.parametrize("state", [*STATES, *SLICED], ids=str)
@pytest.mark.parametrize("place", PLACES)
def test_every_cell(world: World, place: str, state: State) -> None:
    marked = Marked(world, state)
    wrong = []
    for viewer in viewers(world):
        if viewer.place == place:
            browser = Browser(marked, viewer)
            for name, taken in TABLE:
                wrong += browser.asks(name, taken, send=True)
    assert wrong == []


@pytest.mark.parametrize(("place", "state"), HARDEST, ids=[f"{place}-{state}" for place, state in HARDEST])
def test_no_list_search_or_question_names_them(world: World, place: str, state: State) -> None:
    marked = Marked(world, state)
    wrong = []
    for viewer in viewers(world):
        if viewer.place != place:
            continue
        browser = Browser(marked, viewer)
        client = browser.client
        shown = [(where, client.get(f"/desk/{where}")) for where in LISTS]
        for text in ("Quillfern", "Brackenmoor", MARKS["NHS number"]):
            shown += [("search", client.post("/desk/families", {"q": text}))]
            shown += [("known already", client.post("/desk/new/", {"q": text}))]
        shown += [("to write for", client.get(f"/desk/new/write?person={marked.person.pk}"))]
        shown += [("messages of", client.get(f"/desk/messages?family={marked.family_id}"))]
        for where, answer in shown:
            page = text_of(answer)
            # What was typed into the box comes back in the box.
            for typed in ("Quillfern", "Brackenmoor", MARKS["NHS number"]):
                page = page.replace(f'value="{typed}"', "")
            leaked = marks_in(page, browser.hidden)
            if leaked and not (where == "search" and set(leaked) <= {"first name", "surname", "NHS number"}):
                wrong.append(f"{where} by {viewer.user.name} ({state}) shows {leaked}")
            assert answer.status_code < 500
    assert wrong == []


def test_a_sealed_record_answers_like_one_that_is_not_there(world: World) -> None:
    """The same status and the same page, at every address, for the team that was closest to it."""
    marked = Marked(world, State(sealed=True, agreed=True, accepted=True))
    practitioner = next(one for one in viewers(world) if one.key == ("holder", Role.TEAM_LEAD))
    browser = Browser(marked, practitioner)
    wrong = []
    for name, taken in TABLE:
        if not OF_A_FAMILY & set(taken):
            continue
        there = marked.values(name, taken)
        missing = there | dict.fromkeys(OF_A_FAMILY & set(taken), 987654)
        answers = [browser.client.get(reverse(name, kwargs=kwargs)) for kwargs in (there, missing)]
        sealed, absent = (
            (answer.status_code, text_of(answer).replace(reverse(name, kwargs=kwargs), ""))
            for answer, kwargs in zip(answers, (there, missing), strict=True)
        )
        if sealed != absent:
            wrong.append(f"{name}: {sealed[0]} and {absent[0]}")
    assert wrong == []


# ------------------------------------------------------- so that all this can fail


def test_every_mark_is_shown_to_who_may_see_it(world: World) -> None:
    """Each planted word stands on some page of the holder's team; else nothing above would prove anything."""
    marked = Marked(world, State(sealed=False, agreed=True, accepted=True))
    found: dict[tuple[str, Role | None], set[str]] = {}
    for viewer in viewers(world):
        if viewer.key not in {("holder", Role.FRONT_DOOR), ("asked", Role.PRACTITIONER)}:
            continue
        browser = Browser(marked, viewer)
        found[viewer.key] = set()
        for name, taken in TABLE:
            if OF_A_FAMILY & set(taken) or name in {"desk:families", "desk:outbox"}:
                address = reverse(name, kwargs=marked.values(name, taken))
                found[viewer.key] |= set(marks_in(text_of(browser.client.get(address)), MARKS))
    assert set(MARKS) - found["holder", Role.FRONT_DOOR] == set()
    told = {"first name", "surname"}.union(*OF_SLICE.values())
    assert told - found["asked", Role.PRACTITIONER] == set(), "else a slice held back would prove nothing"


def test_what_is_sought_is_every_kind_and_every_address(world: World) -> None:
    marked = Marked(world, State(sealed=False, agreed=True, accepted=True))
    assert len(ROLES) == 10
    assert len(TABLE) > 200
    parts = {part for _, taken in TABLE for part in taken}
    assert parts - set(marked.ids) == set(), "give these something to be about, in `Marked`"
    assert len([one for one in TABLE if OF_A_FAMILY & set(one[1])]) > 60
    open_to_all = {name for name, taken in TABLE if is_open(name) and OF_A_FAMILY & set(taken)}
    assert open_to_all <= {"public:correct", "public:mine_take_back"}, "these hang on a link or a code"
    assert hidden_marks("everything") == {}
    assert marks_in("<p>07700 900 555</p>", MARKS) == ["telephone"]
