"""Stories that professionals tell: a midwife, a health visitor, a surgery, a nursery, a charity, a system."""

from __future__ import annotations

from anydoor.config.demo.story import Story, told

ON_PAPER: tuple[Story, ...] = (
    told(
        "midwife",
        "mother",
        "early",
        "mood anxiety",
        "pmh",
        "moderate",
        "Booked at ten weeks. Previous depression after her first, took two years to say so. Whooley yes "
        "to both. "
        "She would like to be seen early this time and agreed to this referral.",
        partner="father",
    ),
    told(
        "midwife",
        "mother",
        "mid",
        "birth_fear",
        "pmh",
        "moderate",
        "Severe fear of birth, has asked for a section since the first visit. Declines classes. Partner "
        "supportive, "
        "works away. Would like to visit the unit when it is quiet.",
        partner="father",
    ),
    told(
        "midwife",
        "mother",
        "mid",
        "housing money",
        "",
        "",
        "Sleeping on her cousin's sofa with a toddler, baby due in the winter. On the council list. Not "
        "eating well. "
        "Warm with her little boy. Knows I am writing.",
        marks="staying",
    ),
    told(
        "midwife",
        "mother",
        "late",
        "isolation english",
        "",
        "",
        "Arrived from Kabul last year with her husband's family. Dari. Bright and quick, learning from "
        "cartoons. "
        "Very alone in the day. Female interpreter please.",
        language="Dari",
        partner="father",
    ),
    told(
        "midwife",
        "mother",
        "late",
        "substance anxiety",
        "pmh",
        "moderate",
        "Uses cannabis to sleep, wants to stop before the birth. Open and worried. Good support from her "
        "nan.",
    ),
    told(
        "midwife",
        "father",
        "late",
        "mood anxiety",
        "pmh",
        "mild",
        "Dad came to the appointment and cried when I asked how he was. Lost his own father in May. Happy "
        "for "
        "somebody to ring him in the evening.",
        partner="mother",
    ),
    told(
        "midwife",
        "mother",
        "late",
        "parenting early_help",
        "",
        "",
        "Young mum, sixteen, living with her own mum. Missed two appointments because of college. Keen, "
        "proud of her "
        "scan picture, would like a nurse of her own.",
        marks="under_20",
    ),
    told(
        "midwife",
        "mother",
        "newborn",
        "feeding",
        "",
        "",
        "Baby lost eleven per cent by day five, now gaining. Mum determined to feed and worn out. Would "
        "value "
        "somebody at home.",
        partner="father",
    ),
    told(
        "midwife",
        "mother",
        "newborn",
        "birth_trauma",
        "pmh",
        "moderate",
        "Emergency section under general after a long labour. She has no memory of the first six hours and "
        "it "
        "troubles her. Asked for a birth reflections visit and more.",
        partner="father",
    ),
    told(
        "health visitor",
        "mother",
        "young",
        "bond mood",
        "pir",
        "moderate",
        "At the six-week review warmth looked low. She says she feels nothing when baby cries. Baby looks "
        "away a "
        "lot. She agreed to the referral and said please be quick.",
        partner="father",
    ),
    told(
        "health visitor",
        "mother",
        "young",
        "mood",
        "pmh",
        "moderate",
        "EPDS 17 at eight weeks, question ten nil. Tearful, not sleeping when baby sleeps. Says she would "
        "talk to "
        "one person. Mother-in-law in the house, please ring mobile.",
        partner="father",
    ),
    told(
        "health visitor",
        "father",
        "young",
        "mood bond",
        "pmh",
        "mild",
        "I asked Dad too. He says he is fine and then that he drives round the block before he comes in. "
        "He would "
        "try something on a Saturday.",
        partner="mother",
    ),
    told(
        "health visitor",
        "mother",
        "young",
        "isolation",
        "",
        "",
        "Lives at the end of a farm track, no car in the day, nearest bus a mile and a half. Lovely with "
        "baby. Has "
        "not spoken with another mother since the birth.",
        partner="father",
    ),
    told(
        "health visitor",
        "mother",
        "young",
        "anxiety crying_sleep",
        "pmh",
        "mild",
        "Baby unsettled, parents doing shifts. Mother checks breathing through the night. GAD-7 was 12. "
        "She would "
        "like to understand it rather than take tablets.",
        partner="father",
    ),
    told(
        "health visitor",
        "mother",
        "older",
        "bond parenting",
        "pir",
        "moderate",
        "One year review. Little one is watchful and does not seek comfort. Mum grew up in several homes. "
        "She "
        "noticed it herself and asked me what she could do.",
        marks="care_leaver",
    ),
    told(
        "health visitor",
        "mother",
        "older",
        "parenting early_help",
        "",
        "",
        "Three children under five, flat is cold, Dad's hours cut. Coping with humour. Would like a group "
        "and help "
        "with forms.",
        partner="father",
    ),
    told(
        "health visitor",
        "carer",
        "young",
        "parenting",
        "",
        "",
        "Great-aunt has taken the baby from hospital under an order. Devoted, sixty-one, needs kit and "
        "company.",
        marks="grandparent",
    ),
    told(
        "GP",
        "mother",
        "early",
        "mood",
        "pmh",
        "moderate",
        "Booked late. Previous postnatal depression, stopped sertraline on her own. Restarted today after "
        "a talk. "
        "Keen for help. Please see and advise.",
        doors="professional email",
    ),
    told(
        "GP",
        "mother",
        "young",
        "mood anxiety",
        "pmh",
        "moderate",
        "PHQ-9 16, no plans or intent. Baby thriving. Would prefer talking to tablets. Works shifts, "
        "mornings best.",
        doors="professional email",
        partner="father",
    ),
    told(
        "GP",
        "father",
        "young",
        "mood",
        "pmh",
        "moderate",
        "Presented with back pain; the pain is low mood since the birth of his son. PHQ-9 14. Surprised "
        "there is "
        "anything for fathers.",
        doors="professional email",
        partner="mother",
    ),
    told(
        "GP",
        "mother",
        "loss",
        "loss",
        "pmh",
        "moderate",
        "Intrauterine death at term seven weeks ago. Wants to talk with somebody outside the hospital. "
        "Husband "
        "silent at home. Please do not send anything about a baby.",
        doors="professional email",
        marks="stillbirth",
        partner="father",
    ),
    told(
        "GP",
        "mother",
        "trying",
        "fertility mood",
        "pmh",
        "mild",
        "Three years of trying, two miscarriages. Waiting for the clinic. Low, not sleeping, still "
        "working. Asks for "
        "counselling.",
        doors="professional email",
        partner="father",
    ),
    told(
        "nursery",
        "mother",
        "older",
        "housing parenting",
        "",
        "",
        "He comes in yesterday's clothes and eats three helpings. Mum is lovely and ashamed. She told us "
        "about the "
        "meter. She said yes to us writing.",
    ),
    told(
        "nursery",
        "father",
        "older",
        "parenting relationship",
        "",
        "",
        "Dad has her in the week now. He asked one of our staff how you plait hair and then how you do all "
        "of it.",
        marks="apart",
        partner="mother",
    ),
    told(
        "charity",
        "mother",
        "young",
        "english isolation",
        "",
        "",
        "We met at the food bank. She has a baby of five months and Tigrinya is her language. She came for "
        "nappies "
        "and stayed two hours to talk.",
        language="Tigrinya",
        doors="professional email",
    ),
    told(
        "charity",
        "mother",
        "young",
        "domestic_abuse mood",
        "pmh",
        "mild",
        "Moved here by our refuge in the summer. Safe now. She startles easily and so does baby. She asks "
        "that no "
        "letter carries her old name.",
        marks="refuge",
        doors="professional email",
    ),
    told(
        "social worker",
        "mother",
        "late",
        "child_removed parenting",
        "pmh",
        "moderate",
        "Pre-birth plan in place. She has worked hard. She asks for somebody on her side who is not there "
        "to judge. "
        "Consent given.",
        marks="removed",
    ),
    told(
        "neonatal nurse",
        "mother",
        "neonatal",
        "neonatal anxiety",
        "pmh",
        "moderate",
        "Thirty-one weeks, home soon. Mum does every care and apologises to us when an alarm goes. "
        "Outreach please, "
        "and somebody for her as well as for him.",
        marks="neonatal",
        partner="father",
    ),
    told(
        "neonatal nurse",
        "father",
        "neonatal",
        "neonatal mood",
        "pmh",
        "mild",
        "Dad visits at night after his shift so that nobody sees him cry. He said I could ask for somebody "
        "to ring.",
        marks="neonatal",
        partner="mother",
    ),
)

FROM_SYSTEMS: tuple[Story, ...] = (
    told(
        "partner",
        "mother",
        "mid",
        "anxiety",
        "pmh",
        "mild",
        "Sent from maternity record. Reason: anxiety in pregnancy, previous loss. Woman has agreed. "
        "Preferred "
        "contact: text, after 3pm.",
        doors="partner",
        partner="father",
    ),
    told(
        "partner",
        "mother",
        "young",
        "isolation",
        "",
        "",
        "Sent from Talking Therapies: below their threshold, would like company and a walk. Happy to be "
        "rung.",
        doors="partner",
    ),
    told(
        "partner",
        "father",
        "young",
        "mood",
        "pmh",
        "mild",
        "Sent from 111 online, mental health option. Father of a baby of ten weeks, low, no risk found at "
        "that call. "
        "Asked for local help.",
        doors="partner",
        partner="mother",
    ),
    told(
        "partner",
        "mother",
        "older",
        "bond",
        "pir",
        "mild",
        "Sent from child health record after the one-year review: parent asks for help with closeness and "
        "play.",
        doors="partner",
    ),
    told(
        "partner",
        "mother",
        "late",
        "money",
        "",
        "",
        "Sent from social prescribing record: benefits check and baby things. Agreed by phone.",
        doors="partner",
    ),
    told(
        "file",
        "mother",
        "young",
        "mood",
        "pmh",
        "mild",
        "From the list of six-week reviews: answered yes to feeling down. Agreed to a call.",
        doors="file",
        partner="father",
    ),
    told(
        "file",
        "mother",
        "mid",
        "anxiety birth_fear",
        "pmh",
        "mild",
        "From the antenatal clinic list: worried about the birth, asked for a call after 20 weeks.",
        doors="file",
        partner="father",
    ),
    told(
        "file",
        "mother",
        "older",
        "childcare money",
        "",
        "",
        "From the two-year-old places list: may qualify, wants help with the form.",
        doors="file",
    ),
)

TOLD: tuple[Story, ...] = ON_PAPER + FROM_SYSTEMS
