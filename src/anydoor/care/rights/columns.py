"""What becomes of every column when a family's record is erased. Each is named here; a test fails for one
that is not, so that no new table and no new column can be forgotten.

A row is `taken` away whole, or stays as a stub with its `emptied` columns emptied. What stays are links,
times, numbers of the machinery (`kept`) and words of this software's own lists (`codes`), so that counts,
constraints and the audit stay sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from anydoor.access.history import PersonalSightChange
from anydoor.access.models import PersonalSight
from anydoor.care import history as care_history
from anydoor.care import models as care
from anydoor.messages.models import OutboxMessage
from anydoor.people import history as people_history
from anydoor.people import models as people

ERASED = "Erased"  # where the database asks for words
AT_ERASURE = object()  # the moment of the erasure
# Histories keep plain numbers, so those of a family's things are found by the things that are there.
OF_THINGS: Mapping[str, Any] = {"seal": care.Seal, "request": care.AccessRequest}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose rows: of the family, of the people who were in no other, and requests' references."""

    family_id: int
    people: tuple[int, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one table's rows. `reach`: the lookup of the family, or `people` for the persons'."""

    model: type[Model]
    reach: str = "family"
    taken: bool = False
    emptied: Mapping[str, Any] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def rows_of(self, whose: Reach) -> Q:
        """The condition that finds the rows of one erasure."""
        if self.reach.startswith("people:"):
            return Q(**{f"{self.reach[7:]}__in": whose.people})
        if self.reach == "references":
            return Q(sent_reference__in=whose.references)
        if self.reach == "family or candidate":
            return Q(referral__family=whose.family_id) | Q(candidate__in=whose.people)
        if self.reach in OF_THINGS:
            things = OF_THINGS[self.reach].objects.filter(family=whose.family_id)
            return Q(**{f"{self.reach}__in": things.values("pk")})
        return Q(**{self.reach: whose.family_id})


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Rows that point at others come before those they point at.
FATES: tuple[Fate, ...] = (
    # ---- taken away whole
    Fate(people.NameKey, "people:person", taken=True),
    Fate(people.Instruction, "people:person", taken=True),
    Fate(people.Consent, taken=True),
    Fate(people.SharedWithout, taken=True),
    Fate(people.LawfulBasis, taken=True),
    Fate(care.Draft, "references", taken=True),
    Fate(care.PossibleMatch, "family or candidate", taken=True),
    Fate(care.ApiReceipt, "referral__family", taken=True),
    Fate(care.Grounds, "decision__referral__family", taken=True),
    Fate(care.OwnPageLink, taken=True),
    Fate(care.Sight, taken=True),
    Fate(PersonalSight, "family_id", taken=True),
    Fate(care.AccessChoice, "request__family", taken=True),
    Fate(care.Objection, taken=True),
    # ---- stubs
    Fate(
        care.MeasureLink,
        emptied={"contact_point": None, "message": None, "ended_why": ERASED, "ended_at": AT_ERASURE},
        kept=_names(
            "id family person area sent_by team sent_at expires_at opened_at finished_at"
        ),
        codes=_names("language digest"),
    ),
    Fate(people.ContactPoint, "people:person", taken=True),
    Fate(
        people.Person,
        "people:pk",
        emptied={
            "name": "", "known_as": "", "nhs_number": None, "born_on": None, "due_on": None, "lost_on": None,
            "loss_kind": "", "language": "", "interpreter": "not_asked", "care_leaver": "not_asked",
            "gp_practice": "", "address_kind": "not_asked", "address": "", "postcode": "",
        },
        kept=_names("id created_at version"),
        codes=_names("district_code"),
    ),
    Fate(
        people.Family,
        "pk",
        emptied={"trying_to_conceive": False, "assisted_conception": False, "chosen_lead": None},
        kept=_names("id created_at"),
    ),
    Fate(people.FamilyMember, kept=_names("id family person apart joined_at left_at"), codes=_names("role")),
    Fate(
        care.FamilyCare,
        emptied={
            "title": "Erased record", "with_words": "", "next_contact_words": "", "clock_words": "",
            "next_contact_at": None, "clock_at": None, "clock_urgent": False, "sort_key": "~",
        },
        kept=_names("family area lead lead_team lead_since is_open sealed tries"),
        codes=_names("lead_why level strand"),
    ),
    Fate(
        care.Holding,
        emptied={"why": ERASED},
        kept=_names("id family referral episode user team from_at to_at"),
    ),
    Fate(
        care.Happening,
        emptied={"headline": ERASED, "words": "", "by_words": "", "facts": {}},
        kept=_names("id family referral handover episode contact moved_holding by at"),
        codes=_names("kind from_stage to_stage"),
    ),
    Fate(care.Story, taken=True),
    Fate(
        care.Wait,
        emptied={"why": ERASED, "done_by": "", "done_words": ""},
        kept=_names(
            "id family area referral handover episode contact alert user team urgent opened_at due_at "
            "nudged_at escalated_at escalated_to done_at"
        ),
        codes=_names("kind"),
    ),
    Fate(
        care.Episode,
        emptied={"outside_words": "", "end_words": ""},
        kept=_names("id family person area referral service holder holder_team opened_at ended_at"),
        codes=_names("stage level descriptor end_reason end_state"),
    ),
    Fate(
        care.Contact,
        emptied={"by_words": ERASED, "words": "", "place": ""},
        kept=_names(
            "id family person referral episode handover team by happens_at minutes recorded_at superseded_by "
            "version"
        ),
        codes=_names("mode purpose outcome"),
    ),
    Fate(
        care.GoalRating,
        "goal__family",
        emptied={"words": "", "rating": 0},
        kept=_names("id goal rated_at recorded_at recorded_by"),
    ),
    Fate(
        care.Goal,
        emptied={"words": ERASED, "ended_why": ERASED},
        kept=_names("id family person episode set_at set_by ended_at"),
    ),
    Fate(
        care.Referral,
        emptied={
            "danger_words": [], "referrer_name": "", "referrer_organisation": "", "referrer_contact": "",
            "agreed_words": "", "heard": {}, "asks_for": "", "claimed": {}, "source_ref": None,
            "title": "Erased record", "who_words": "", "excerpt": "", "tags": [], "about": [],
            "place_words": "", "joined_by": "", "end_reason": "",
        },
        kept=_names(
            "id area front_door family person holder holder_team received_at read_by_time due_at contact_by "
            "paused_until referrer ended_at version sealed"
        ),
        codes=_names("reference door stage family_knows needs end_state district_code sort_key"),
    ),
    Fate(
        care.Decision,
        "referral__family",
        emptied={"level_why": "", "words": "", "shown": {}},
        kept=_names("id referral by at"),
        codes=_names("level answer"),
    ),
    Fate(
        care.Offer,
        "referral__family",
        emptied={"reasons_for": [], "reasons_against": []},
        kept=_names("id decision referral service answered_at"),
        codes=_names("verdict answer"),
    ),
    Fate(
        care.Handover,
        emptied={
            "words": "", "agreed_by": "", "agreed_words": ERASED, "sharing_reason": ERASED, "shared": {},
            "accepted_by_words": "", "decline_words": "", "declined_by_words": "", "alternative_words": "",
            "put_back_reason": "", "closed_words": "", "link_digest": None, "link_until": None,
        },
        kept=_names(
            "id family person area referral episode service to_team to_user from_user from_team agreed_at "
            "proposed_at answer_due_at accepted_at introduction_at introduced_at first_contact_due_at "
            "completed_at declined_at alternative second_look_due_at round meeting closed_at"
        ),
        codes=_names("kind stage agreement decline_reason"),
    ),
    Fate(
        care.Measure,
        emptied={
            "answers": {}, "shown": {}, "words": {}, "difficulty": None, "result": {}, "risk": "",
            "state": "withdrawn", "withdrawn_at": AT_ERASURE, "withdrawn_why": ERASED,
        },
        kept=_names(
            "id family person area follow_up_of practitioner team referral episode link started_at saved_at "
            "taken_at finished_at version"
        ),
        codes=_names(
            "respondent_role instrument rule value_set wording language mode format why schedule_key form_key"
        ),
    ),
    Fate(
        care.MeasureAlert,
        emptied={"score": 0, "answer_words": "", "action_words": ERASED},
        kept=_names(
            "id measure family person area holder duty reads_at raised_at acknowledged_at "
            "acknowledged_by"
        ),
        codes=_names("item action"),
    ),
    Fate(
        care.PartnerAssessment,
        emptied={"agreed_words": ERASED, "words": "", "signpost_words": ""},
        kept=_names(
            "id episode family partner area team offered_on agreed_at taken_on declined_on recorded_by "
            "recorded_at version"
        ),
        codes=_names("state how"),
    ),
    Fate(
        care.ScheduledChild,
        emptied={"left_on": None, "told_lost_on": None, "first_baby": "not_asked", "stays": []},
        kept=_names("child family area known_from"),
    ),
    Fate(
        care.ScheduledContact,
        emptied={"why_words": "", "done_by_words": "", "done_words": "", "asked": {}, "action_words": ""},
        kept=_names(
            "id family child area team opens_on closes_on counts_from lapses_on counted by_hand since "
            "done_on done_by contact recorded_by recorded_at version"
        ),
        codes=_names("key provider state why wellbeing_asked action"),
    ),
    Fate(
        care.Seal,
        emptied={"words": ERASED, "lifted_words": ""},
        kept=_names("id family by at lifted_at lifted_by"),
        codes=_names("kind"),
    ),
    Fate(care.SealName, "seal__family", kept=_names("id seal user added_by at ended_at")),
    Fate(
        care.BreakGlass,
        emptied={"reason": "Erased with the record of the family.", "outcome_words": ERASED},
        kept=_names(
            "id family user at until ended_at reviewer review_due_at nudged_at reviewed_at "
            "reviewed_by"
        ),
        codes=_names("kind outcome"),
    ),
    Fate(
        OutboxMessage,
        emptied={"address": "", "subject": "", "body": "", "reason": ERASED},
        kept=_names(
            "id about_baby family person area_id created_at not_before leased_until tries sent_at"
        ),
        codes=_names("key channel template state"),
    ),
    Fate(
        care.AccessRequest,
        emptied={
            "asked_by": ERASED, "authority": ERASED, "proof": ERASED, "words": "", "longer_why": "",
            "closed_words": "", "sent": [],
        },
        kept=_names("id family person asked_on due_on opened_by opened_at closed_at closed_by wait"),
        codes=_names("asked_as state digest"),
    ),
    Fate(
        care.LegalHold,
        emptied={"words": ERASED, "lifted_words": ""},
        kept=_names("id family by at until lifted_at lifted_by"),
        codes=_names("reason"),
    ),
    Fate(
        care.Erasure,
        kept=_names("id family person asked_by asked_at decided_by decided_at counts"),
        # The certificate itself; whoever asks is told to name nobody in it.
        codes=_names("basis rule state digest why decided_words"),
    ),
    # ---- histories, last: what is emptied above leaves what it said in them first
    Fate(PersonalSightChange, "family_id", taken=True),
    Fate(people_history.PersonChange, "people:id", taken=True),
    Fate(people_history.ContactPointChange, "people:person", taken=True),
    Fate(people_history.InstructionChange, "people:person", taken=True),
    Fate(people_history.FamilyChange, "id", taken=True),
    Fate(people_history.FamilyMemberChange, taken=True),
    Fate(people_history.ConsentChange, taken=True),
    Fate(people_history.SharedWithoutChange, taken=True),
    Fate(people_history.LawfulBasisChange, taken=True),
    Fate(care_history.FamilyCareChange, taken=True),
    Fate(care_history.SealChange, taken=True),
    Fate(care_history.SealNameChange, "seal", taken=True),
    Fate(care_history.BreakGlassChange, taken=True),
    Fate(care_history.LegalHoldChange, taken=True),
    Fate(care_history.AccessRequestChange, taken=True),
    Fate(care_history.AccessChoiceChange, "request", taken=True),
    Fate(care_history.ObjectionChange, taken=True),
    Fate(
        care_history.ErasureChange,
        kept=_names(
            "pgh_id pgh_created_at transaction id family person asked_by asked_at decided_by decided_at"
        ),
        codes=_names("pgh_label basis rule state digest why decided_words"),
    ),
)  # fmt: skip

# Tables of these rooms that hold nothing of a family.
OF_NO_FAMILY: frozenset[type[Model]] = frozenset(
    {
        care.AreaSharing,
        care.LocalValues,
        care.Meeting,
        care.ReferrerCode,
        care.VouchedDomain,
        care.WordingPack,
        care_history.AreaCircleChange,
        care_history.AreaSharingChange,
        care_history.VouchedDomainChange,
    }
)
