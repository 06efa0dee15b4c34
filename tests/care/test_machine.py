"""Ten thousand steps of the verbs at random, and proof that the walk finds a planted fault."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.care.machine import CareMachine

from anydoor.care import handover

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.walk]
WALKS = int(os.environ.get("ANYDOOR_WALKS", "130"))
STEPS = 100


def walking(walks: int) -> settings:
    return settings(
        max_examples=walks,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize="ANYDOOR_WALKS" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def test_ten_thousand_steps_leave_nobody_without_a_holder() -> None:
    CareMachine.begin()
    CareMachine.steps_walked = 0
    run_state_machine_as_test(CareMachine, settings=walking(WALKS))
    assert CareMachine.steps_walked >= 10_000 * WALKS / 130


def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letting go on acceptance instead of on the first contact: the mistake most systems make."""
    kind = handover.accept

    def lets_go_too_early(**facts: object) -> object:
        row = kind(**facts)
        from anydoor.care.models import Holding

        Holding.objects.filter(referral=row.referral, to_at__isnull=True).update(to_at=row.accepted_at)
        return row

    monkeypatch.setattr(handover, "accept", lets_go_too_early)
    CareMachine.begin()
    quick = settings(walking(WALKS), phases=[Phase.generate])
    with pytest.raises(Exception, match=r"state\.accepts"):
        run_state_machine_as_test(CareMachine, settings=quick)
