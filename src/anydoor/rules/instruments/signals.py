"""Signs that want somebody's eye whatever a score says: shown beside the forms, never ticked, never scored.

Display only. A person sees them, decides and records; nothing is referred, closed or labelled by them. Which
numbers to ring comes from the area's settings; 111 (mental health option) and 999 hold everywhere. A low
score never overrides concern.
"""

from __future__ import annotations

from dataclasses import dataclass

from anydoor.rules.instruments.evidence import Tag

RED, AMBER, SAFEGUARDING = "red", "amber", "safeguarding"
SIGNAL_WORDS = {
    RED: "Urgent",
    AMBER: "Look ahead",
    SAFEGUARDING: "Keeping a child or an adult safe",
}
LOW_SCORE = "A low score never overrides concern. Yours, theirs or a relative’s is reason enough to act."


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign: what is seen, what to do about it, where that was read. `says_baby` speaks of a baby."""

    key: str
    kind: str
    seen: str
    do: str
    source: str
    tag: Tag
    says_baby: bool = False


MBRRACE = "MBRRACE red flags, by way of SIGN 169 and NHS England guidance for the 6 to 8 week check"
SPECIALIST = "Ask senior or specialist perinatal psychiatry to see them urgently."

SIGNALS: tuple[Signal, ...] = (
    Signal(
        "RF1", RED, "A recent, marked change in mental state, or new symptoms.", SPECIALIST, MBRRACE, Tag.READ
    ),
    Signal(
        "RF2",
        RED,
        "New thoughts or acts of violent self-harm.",
        f"{SPECIALIST} Do not leave them alone.",
        MBRRACE,
        Tag.READ,
    ),
    Signal(
        "RF3",
        RED,
        "New and lasting words of being no good as a parent, or of being a stranger to the baby.",
        SPECIALIST,
        MBRRACE,
        Tag.READ,
        says_baby=True,
    ),
    Signal(
        "RF4",
        RED,
        (
            "Signs of psychosis: hearing or seeing what is not there, beliefs that cannot be, mania, great "
            "confusion, swings of mood within hours. Mostly hours to two weeks after a birth."
        ),
        "A psychiatric emergency: specialist assessment within 4 hours. A&E or 999 if anyone is in danger.",
        "NICE CG192; PATH; APP-Network; LSCFT",
        Tag.PROBABLE,
    ),
    Signal(
        "RF5",
        RED,
        "A state that changes fast, guilt or hopelessness about everything, hardly any sleep.",
        "Have them looked at urgently.",
        "East Midlands Alliance; SIGN 169",
        Tag.READ,
    ),
    Signal(
        "RF6",
        RED,
        "An answer above 0 to a question about self-harm, or thoughts of suicide told.",
        (
            "Talk about it in this same contact. See who is with them, arrange help that fits the risk, tell "
            "who else must know, and tell them and the family how to get help."
        ),
        "NICE CG192 1.6.5",
        Tag.READ,
    ),
    Signal(
        "RF7",
        RED,
        "Thoughts or acts of harming the baby, or beliefs about the baby that cannot be.",
        (
            "Speak with a clinician and safeguarding at once. Unwanted thoughts that frighten the parent can "
            "be part of OCD and are not by themselves a safeguarding event: a clinician judges."
        ),
        "house rule; items 18 and 24 of PBQ",
        Tag.PROBABLE,
        says_baby=True,
    ),
    Signal(
        "AF1",
        AMBER,
        (
            "Bipolar disorder, psychosis, postpartum psychosis or severe depression before. Or bipolar "
            "disorder or postpartum psychosis in a parent, brother or sister. Even if well now."
        ),
        "Refer to perinatal mental health in pregnancy, for a plan for the birth.",
        "PATH; NICE CG192",
        Tag.READ,
    ),
    Signal(
        "AF2",
        AMBER,
        "Medicine for mental health stopped suddenly, an admission before, a loss, a child taken into care.",
        "Look more often, and agree who looks.",
        "not read in a source",
        Tag.PROBABLE,
    ),
    Signal(
        "SG1",
        SAFEGUARDING,
        (
            "Domestic abuse, drugs or alcohol, signs of neglect, a child not yet born at risk, a pregnancy "
            "hidden or booked late, a parent under 18, a baby not brought, an injury in a baby who cannot "
            "move."
        ),
        "Follow the local partnership’s procedures and Working Together; refer before birth where it fits.",
        "Working Together 2026; North Yorkshire partnership, second hand",
        Tag.PROBABLE,
        says_baby=True,
    ),
    Signal(
        "SG2",
        SAFEGUARDING,
        "A parent under 18 who is seriously unwell.",
        "Perinatal, young people’s mental health and children’s social care plan together.",
        "PATH",
        Tag.READ,
    ),
)


def shown(*, says_baby: bool) -> tuple[Signal, ...]:
    """Those to show; after a loss the ones that speak of a baby stay away from a page about the parent."""
    return tuple(signal for signal in SIGNALS if says_baby or not signal.says_baby)


def routes(crisis_name: str, crisis_phone: str) -> tuple[tuple[str, str], ...]:
    """Where to turn: words and the number to ring, the area's own team before those that hold everywhere."""
    own = ((crisis_name or "The local crisis team", crisis_phone),) if crisis_phone else ()
    return (
        ("If life is at risk, or anyone is not safe right now", "999"),
        *own,
        ("NHS 111, mental health option, day or night", "111"),
    )
