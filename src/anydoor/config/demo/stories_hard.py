"""The hardest stories: loss, neonatal care, a child who lives elsewhere, and words that may mean danger."""

from __future__ import annotations

from anydoor.config.demo.story import Story, own

LOSS: tuple[Story, ...] = (
    own(
        "mother",
        "loss",
        "loss mood",
        "pmh",
        "moderate",
        "We lost our boy at thirty-six weeks. The cot is still up. People cross the road. I want to say "
        "his name to "
        "somebody, it is {baby}.",
        marks="stillbirth named",
        partner="father",
    ),
    own(
        "father",
        "loss",
        "loss",
        "pmh",
        "moderate",
        "I carried the box. Everyone asks how she is. I went back to work after a week because I did not "
        "know what "
        "else a man does.",
        marks="stillbirth",
        partner="mother",
    ),
    own(
        "mother",
        "loss",
        "loss mood",
        "pmh",
        "mild",
        "It was only nine weeks, that is what they say, only. I had already worked out when the leave "
        "would start.",
        marks="miscarriage",
        partner="father",
    ),
    own(
        "mother",
        "loss",
        "loss trauma",
        "pmh",
        "moderate",
        "We had to make the choice at the twenty-week scan. It was the right one and I would give anything "
        "not to "
        "have made it. I cannot tell most people what happened.",
        marks="termination",
        partner="father",
    ),
    own(
        "mother",
        "loss",
        "loss",
        "pmh",
        "moderate",
        "She lived eleven days. I still wake up at feeding times. My milk came and came. Nobody knows what "
        "to write "
        "in a card.",
        marks="neonatal_death",
        partner="father",
    ),
    own(
        "co_parent",
        "loss",
        "loss isolation",
        "pmh",
        "mild",
        "My wife miscarried our third transfer. It was my egg. At work they gave me one day because I am "
        "not the "
        "one who bled.",
        marks="miscarriage",
        partner="mother",
    ),
    own(
        "mother",
        "loss",
        "loss relationship",
        "pmh",
        "mild",
        "Third miscarriage. We have stopped telling people the good news part. He has gone quiet and I "
        "have gone "
        "loud. We need a go-between.",
        marks="miscarriage",
        partner="father",
    ),
    own(
        "father",
        "loss",
        "loss mood",
        "pmh",
        "mild",
        "Our baby died in May. Due date would have been this week. I booked it off and told the lads I was "
        "fishing.",
        marks="stillbirth",
        partner="mother",
    ),
    own(
        "mother",
        "loss",
        "loss mood",
        "pmh",
        "moderate",
        "He was four months and he just did not wake up. The police were kind. Everyone was kind. I do not "
        "want kind, "
        "I want him.",
        marks="death_later",
        partner="father",
    ),
    own(
        "mother",
        "loss",
        "loss english",
        "pmh",
        "moderate",
        "Моя дитина померла до народження. (My baby died before birth.) I am from Ukraine, my husband is "
        "there. I "
        "have one friend here and she is also sad.",
        language="Ukrainian",
        marks="stillbirth",
    ),
)

NEONATAL: tuple[Story, ...] = (
    own(
        "mother",
        "neonatal",
        "neonatal anxiety",
        "pmh",
        "moderate",
        "{baby} came at twenty-nine weeks. I have a baby and I do not have a baby. I sit by the box, I go "
        "home, I "
        "pump, I go back. I jump when the phone goes.",
        marks="neonatal",
        partner="father",
    ),
    own(
        "father",
        "neonatal",
        "neonatal",
        "",
        "mild",
        "Our daughter is in the special care. {partner} is in one ward, {baby} in another and our boy is "
        "at my "
        "mum's. I drive round in a triangle. I have not stopped to think, is that all right?",
        marks="neonatal",
        partner="mother",
    ),
    own(
        "mother",
        "neonatal",
        "neonatal bond",
        "pir",
        "mild",
        "He is home Tuesday. I am meant to be happy. In there somebody always knew what the numbers meant. "
        "At home "
        "it will just be me.",
        marks="neonatal",
        partner="father",
    ),
    own(
        "mother",
        "neonatal",
        "neonatal feeding",
        "",
        "mild",
        "Twins at thirty-three weeks, one came home and one did not yet. I leave one crying wherever I am.",
        marks="neonatal twins",
        partner="father",
    ),
)

AWAY: tuple[Story, ...] = (
    own(
        "mother",
        "older",
        "child_removed mood",
        "pmh",
        "moderate",
        "They took her in the spring. I see her once a fortnight in a room with a fish tank. Everybody was "
        "there "
        "for me when I was pregnant and nobody is now.",
        marks="removed",
    ),
    own(
        "father",
        "older",
        "child_removed",
        "pmh",
        "mild",
        "My lad is with foster carers. I have stopped smoking weed, I go to every contact. Nobody explains "
        "what I "
        "can do so that he comes back.",
        marks="removed",
    ),
    own(
        "mother",
        "young",
        "child_removed loss",
        "pmh",
        "moderate",
        "I was seventeen hours with him and then the lady came. I still have the band off his wrist. I am "
        "eighteen. "
        "I do not sleep.",
        marks="removed under_20",
    ),
    own(
        "mother",
        "young",
        "domestic_abuse housing",
        "",
        "",
        "We are in the refuge, me and the two babies. It is safe and loud. I need things for the little "
        "one and I "
        "need somebody to know I was a teacher before.",
        marks="refuge",
        doors="phone walk_in",
    ),
    own(
        "mother",
        "older",
        "housing",
        "",
        "",
        "Sleeping in the van with my boy since the eviction. We park by the leisure centre for the "
        "showers. He thinks "
        "it is a holiday.",
        marks="no_fixed_abode",
        doors="walk_in text event",
    ),
)

DANGER: tuple[Story, ...] = (
    own(
        "father",
        "young",
        "mood",
        "pmh",
        "severe",
        "Some nights I think they would be better off without me. She is asleep, I am in the car.",
        marks="danger",
        doors="text web messaging",
        partner="mother",
    ),
    own(
        "mother",
        "young",
        "mood anxiety",
        "pmh",
        "severe",
        "I do not want to be here any more. I have written {baby} a letter. I am telling you because I "
        "said I would "
        "tell somebody.",
        marks="danger",
        doors="web text",
        partner="father",
    ),
    own(
        "mother",
        "newborn",
        "psychosis mood",
        "pmh",
        "severe",
        "He is not my baby, they swapped him, I can tell by the eyes. The voices say to keep him out of "
        "the water. "
        "My husband does not believe me.",
        marks="danger",
        doors="web phone",
        partner="father",
    ),
    own(
        "mother",
        "mid",
        "mood",
        "pmh",
        "severe",
        "I have started cutting again. I stopped for six years. I am five months and I hate myself for it.",
        marks="danger",
        doors="web text messaging",
    ),
    own(
        "mother",
        "young",
        "domestic_abuse anxiety",
        "",
        "severe",
        "He said he will kill me if I leave. He put his hands round my throat on Sunday. I am using the "
        "work computer.",
        marks="danger",
        doors="web email",
    ),
    own(
        "father",
        "newborn",
        "mood crying_sleep",
        "pmh",
        "severe",
        "I thought about not being here. Then I thought about throwing the cot. I went outside. Please "
        "ring, I am "
        "scared of my own head.",
        marks="danger",
        doors="web text phone",
        partner="mother",
    ),
    own(
        "mother",
        "older",
        "mood",
        "pmh",
        "severe",
        "I counted the tablets. I put them back. I want to end it and I also want to see her walk. I do "
        "not know who "
        "answers these.",
        marks="danger",
        doors="web messaging text",
        partner="father",
    ),
    own(
        "mother",
        "late",
        "mood anxiety",
        "pmh",
        "severe",
        "I think about suicide when I am in the bath. I would not do it before she is born. After, I do "
        "not know.",
        marks="danger",
        doors="web text",
        partner="father",
    ),
)

HARD: tuple[Story, ...] = LOSS + NEONATAL + AWAY
