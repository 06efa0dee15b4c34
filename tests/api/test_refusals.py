"""What the interface refused is a row of the audit: wrong tokens without who, the rest by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests.api.conftest import Partner
from tests.world import NOW

from anydoor.access.audit import CLOCK
from anydoor.access.models import ApiToken, AuditEntry, Membership
from anydoor.care import receipts

STATUS = "/api/v1/referrals/NFK7Q4H2M"


def refused() -> list[tuple[Any, ...]]:
    rows = AuditEntry.objects.filter(allowed=False).order_by("pk")
    return [(row.actor, row.action, row.subject, row.subject_id, row.family_id, row.why) for row in rows]


def test_a_wrong_token_is_noted_without_who_and_without_what_was_sent(partner: Partner) -> None:
    for header in (
        "",
        "Bearer anydoor_wrong",
        "Bearer anydoor_wrong_again",
        "Basic YTpi",
        "Bearer ",
        "Bearer é",
    ):
        answer = Client(headers={"Authorization": header} if header else {}).get(STATUS)
        assert answer.status_code == 401
    rows = refused()
    where = "at api-v1:referral_status"
    nobody = ("Somebody without a token", "open_interface", "token", None, None)
    assert rows == [(*nobody, f"no_token, {where}"), (*nobody, f"no_such_token, {where}")]
    assert AuditEntry.objects.filter(allowed=False, user__isnull=False).count() == 0


def test_a_token_that_was_ended_is_noted_by_its_number(partner: Partner) -> None:
    token = ApiToken.objects.get()
    receipts.end_token(token=token, by=CLOCK, at=NOW)
    assert partner.ask("NFK7Q4H2M").status_code == 401
    (row,) = refused()
    assert row == (
        "Somebody without a token", "open_interface", "token", token.pk, None,
        "token_ended, at api-v1:referral_status",
    )  # fmt: skip


def test_another_teams_request_is_noted_with_its_family_and_answered_like_a_missing_one(
    partner: Partner,
) -> None:
    referral = partner.world.refer()
    answers = [partner.ask(reference) for reference in (referral.reference, "NFK7Q4H2M")]
    assert [one.status_code for one in answers] in ([404, 404], [404, 422])
    first, *others = refused()
    assert first == (
        partner.world.grace.name, "referral_status",
        "referral", referral.pk, referral.family_id, "own_referral, at api-v1:referral_status",
    )  # fmt: skip
    assert all(row[3:5] == (None, None) and row[5].startswith("not_there") for row in others)


def test_a_token_whose_person_left_its_team(partner: Partner) -> None:
    Membership.objects.filter(user=partner.world.grace).update(ended_on=NOW.date() - timedelta(days=30))
    body = {"area": "norfolk", "story": "I feel low.", "contact": {"value": "07700 900123"}}
    assert partner.send(body).status_code == 403
    (row,) = refused()
    assert row[:4] == (partner.world.grace.name, "receive", "token", ApiToken.objects.get().pk)
    assert row[5] == "not_in_the_team_of_the_token, at api-v1:send_referral (sent)"


def test_what_cannot_be_used_is_no_refusal(partner: Partner) -> None:
    assert partner.send({"area": "norfolk"}).status_code == 422
    assert partner.send("[").status_code == 400
    assert refused() == []


def test_the_command_that_makes_keys_notes_what_it_was_not_allowed(partner: Partner) -> None:
    with pytest.raises(CommandError):
        call_command(
            "token", "create", name="Another", team=partner.world.pairs_team.slug,
            user=partner.world.grace.email,
        )  # fmt: skip
    (row,) = refused()
    assert row[:3] == ("the command line", "receive", "token")
    assert row[5] == "not_in_the_team_of_the_token, at anydoor token"
