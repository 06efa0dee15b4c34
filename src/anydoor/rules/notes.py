"""What to know beside the offers: gaps and signs that a person must look at, in words; no decision."""

from __future__ import annotations

from anydoor.rules.profile import Profile
from anydoor.rules.stage import StageKind

UNDER_AGE = 16


def notes(profile: Profile) -> tuple[str, ...]:
    """The notes on a need, the weightiest first. Empty where there is nothing to say.

    Somebody under 16 who is or becomes a parent is looked after by more than one service: what the law asks
    of workers is in Working Together to Safeguard Children.
    """
    found = []
    if profile.age is not None and profile.age < UNDER_AGE:
        found.append(
            "This is somebody under 16. Talk with your safeguarding lead today. A person goes with them to "
            "the young people's teams."
        )
    if profile.elsewhere:
        found.append(
            f"We do not know the postcode {profile.outward} in this area. Help may be nearer elsewhere: ask "
            "the person below."
        )
    elif not profile.district_code and profile.outward and len(profile.area_districts) > 1:
        found.append(f"{profile.outward} lies in more than one district. The whole postcode says which.")
    moment = profile.moment
    if moment.kind == StageKind.PREGNANT and moment.is_overdue:
        found.append("The due date has passed. Ask first how they are: nothing is recorded of the birth.")
    return tuple(found)
