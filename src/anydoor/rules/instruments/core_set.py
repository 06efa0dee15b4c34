"""The instruments the published strategies and perinatal practice hang most on.

Questions about depression and anxiety, questionnaires of mood, birth trauma and confidence, and the scales
and observations of the bond between parent and baby. Structure and codes; thresholds are in `values`. No
wording here: what may be shipped is in `wording`, the rest comes from a pack a service has a licence for.
"""

from __future__ import annotations

from anydoor.rules.instruments.definition import Format, Instrument, Scale
from anydoor.rules.instruments.evidence import Code, Licence, Tag

SCORES = Format.ITEM_SCORES
TICKED = Format.PRINTED_OPTION_INDEX

PFIZER = Licence(
    "Pfizer: no permission required to reproduce, translate, display or distribute", Tag.READ, "shipped"
)
PHQ_FAMILY = "Kroenke, Spitzer, Williams and colleagues; phqscreeners.com"

WHOOLEY = Instrument(
    name="Whooley",
    version="1",
    title="Two questions to identify depression (Whooley)",
    purpose="Case-finding: one yes asks for a full assessment, EPDS or PHQ-9, or the GP",
    answered_by="a woman or birthing parent; usable with partners, not validated for them",
    recall="past month",
    size=2,
    highest=1,
    printed=(1, 0),  # yes is printed before no
    formats=frozenset({Format.YES_NO, SCORES}),
    licence=Licence(
        "published research questions, reproduced by NICE; no formal licence found", Tag.UNCERTAIN, "shipped"
    ),
    source="Whooley and others 1997; NICE CG192",
    codes=(Code("SNOMED CT", "803351000000106", "score", Tag.READ),),
)

GAD_2 = Instrument(
    name="GAD-2",
    version="1",
    title="Generalised anxiety disorder, two questions (GAD-2)",
    purpose="Anxiety case-finding; the first two items of GAD-7",
    answered_by="adults, mothers and fathers",
    recall="past 2 weeks in this wording; CG192 asks about the past month",
    size=2,
    formats=frozenset({SCORES, TICKED}),
    licence=PFIZER,
    source=f"{PHQ_FAMILY}; NICE CG192",
    codes=(Code("SNOMED CT", "836571000000106", "score (name read truncated)", Tag.UNCERTAIN),),
)

PHQ_2 = Instrument(
    name="PHQ-2",
    version="1",
    title="Patient health questionnaire, two questions (PHQ-2)",
    purpose="Very short look at depression; the first two items of PHQ-9",
    answered_by="adults, mothers and fathers",
    recall="past 2 weeks",
    size=2,
    formats=frozenset({SCORES, TICKED}),
    licence=PFIZER,
    source=f"{PHQ_FAMILY}; PMC2906530",
    codes=(
        Code("LOINC", "55757-9", "panel", Tag.PROBABLE),
        Code("LOINC", "55758-7", "total", Tag.PROBABLE),
        Code("SNOMED CT", "836541000000100", "score", Tag.READ),
    ),
)

_PHQ_9_ITEM_CODES = (
    "44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8",
)  # fmt: skip
PHQ_9 = Instrument(
    name="PHQ-9",
    version="1",
    title="Patient health questionnaire, depression (PHQ-9)",
    purpose="Severity and outcome of depression",
    answered_by="adults, mothers and fathers alike",
    recall="past 2 weeks",
    size=9,
    formats=frozenset({SCORES, TICKED}),
    licence=PFIZER,
    source=PHQ_FAMILY,
    risk_items=(9,),
    missing_rule="one or two missing: an estimate, the mean of the answered times 9, and nothing else",
    unscored=("difficulty",),
    codes=(
        Code("LOINC", "44249-1", "panel", Tag.READ),
        Code("LOINC", "44261-6", "total", Tag.READ),
        Code("LOINC", "69722-7", "difficulty", Tag.PROBABLE),
        Code("SNOMED CT", "720433000", "score", Tag.READ),
        Code("SNOMED CT", "758711000000105", "scale (UK)", Tag.READ),
        *(Code("LOINC", code, f"item {at}", Tag.PROBABLE) for at, code in enumerate(_PHQ_9_ITEM_CODES, 1)),
    ),
)

_GAD_7_ITEM_CODES = ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7")
GAD_7 = Instrument(
    name="GAD-7",
    version="1",
    title="Generalised anxiety disorder questionnaire (GAD-7)",
    purpose="Severity and outcome of anxiety",
    answered_by="adults, mothers and fathers alike",
    recall="past 2 weeks",
    size=7,
    formats=frozenset({SCORES, TICKED}),
    licence=PFIZER,
    source="Spitzer and others 2006; phqscreeners.com; lowest option corrected by Lancet Psychiatry 2021",
    codes=(
        Code("LOINC", "69737-5", "panel", Tag.PROBABLE),
        Code("LOINC", "70274-6", "total", Tag.READ),
        Code("SNOMED CT", "445455005", "score", Tag.READ),
        *(Code("LOINC", code, f"item {at}", Tag.READ) for at, code in enumerate(_GAD_7_ITEM_CODES, 1)),
        *(
            Code("LOINC", code, f"answer worth {score}", Tag.READ if score < 3 else Tag.PROBABLE)
            for score, code in enumerate(("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"))
        ),
    ),
)

EPDS = Instrument(
    name="EPDS",
    version="1",
    title="Edinburgh postnatal depression scale (EPDS)",
    purpose="Perinatal depression; also used with fathers, who have a cut-off of their own",
    answered_by="mothers; fathers and partners by their own table",
    recall="past 7 days",
    size=10,
    formats=frozenset({SCORES, TICKED}),
    licence=Licence(
        "© 1987 Royal College of Psychiatrists: written permission needed to republish", Tag.READ, "pack"
    ),
    source="Cox, Holden and Sagovsky 1987; order of options in CamCOPS epds.py",
    # Items 1, 2 and 4 are printed from least to most; the others from most to least.
    reversed_items=frozenset({3, 5, 6, 7, 8, 9, 10}),
    risk_items=(10,),
    codes=(
        Code("LOINC", "71354-5", "panel", Tag.READ),
        Code("LOINC", "99046-5", "total", Tag.READ),
        Code("SNOMED CT", "450320001", "score", Tag.READ),
    ),
)

CORE_10 = Instrument(
    name="CORE-10",
    version="1",
    title="Clinical outcomes in routine evaluation (CORE-10)",
    purpose="General distress and outcome",
    answered_by="adults",
    recall="past week",
    size=10,
    highest=4,
    formats=frozenset({SCORES, Format.RAW_FREQUENCY}),
    licence=Licence("CORE System Trust: CC BY-ND 4.0; one site says non-commercial", Tag.READ, "free, pack"),
    source="Barkham and others 2013; coresystemtrust.org.uk; CamCOPS core10.py",
    reversed_items=frozenset({2, 3}),
    missing_rule="one missing: an estimate, the mean of the answered times 10, and nothing else",
    risk_items=(6,),
    codes=(Code("SNOMED CT", "718583008", "clinical score, 0 to 40", Tag.READ),),
)

PCL_5 = Instrument(
    name="PCL-5",
    version="1",
    title="PTSD checklist for DSM-5 (PCL-5)",
    purpose="Symptoms after a very stressful experience, birth trauma among them; a month or more after it",
    answered_by="adults",
    recall="past month",
    size=20,
    highest=4,
    look_items=(15, 16),  # anger and taking risks: no risk items by any published rule, worth a look
    formats=frozenset({SCORES, TICKED}),
    licence=Licence("US Government, not copyrighted", Tag.READ, "shipped"),
    source="Weathers and others 2013, National Center for PTSD; comorbidityguidelines.org.au",
)

CITY_BITS = Instrument(
    name="City BiTS",
    version="1",
    title="City birth trauma scale",
    purpose="PTSD after a birth; there is a version for mothers and one for partners",
    answered_by="mothers, partners",
    recall="last week",
    size=29,
    formats=frozenset({SCORES}),
    licence=Licence("CC BY: wording unaltered, logo kept, Ayers 2018 cited", Tag.READ, "free, pack"),
    source="Ayers, Wright and Thornton 2018; rightdecisions.scot.nhs.uk (SIGN 169)",
    # 1 and 2 stressor, yes 1; 25 onset, 26 duration, 27 distress, 28 impairment, 29 another cause.
    ranges={1: (0, 1), 2: (0, 1), **dict.fromkeys(range(25, 30), (0, 2))},
    missing_rule="a missing symptom: no total; the rule needs items 1 to 22 and 26 to 29",
    summed=tuple(range(3, 23)),
)

KPCS = Instrument(
    name="KPCS",
    version="1",
    title="Karitane parenting confidence scale (KPCS)",
    purpose="Confidence of parents of a baby under 12 months",
    answered_by="parents of a baby under 12 months",
    recall="in general",
    size=15,
    formats=frozenset({SCORES, Format.ITEM_SCORES_OR_NA}),
    licence=Licence(
        "free for clinical and research use, unaltered, with full reference", Tag.READ, "free, pack"
    ),
    source="Crncec, Barnett and Matthey 2008; manual at performwell",
    missing_rule='"na" on items 1 and 9 is an answer; any other missing item: no total',
    not_applicable={1: 2, 9: 2},  # 1: the partner feeds; 9: there is no partner
    high_is="better",
)

MORS_SF = Instrument(
    name="MORS-SF",
    version="1",
    title="Mothers' object relations scales, short form (MORS-SF)",
    purpose="How a parent sees the baby: warmth and invasion, never added together",
    answered_by="parents of a baby of a few weeks to about 12 months",
    recall="now",
    size=14,
    highest=5,
    formats=frozenset({Format.SUBSCALE_ITEM_SCORES}),
    licence=Licence("© Oates; download after registration at morscales.org", Tag.READ, "pack"),
    source="Milford and Oates 2009; Bhopal and others 2022 (PMID 35224208)",
    # Which of items 13 and 14 belongs to which scale was not read, so answers come scale by scale.
    scales=(Scale("warmth", 7), Scale("invasion", 7)),
    missing_rule="each scale by itself: one that is whole has its sum though the other is not",
    has_total=False,
)

LEAO = Instrument(
    name="LEAO",
    version="1",
    title="Leeds early attachment observation",
    purpose="Three open questions and two minutes of watching, by a trained practitioner, at 6 to 8 weeks",
    answered_by="a practitioner trained by Leeds Community Healthcare",
    recall="now",
    size=0,
    formats=frozenset(),
    licence=Licence("Leeds Community Healthcare NHS Trust; training and manual needed", Tag.READ, "pack"),
    source="leedscommunityhealthcare.nhs.uk",
    has_total=False,
    unscored=("relationship", "best_thing", "biggest_fear"),
    recorded=("observation", "strengths", "concerns", "action", "local_score"),
)

PROMPTS = Instrument(
    name="PIR prompts",
    version="1",
    title="Three conversation prompts about parent and baby",
    purpose="To start a conversation, see strengths and needs, and offer more; never a score",
    answered_by="a parent or carer, with any trained front-line worker",
    recall="now",
    size=0,
    formats=frozenset(),
    licence=Licence("Crown copyright, Open Government Licence", Tag.PROBABLE, "shipped"),
    source="GOV.UK, practitioner's guide to parent-infant relationships, 21 March 2024",
    has_total=False,
    unscored=("three_words", "most_joy", "biggest_fear"),
    recorded=("strengths", "concerns", "action"),
)

CORE_SET: tuple[Instrument, ...] = (
    WHOOLEY, GAD_2, PHQ_2, PHQ_9, GAD_7, EPDS, CORE_10, PCL_5, CITY_BITS, KPCS, MORS_SF, LEAO, PROMPTS,
)  # fmt: skip
