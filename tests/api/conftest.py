"""A partner system with a token, in the small county."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests.world import NOW, World, build

from anydoor.access.audit import CLOCK
from anydoor.care import receipts


@dataclass
class Partner:
    """Sends and asks, with its token."""

    world: World
    secret: str

    def send(self, body: Any, key: str = "k1", **headers: str) -> Any:
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        sent = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key, **headers}
        return Client(headers={k: v for k, v in sent.items() if v}).post(
            "/api/v1/referrals", data=text, content_type=headers.get("Content-Type", "application/json")
        )

    def ask(self, reference: str) -> Any:
        return Client(headers={"Authorization": f"Bearer {self.secret}"}).get(
            f"/api/v1/referrals/{reference}"
        )


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    world = build()
    secret = receipts.make_token(
        name="Therapies' own system", team=world.therapies_team, user=world.grace, by=CLOCK, at=NOW
    )
    return Partner(world, secret)
