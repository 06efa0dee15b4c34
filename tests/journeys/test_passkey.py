"""Sunita adds a passkey to her account, signs out, and is back with one touch and no password."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from tests.journeys.people import Worker
from tests.journeys.visitor import Stage
from tests.world import World

pytestmark = pytest.mark.journey


def test_a_passkey_signs_in_without_a_password(stage: Stage, world: World) -> None:
    world.sunita.set_password("three plain words")
    world.sunita.save()
    sunita = stage.visitor(kind=Worker)
    device = sunita.page.context.new_cdp_session(sunita.page)
    device.send("WebAuthn.enable")
    made = device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )

    sunita.signs_in(world.sunita, "three plain words")
    sunita.opens("/account/")
    sunita.follows("Turn on the second step")
    sunita.follows("Add a passkey")
    sunita.writes(Password="three plain words")
    sunita.presses("Go on")
    sunita.presses("Add a passkey")
    sunita.reads("Recovery codes")
    sunita.opens("/account/second-step/")
    sunita.reads("1 passkey.")
    sunita.follows("Look at your passkeys")
    sunita.reads("Not used yet.")

    sunita.opens("/sign-out/")
    sunita.presses("Sign out")
    sunita.presses("Sign in with a passkey")
    assert sunita.here == "/desk/"
    assert Authenticator.objects.get(type="webauthn").last_used_at

    # a device that was never here opens nothing, and the page says what else there is
    device.send("WebAuthn.clearCredentials", {"authenticatorId": made["authenticatorId"]})
    sunita.opens("/sign-out/")
    sunita.presses("Sign out")
    sunita.page.get_by_role("button", name="Sign in with a passkey").click()
    sunita.page.get_by_text("Your device gave no passkey for this place").wait_for()
    assert sunita.here.startswith("/sign-in/")
