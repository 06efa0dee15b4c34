"""What the API says of itself, tried against what it does: 200 examples an operation, every default check.

In process, with a partner's token. `schemathesis.toml` says which answers are expected to unusable requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from tests.world import NOW, build

from anydoor.access.audit import CLOCK
from anydoor.care import receipts
from anydoor.config.wsgi import application

EXAMPLES = 200
OPERATIONS = ("POST /api/v1/referrals", "GET /api/v1/referrals/{reference}")


@pytest.fixture
def described(db: None) -> Iterator[Any]:
    """The API as it describes itself, for a partner with a live token."""
    # A server drops stale connections around each request; here that would be the test's own.
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    world = build()
    secret = receipts.make_token(
        name="Therapies' own system", team=world.therapies_team, user=world.grace, by=CLOCK, at=NOW
    )
    read = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    read.sent = {"Authorization": f"Bearer {secret}"}
    yield read
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


# Built here and not by the library's own way of making tests, which asks of pytest what it no longer has.
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_it_does_what_it_says(described: Any, label: str, mode: GenerationMode) -> None:
    operation = {one.ok().label: one.ok() for one in described.get_all_operations()}[label]
    answered = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    def tried(case: schemathesis.Case) -> None:
        answered.append(case.call_and_validate(headers=described.sent).status_code)

    tried()
    assert max(answered) < 500
    assert len(answered) >= (EXAMPLES if mode is GenerationMode.POSITIVE else 50)
    # Wrong requests are also made without a token; right ones never are.
    assert mode is GenerationMode.NEGATIVE or 401 not in answered


def test_every_operation_is_there(described: Any) -> None:
    assert {one.ok().label for one in described.get_all_operations()} == set(OPERATIONS)
