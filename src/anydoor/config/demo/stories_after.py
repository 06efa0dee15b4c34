"""Stories with a baby here: the first weeks and the first half year; `AFTER` has the older ones too."""

from __future__ import annotations

from anydoor.config.demo.stories_older import OLDER
from anydoor.config.demo.story import Story, own

NEWBORN: tuple[Story, ...] = (
    own(
        "mother",
        "newborn",
        "feeding mood",
        "pmh",
        "mild",
        "Day nine. {baby} feeds for an hour and screams for an hour. My nipples are in bits and I feel "
        "like a bad "
        "cow. I so wanted this to work.",
        partner="father",
    ),
    own(
        "mother",
        "newborn",
        "anxiety",
        "pmh",
        "moderate",
        "I watch {baby} breathe all night. If I sleep something will happen. I know it is not true and I "
        "still "
        "cannot shut my eyes.",
        partner="father",
    ),
    own(
        "father",
        "newborn",
        "mood anxiety",
        "pmh",
        "mild",
        "Two weeks off and back on the lorries Monday. {partner} cries when I say it. I cry in the cab. I "
        "do not "
        "know which of us to ring about.",
        partner="mother",
    ),
    own(
        "mother",
        "newborn",
        "birth_trauma",
        "pmh",
        "moderate",
        "They kept saying a healthy baby is what matters. I hear the bleeping when I am in the shower. I "
        "want "
        "somebody to tell me what happened, in order.",
        partner="father",
    ),
    own(
        "mother",
        "newborn",
        "isolation money",
        "",
        "",
        "Had {baby} last week. His dad is not in the picture. The lift in my block is out and I am on the "
        "fourth "
        "floor with stitches.",
    ),
    own(
        "mother",
        "newborn",
        "bond",
        "pir",
        "moderate",
        "I look at him and think, whose are you. I do all the things. I smile when the health visitor "
        "comes. I "
        "feel like I am minding him for somebody.",
        partner="father",
    ),
    own(
        "father",
        "newborn",
        "bond parenting",
        "pir",
        "mild",
        "{baby} only settles on her mum. I hold her and she goes stiff as a board and yells. I give her "
        "back. I am "
        "scared to be on my own with my own daughter.",
        partner="mother",
    ),
    own(
        "mother",
        "newborn",
        "feeding anxiety",
        "",
        "mild",
        "Twins, two weeks old, one feeds and one will not. I have a chart on the wall like a train "
        "timetable. When "
        "do people wash?",
        marks="twins",
        partner="father",
    ),
    own(
        "mother",
        "newborn",
        "mood",
        "pmh",
        "mild",
        "Is it baby blues if it is day twelve? I was fine and then the visitors went home.",
        partner="father",
        doors="web text messaging",
    ),
    own(
        "co_parent",
        "newborn",
        "isolation parenting",
        "",
        "mild",
        "{partner} gave birth and I am so proud and I feel spare. The form at the surgery had a line "
        "through the "
        "box I belong in.",
        partner="mother",
    ),
)

YOUNG: tuple[Story, ...] = (
    own(
        "mother",
        "young",
        "mood",
        "pmh",
        "moderate",
        "I am so tired I put the milk in the washing machine. That is the funny bit. The rest is not "
        "funny. I do "
        "not want to get up and there is nobody to say it to.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "mood anxiety",
        "pmh",
        "moderate",
        "Every day is fine until four o'clock. Then it gets dark and I feel it coming in under the door. I "
        "ring my "
        "husband and hang up.",
        partner="father",
    ),
    own(
        "father",
        "young",
        "mood",
        "pmh",
        "moderate",
        "I am a dad of a three month old. Nobody has asked me one thing. I get home, I do my bit, I go in "
        "the shed "
        "and sit. I think I am poorly.",
        partner="mother",
        asks_for="Evenings, one person",
    ),
    own(
        "father",
        "young",
        "bond crying_sleep",
        "pir",
        "moderate",
        "When he screams I feel it in my teeth. I put him down and walk out in the yard. I never shook "
        "him, I never "
        "would, but I want somebody to show me what to do with my hands.",
        partner="mother",
    ),
    own(
        "mother",
        "young",
        "bond mood",
        "pir",
        "moderate",
        "I feel nothing when he cries. I feel nothing when he smiles either and that is worse. My mum says "
        "it comes. "
        "He is four months.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "crying_sleep",
        "",
        "mild",
        "She has slept two hours in a row once since she was born. I know every app. Please a real person.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "isolation",
        "",
        "",
        "I know all the ducks by name. That is my week. I would like to meet somebody who can talk back.",
        doors="web walk_in event",
    ),
    own(
        "mother",
        "young",
        "housing money",
        "",
        "",
        "There is black mould in the baby's room and he has a chest. The council says wait. I have photos. "
        "I just "
        "want somebody to stand next to me.",
        doors="walk_in phone web",
    ),
    own(
        "mother",
        "young",
        "isolation english mood",
        "pmh",
        "mild",
        "Não conheço ninguém aqui. My husband is in the factory six days. My baby has three months and I "
        "speak only "
        "with the television. I read English better than I talk.",
        language="Portuguese",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "anxiety",
        "pmh",
        "moderate",
        "I keep having pictures in my head of dropping her down the stairs. I would never. I sit on my "
        "bottom to go "
        "down now. Am I mad? Please say somebody has heard this before.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "feeding isolation",
        "",
        "mild",
        "Cow's milk thing, they think. Four different formulas. He screams after every one. Health visitor "
        "was "
        "lovely but she has gone on leave.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "relationship mood",
        "pmh",
        "mild",
        "We have split up. {baby} is ten weeks. He has her Saturdays and I sit on the stairs until she is "
        "back.",
        marks="apart",
        partner="father",
    ),
    own(
        "father",
        "young",
        "isolation relationship mood",
        "pmh",
        "mild",
        "We are not together any more. I see {baby} Saturdays and Wednesdays. Everything for parents is on "
        "a Tuesday "
        "morning and says mums on it.",
        marks="apart",
        partner="mother",
    ),
    own(
        "carer",
        "young",
        "parenting money",
        "",
        "",
        "I have my grandson, he is five months. My girl is not well enough. I am fifty-eight and I have "
        "forgotten "
        "all of it and the rules have changed.",
        marks="grandparent",
        doors="phone walk_in web",
    ),
    own(
        "mother",
        "young",
        "mood",
        "pmh",
        "mild",
        "Not sure I should be writing, other people have it worse. I just do not feel like me. I used to "
        "sing.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "mood parenting",
        "pmh",
        "moderate",
        "Three under four and the baby has reflux. I shout. I never used to be a shouter. Yesterday my "
        "eldest put "
        "his hands over his ears before I had even said anything.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "anxiety physical_health",
        "pmh",
        "mild",
        "I tore badly and I am scared to go to the toilet, to lift her, to be touched. It was eleven weeks "
        "ago. I "
        "nod when they ask if I am all right down there.",
        partner="father",
    ),
    own(
        "co_parent",
        "young",
        "mood bond",
        "pmh",
        "mild",
        "We are two dads, {baby} came by a surrogate. People ask who is the real one. I laugh it off. I "
        "lie awake "
        "with it.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "bond parenting",
        "pir",
        "mild",
        "I was in care so I have never seen it done. I read that babies need you to chat. I do not know "
        "what to say "
        "to him. He looks at me like he is waiting.",
        marks="care_leaver",
    ),
    own(
        "mother",
        "young",
        "mood english",
        "pmh",
        "moderate",
        "مرحبا، أنا تعبانة كثير وطفلي صغير. (Hello, I am very tired and my baby is small.) My neighbour "
        "wrote the "
        "English. I need a woman and Arabic.",
        language="Arabic",
        partner="father",
        doors="messaging web text",
    ),
    own(
        "mother",
        "young",
        "isolation childcare",
        "",
        "",
        "I need to go back to work in six weeks and I have no idea about nursery hours or who pays what. I "
        "feel "
        "sick leaving him and sick not earning.",
    ),
    own(
        "father",
        "young",
        "anxiety mood",
        "pmh",
        "mild",
        "I did two tours and I thought that was behind me. Then the baby's monitor crackles at three in "
        "the morning "
        "and I am on the floor.",
        partner="mother",
    ),
    own(
        "mother",
        "young",
        "mood isolation",
        "pmh",
        "mild",
        "We live on the boat. It is lovely and it is small and I have not talked to a grown up since "
        "Thursday apart "
        "from the man at the lock.",
        marks="no_fixed_abode",
        partner="father",
        doors="web text event",
    ),
    own(
        "mother",
        "young",
        "anxiety mood",
        "pmh",
        "mild",
        "I am a nurse so I should know. I asked other mums these same questions last year. I ticked my own "
        "form "
        "wrong so that nobody would ring.",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "crying_sleep relationship",
        "",
        "mild",
        "Twins and a toddler. We take turns to cry. We are not talking much, we hand babies over like "
        "parcels. "
        "Nobody is cross, we are just finished.",
        marks="twins",
        partner="father",
    ),
    own(
        "mother",
        "young",
        "money feeding",
        "",
        "",
        "I have been watering the milk down, only a bit, until payday. I know you are not meant to. I am "
        "ashamed to "
        "ask but he is hungry.",
        doors="walk_in phone text",
    ),
    own(
        "mother",
        "young",
        "mood",
        "pmh",
        "moderate",
        "my son is 8 weeks n i cant stop crying. i dont no whats wrong with me. i got him what i wanted",
        marks="under_20",
        doors="text messaging web",
    ),
    own(
        "father",
        "young",
        "money mood",
        "pmh",
        "mild",
        "Lost my job the week she was born. I do the nights so {partner} can sleep and I fill in forms "
        "with her on "
        "my chest. It is the best and the worst time of my life.",
        partner="mother",
    ),
)

AFTER: tuple[Story, ...] = NEWBORN + YOUNG + OLDER
