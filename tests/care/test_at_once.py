"""Two people at the same moment: real threads, real transactions, one outcome and one clear sentence."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from tests.world import AGREED, NOW, World

from anydoor.access.audit import VISITOR
from anydoor.access.models import User
from anydoor.care import handover, holding, standing, triage
from anydoor.care.intake import Told, receive
from anydoor.care.models import FamilyCare, Holding, PossibleMatch, Referral
from anydoor.care.triage import Shown
from anydoor.people.models import Person
from anydoor.rules.errors import AnydoorError

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)
Answer = object | Exception


def at_once(*works: Callable[[], object]) -> list[Answer]:
    """Start all together; what each returned or raised, in the order given."""
    gate = Barrier(len(works))

    def one(work: Callable[[], object]) -> Answer:
        try:
            gate.wait()
            return work()
        except (AnydoorError, IntegrityError) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def refusals(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if isinstance(answer, Exception)]


def all_is_well() -> None:
    for care in FamilyCare.objects.select_related("family"):
        assert standing.compare(care.family, at=LATER) == []
    assert not Holding.objects.filter(to_at__isnull=True, user__is_active=False).exists()


def handed_over(world: World) -> handover.Handover:
    referral = world.refer(name="Rosie Thackeray")
    shown = [Shown(world.therapies.pk, "Talking Therapies", "suits", (), (), True)]
    triage.decide(
        referral=referral,
        level="targeted",
        words="One person.",
        answer="yes",
        shown=shown,
        by=world.sunita,
        at=NOW,
    )
    return handover.propose(
        thing=referral, service=world.therapies, agreement=AGREED, words="", by=world.sunita, at=NOW
    ).handover


def test_two_workers_accept_at_once(world: World) -> None:
    row = handed_over(world)
    answers = at_once(
        lambda: handover.accept(handover=row, by=world.grace, at=LATER),
        lambda: handover.accept(handover=row, by=world.jo, at=LATER),
    )
    refused = refusals(answers)
    assert len(refused) == 1
    assert "accepted this at" in str(refused[0])
    all_is_well()


def test_accepting_and_withdrawing_at_once(world: World) -> None:
    row = handed_over(world)
    at_once(
        lambda: handover.accept(handover=row, by=world.grace, at=LATER),
        lambda: handover.withdraw(handover=row, why="She said no.", by=world.sunita, at=LATER),
    )
    row.refresh_from_db()
    assert row.stage == "withdrawn"
    all_is_well()


def test_the_same_form_sent_twice_at_once_is_one_request(world: World) -> None:
    told = Told(story="I feel low.", door="web", contact="07700 900123")
    answers = at_once(
        *(
            lambda: receive(told=told, area=world.area, by=VISITOR, at=NOW, source_ref="web:abc")
            for _ in range(4)
        )
    )
    assert refusals(answers) == []
    assert Referral.objects.count() == 1
    assert sorted(answer.already for answer in answers) == [False, True, True, True]  # type: ignore[union-attr]


def test_one_person_referred_by_two_at_once_is_one_person(world: World) -> None:
    told = Told(
        story="Low.",
        door="file",
        contact="07700 900123",
        name="Ida Holm",
        nhs_number="9990000018",
        born_on=date(1996, 5, 4),
    )
    answers = at_once(
        *(
            lambda n=n: receive(told=told, area=world.area, by=VISITOR, at=NOW, source_ref=f"f:{n}")
            for n in range(3)
        )
    )
    assert refusals(answers) == []
    assert Person.objects.filter(nhs_number="9990000018").count() == 1
    assert Referral.objects.values("family").distinct().count() == 1
    all_is_well()


def test_an_account_that_holds_forty_families_is_closed_while_more_arrive(world: World) -> None:
    for number in range(40):
        world.refer(contact=f"07700 9002{number:02}")

    def arrive(number: int) -> object:
        return world.refer(contact=f"07700 9003{number:02}")

    answers = at_once(
        lambda: holding.close_account(user=world.sunita, by=world.lead, at=LATER),
        *(lambda n=n: arrive(n) for n in range(5)),
    )
    # Whatever the order: either the account is closed and holds nothing, or it is open and nothing moved away
    # half. Requests that lost the race are refused whole and sent again by whoever sent them.
    gone = not User.objects.get(pk=world.sunita.pk).is_active
    assert gone or isinstance(answers[0], Exception)
    open_rows = Holding.objects.filter(to_at__isnull=True)
    assert open_rows.count() == Referral.objects.count() >= 40
    if gone:
        assert not open_rows.filter(user=world.sunita).exists()
    all_is_well()


def test_a_match_decided_by_two_at_once_is_decided_once(world: World) -> None:
    from anydoor.care.joining import decide_match

    world.refer(name="Ida Holm")
    world.refer(name="Ida Holm")
    match = PossibleMatch.objects.get()
    answers = at_once(
        lambda: decide_match(match=match, same=True, by=world.sunita, at=LATER),
        lambda: decide_match(match=match, same=True, by=world.tom, at=LATER),
    )
    assert len(refusals(answers)) == 1
    all_is_well()
