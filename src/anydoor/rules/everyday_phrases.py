"""Everyday words for needs and wishes. Phrases are parted by semicolons; a star stands for any ending."""

from __future__ import annotations

from collections.abc import Mapping

NEEDS: Mapping[str, str] = {
    "mood": (
        "low; feel* low; feel* down; down; sad; crying all the time; cry* all the time; cry* a lot; "
        "can't stop crying; depress*; pnd; baby blues; numb; empty; hopeless; can't cope; not coping; "
        "struggl*; mental health; mood; overwhelm*; exhausted; angry; guilt*; talking therap*"
    ),
    "anxiety": (
        "anxi*; worr*; panic*; scared; frightened; on edge; stress*; intrusive; ocd; nervous; can't "
        "relax; racing thoughts; overthink*; fear*"
    ),
    "trauma": "trauma*; ptsd; flashback*; nightmare*",
    "psychosis": "psychosis; psychotic; voices; hearing things; seeing things; bipolar; mania; manic",
    "bond": (
        "bond*; attach*; don't love; no connection; feel nothing for; close to my baby; connect* with "
        "my baby; connect* with baby; baby massage; massage; play with my baby"
    ),
    "crying_sleep": "won't stop crying; baby cries; colic*; crying baby; sleep*; awake all night; settl*",
    "feeding": "feed*; breast*; bottle*; latch*; milk; formula; wean*",
    "housing": "hous*; evict*; homeless; landlord; rent; damp; mould; nowhere to live; council flat",
    "money": (
        "money; debt*; benefit*; universal credit; bills; food bank; skint; broke; can't afford; "
        "nappies; poor; vouchers; healthy start"
    ),
    "childcare": "childcare; nursery; childminder*; free hours; pre-school; preschool; funded hours",
    "english": "english; esol; language class*; learn* english; interpreter",
    "isolation": (
        "alone; lonely; isolat*; no friends; meet people; meet other*; new here; company; make "
        "friends; group*; stay and play; playgroup*; toddler group*; coffee"
    ),
    "loss": (
        "loss; lost a baby; lost our baby; lost my baby; lost the baby; miscarr*; stillb*; grie*; "
        "bereave*; baby died; died; neonatal death; terminat*; ectopic; molar"
    ),
    "fertility": "ivf; fertility; infertil*; trying for a baby; can't get pregnant; assisted conception",
    "birth_fear": (
        "afraid of birth; scared of birth; scared of giving birth; fear of birth; tokophobia; afraid "
        "of giving birth; fear of giving birth"
    ),
    "birth_trauma": (
        "birth trauma; traumatic birth; bad birth; difficult birth; emergency caesarean; horrible "
        "birth; birth reflections; birth debrief"
    ),
    "neonatal": "neonatal; nicu; premature; preemie; prem; special care; scbu; intensive care",
    "child_removed": (
        "taken into care; child removed; removed; in foster care; social services took; care proceedings"
    ),
    "parenting": "parenting; triple p; behaviour; tantrum*; being a parent; new dad; new mum; course*",
    "relationship": "relationship*; argu*; partner and i; couple*; marriage; falling out; separat*",
    "physical_health": "doctor; gp; midwi*; health visit*; pain; stitches; pelvic; bleeding",
    "early_help": "don't know who to ask; who can help; any help; family hub*; advice",
    "domestic_abuse": (
        "abus*; hits me; hit me; hurts me; controlling; violen*; not safe; unsafe; scared of him; "
        "scared of her; scared of my partner; domestic"
    ),
    "substance": "drink*; alcohol*; drug*; cannabis; addict*; smok*",
    "disability": "disab*; autis*; adhd; wheelchair; send; special needs; down syndrome; down's",
}
ROLES: Mapping[str, str] = {
    "father": "dad; dads; dad's; dads'; father*; daddy; men",
    "mother": "mum; mums; mum's; mother*; mam; mummy",
    "co_parent": "co-parent*; coparent*; other mother; two mums; my wife is pregnant",
    "carer": "grandparent*; grandmother*; grandma; grandad; nan; nanny; kinship; foster*; carer*",
    "young": "young parent*; young mum*; young dad*; teen*; under 20; sixteen; seventeen; fnp",
}
DAYS: tuple[str, ...] = (
    "monday; mondays; mon",
    "tuesday; tuesdays; tues",
    "wednesday; wednesdays; weds",
    "thursday; thursdays; thurs",
    "friday; fridays; fri",
    "saturday; saturdays; sat",
    "sunday; sundays; sun",
)
WAYS: Mapping[str, str] = {
    "online": "online; zoom; app; website; video call",
    "phone": "by phone; on the phone; telephone",
    "text": "by text; text service; texting",
    "home": "at home; home visit*; come to me; come to us",
}
# Words that are not searched for.
LITTLE = (
    "a about after all also am an and any anything are area around as at be because been but by can "
    "class classes could do does find for from get give go going good has have he help her him his "
    "how i i'm im in is it just like local looking make me my near need needs no not of on or our "
    "out place please really service services she so some somebody someone something support that "
    "the their them there they this to too us very want we what when where which who with would you "
    "your "
)
