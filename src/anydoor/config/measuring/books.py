"""Every table that holds something of a family, with the columns a seeded row fills."""

from __future__ import annotations

from collections.abc import Iterator

from anydoor.access.models import AuditEntry
from anydoor.care.models import (
    Contact,
    Decision,
    Episode,
    FamilyCare,
    Handover,
    Happening,
    Holding,
    Offer,
    PossibleMatch,
    Referral,
    Sight,
    Story,
    Wait,
)
from anydoor.config.measuring.tables import Table
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Consent, ContactPoint, Family, FamilyMember, Instruction, NameKey, Person

_FIRST = ("person_id", "referral_id")
_HELD = ("family_id", "person_id", "area_id", "referral_id", "service_id", "stage")


class Books:
    """The tables by name. A line of each says what `add` takes, in order."""

    def __init__(self) -> None:
        self._of_people()
        self._of_requests()
        self._of_work()
        self._of_standing()

    def _of_people(self) -> None:
        self.person = Table(
            Person,
            *("name", "nhs_number", "born_on", "due_on", "lost_on", "loss_kind", "language"),
            *("postcode", "district_code"),
        )
        self.key = Table(NameKey, "person_id", "key")
        self.family = Table(Family)
        self.member = Table(FamilyMember, "family_id", "person_id", "role", "joined_at")
        self.point = Table(ContactPoint, "person_id", "kind", "typed", "value", "safe", "uses", "added_at")
        self.instruction = Table(Instruction, "person_id", "kind", "words", "said_by", "at")

    def _of_requests(self) -> None:
        self.referral = Table(
            Referral,
            *("reference", "area_id", "front_door_id", "family_id", "person_id", "door", "stage"),
            *("holder_id", "holder_team_id", "received_at", "read_by_time", "due_at", "contact_by"),
            *("danger_words", "needs", "referrer_name", "end_state", "end_reason", "ended_at", "title"),
            *("who_words", "excerpt", "tags", "about", "place_words", "district_code", "sort_key"),
        )
        self.decision = Table(Decision, "referral_id", "level", "words", "answer", "by_id", "at")
        self.offer = Table(
            Offer, "decision_id", "referral_id", "service_id", "verdict", "reasons_for", "answer"
        )
        self.match = Table(PossibleMatch, "referral_id", "candidate_id", "reasons")

    def _of_work(self) -> None:
        self.handover = Table(
            Handover,
            *(*_HELD, "to_team_id", "to_user_id", "from_user_id", "from_team_id"),
            *("agreement", "agreed_by", "agreed_words", "agreed_at", "proposed_at", "answer_due_at"),
            *("accepted_at", "accepted_by_words", "introduced_at", "first_contact_due_at", "completed_at"),
        )
        self.episode = Table(
            Episode,
            *(*_HELD, "level", "holder_id", "holder_team_id", "opened_at", "ended_at"),
            *("end_reason", "end_state"),
        )
        self.contact = Table(
            Contact,
            *("family_id", *_FIRST, "episode_id", "handover_id", "team_id", "by_id", "by_words"),
            *("mode", "outcome", "happens_at", "words", "recorded_at"),
        )
        self.holding = Table(
            Holding,
            *("family_id", "referral_id", "episode_id", "user_id", "team_id", "from_at", "to_at", "why"),
        )

    def _of_standing(self) -> None:
        self.care = Table(
            FamilyCare,
            *("family_id", "area_id", "lead_id", "lead_team_id", "lead_since", "lead_why", "is_open"),
            *("level", "strand", "title", "with_words", "next_contact_at", "next_contact_words"),
            *("clock_at", "clock_words", "clock_urgent", "sort_key"),
        )
        self.sight = Table(
            Sight,
            *("family_id", "team_id", "level", "without", "until", "withheld", "title", "with_words"),
        )
        self.consent = Table(
            Consent,
            *("person_id", "family_id", "purpose", "breadth", "organisation_id", "service_id", "to_words"),
            *("slices", "state", "given_by", "given_as", "how", "words", "at", "recorded_by_id"),
            "recorded_at",
        )
        self.story = Table(Story, "family_id", *_FIRST, "kind", "words", "told_by", "how", "at")
        self.happening = Table(
            Happening,
            *("family_id", "referral_id", "handover_id", "episode_id", "contact_id", "kind"),
            *("from_stage", "to_stage", "headline", "words", "moved_holding", "by_id", "by_words", "at"),
        )
        self.wait = Table(
            Wait,
            *("kind", "family_id", "area_id", "referral_id", "handover_id", "user_id", "team_id", "why"),
            *("urgent", "opened_at", "due_at", "nudged_at", "done_at", "done_by"),
        )
        self.message = Table(
            OutboxMessage,
            *("key", "channel", "address", "subject", "body", "template", "family_id", "area_id", "state"),
            *("created_at", "not_before", "sent_at"),
        )
        self.audit = Table(
            AuditEntry,
            *("at", "user_id", "actor", "organisation_id", "action", "subject", "subject_id", "family_id"),
        )

    def __iter__(self) -> Iterator[Table]:
        return iter([table for table in vars(self).values() if isinstance(table, Table)])
