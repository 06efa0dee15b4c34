"""The measures of one kind of anxiety, and others beside them: those whose scoring rules were found.

Structure only. All but two are under copyright, so a service brings its own licensed copy as a pack. Not
here: the Mobility Inventory, whose item count was not read (its mean score is known to `rules.outcomes`), and
instruments that only accredited coders may score.
"""

from __future__ import annotations

from anydoor.rules.instruments.definition import Format, Instrument, Scale
from anydoor.rules.instruments.evidence import Licence, Tag

SCORES = frozenset({Format.ITEM_SCORES})

OCI = Instrument(
    name="OCI",
    version="1",
    title="Obsessive compulsive inventory, distress",
    purpose="Distress from obsessions and compulsions",
    answered_by="adults",
    recall="past month",
    size=42,
    highest=4,
    formats=SCORES,
    licence=Licence("© Foa: obtain permission", Tag.PROBABLE, "pack"),
    source="Foa and others 1998",
)

PDSS = Instrument(
    name="PDSS",
    version="1",
    title="Panic disorder severity scale, self-report (PDSS-SR)",
    purpose="Panic",
    answered_by="adults",
    recall="past week",
    size=7,
    highest=4,
    formats=SCORES,
    licence=Licence("© Shear", Tag.READ, "pack"),
    source="CamCOPS pdss.py",
)

SPIN = Instrument(
    name="SPIN",
    version="1",
    title="Social phobia inventory",
    purpose="Social anxiety",
    answered_by="adults",
    recall="past week",
    size=17,
    highest=4,
    formats=SCORES,
    licence=Licence("© Davidson", Tag.PROBABLE, "pack"),
    source="Connor and others 2000",
)

IES_R = Instrument(
    name="IES-R",
    version="1",
    title="Impact of event scale, revised",
    purpose="Distress after an event; PCL-5 took its place",
    answered_by="adults",
    recall="past 7 days",
    size=22,
    highest=4,
    formats=SCORES,
    licence=Licence("the author declined embedding in software", Tag.READ, "pack"),
    source="CamCOPS iesr.py",
    scales=(
        Scale("avoidance", 8, (5, 7, 8, 11, 12, 13, 17, 22)),
        Scale("intrusion", 7, (1, 2, 3, 6, 9, 16, 20)),
        Scale("arousal", 7, (4, 10, 14, 15, 18, 19, 21)),
    ),
)

HAI = Instrument(
    name="HAI",
    version="1",
    title="Health anxiety inventory, short form, week",
    purpose="Worry about health",
    answered_by="adults",
    recall="past week",
    size=18,
    formats=SCORES,
    licence=Licence("© Salkovskis", Tag.PROBABLE, "pack"),
    source="Salkovskis and others 2002; the first 14 items are often scored alone, which is not done here",
)

PSWQ = Instrument(
    name="PSWQ",
    version="1",
    title="Penn State worry questionnaire",
    purpose="Worry; not used for Talking Therapies outcomes",
    answered_by="adults",
    recall="in general",
    size=16,
    lowest=1,
    highest=5,
    formats=frozenset({Format.ITEM_SCORES, Format.PRINTED_OPTION_INDEX}),
    licence=Licence("public domain, by explicit consent", Tag.READ, "shipped"),
    source="Meyer and others 1990; CamCOPS pswq.py",
    reversed_items=frozenset({1, 3, 8, 10, 11}),
)

WSAS = Instrument(
    name="WSAS",
    version="1",
    title="Work and social adjustment scale",
    purpose="How far a difficulty gets in the way of daily life",
    answered_by="adults",
    recall="now",
    size=5,
    highest=8,
    formats=frozenset({Format.ITEM_SCORES, Format.ITEM_SCORES_OR_NA}),
    licence=Licence("© Marks", Tag.READ, "pack"),
    source="Mundt and others 2002; CamCOPS wsas.py",
    # Not in work: "does not apply" is printed. How to total without it was not read, so there is no total.
    not_applicable={1: None},
)

PBQ = Instrument(
    name="PBQ",
    version="1",
    title="Postpartum bonding questionnaire",
    purpose="The bond with the baby",
    answered_by="mothers",
    recall="recent",
    size=25,
    highest=5,
    formats=frozenset({Format.ITEM_SCORES, Format.PRINTED_OPTION_INDEX}),
    licence=Licence("free, unaltered, no licence needed (RCPsych CR216)", Tag.READ, "free, pack"),
    source="Brockington and others 2006; CamCOPS pbq.py",
    # Printed from always to never. Always scores 0 on these eight items, and 5 on all others.
    reversed_items=frozenset(range(1, 26)) - {1, 4, 8, 9, 11, 16, 22, 25},
    # Harm to the baby. Any answer other than never is looked at by a clinician at once.
    risk_items=(18, 24),
)

ANXIETY_SET: tuple[Instrument, ...] = (OCI, PDSS, SPIN, IES_R, HAI, PSWQ, WSAS, PBQ)
