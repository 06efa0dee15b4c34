"""What to do at once, before any offer: a display, never a label and never a decision.

Sources: signs of psychosis after a birth need a specialist the same day, assessment within 4 hours (NICE
CG192); thoughts of self-harm are talked about in the same contact (CG192 1.6.5). Numbers: 999 and its Silent
Solution (police.uk), NHS 111 with the mental health option (nhs.uk), Samaritans (samaritans.org), the
National Domestic Abuse Helpline (nationaldahelpline.org.uk).
"""

from __future__ import annotations

from typing import NamedTuple

from anydoor.rules.profile import Profile


class Route(NamedTuple):
    """Where to turn, and the number to ring."""

    words: str
    phone: str


class Emergency(NamedTuple):
    """`text` is what to know first; `routes` are in the order to try them."""

    text: str
    routes: tuple[Route, ...]


POLICE = Route("If anyone is in danger now, ring 999 or go to A&E.", "999")
NIGHT_AND_DAY = Route("Ring NHS 111 and choose the mental health option, day or night.", "111")
SAMARITANS = Route("To talk at any hour, ring Samaritans. It is free.", "116 123")
SILENT = Route("If you are in danger, ring 999. If you cannot speak, press 55.", "999")
ABUSE_LINE = Route("Ring the National Domestic Abuse Helpline, day or night. It is free.", "0808 2000 247")

TEXTS = {
    "psychosis_suspected": (
        "This may be a medical emergency. A mental health specialist must see the person today, "
        "within 4 hours. Do not leave them alone."
    ),
    "self_harm": (
        "Somebody may be thinking of harming themselves. Talk about it now, with care. "
        "Do not leave them alone."
    ),
    "abuse": (
        "Somebody may not be safe. Speak to them alone. Leave no message that another could read or hear."
    ),
}


def emergency(profile: Profile, *, crisis_name: str = "", crisis_phone: str = "") -> Emergency | None:
    """What must come before every offer, or None. The area's crisis team is named where there is one."""
    raised = [flag for flag in TEXTS if flag in profile.flags]
    if not raised:
        return None
    local = (Route(f"Ring the {crisis_name or 'local crisis team'}.", crisis_phone),) if crisis_phone else ()
    routes: tuple[Route, ...] = ()
    if "psychosis_suspected" in raised:
        routes += (POLICE, *local, NIGHT_AND_DAY)
    if "self_harm" in raised:
        routes += (POLICE, *local, NIGHT_AND_DAY, SAMARITANS)
    if "abuse" in raised:
        routes += (SILENT, ABUSE_LINE)
    text = " ".join(TEXTS[flag] for flag in raised)
    if "psychosis_suspected" in raised and profile.says_baby:
        text += " Do not leave a baby alone with them."
    return Emergency(text, tuple(dict.fromkeys(routes)))
