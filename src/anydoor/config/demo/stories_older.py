"""Stories until the second birthday and a little after."""

from __future__ import annotations

from anydoor.config.demo.story import Story, own

OLDER: tuple[Story, ...] = (
    own(
        "mother",
        "older",
        "mood",
        "pmh",
        "moderate",
        "She is ten months and I thought it would be over by now. I told everyone I was better because "
        "they were so "
        "pleased. I am not better.",
        partner="father",
    ),
    own(
        "mother",
        "older",
        "bond parenting",
        "pir",
        "moderate",
        "He is one and he goes to anyone. Anyone. He does not look back for me. The nursery said it nicely "
        "but they "
        "said it.",
        partner="father",
    ),
    own(
        "father",
        "older",
        "parenting relationship",
        "",
        "mild",
        "I have her four days a week now. I can do nappies and I can do chips. I cannot do the crying at "
        "the door "
        "when her mum goes.",
        marks="apart",
        partner="mother",
    ),
    own(
        "mother",
        "older",
        "crying_sleep mood",
        "pmh",
        "mild",
        "Fourteen months, up five times a night. I have read the books. I have thrown the books. My boss has "
        "noticed.",
        partner="father",
    ),
    own(
        "mother",
        "older",
        "isolation",
        "",
        "",
        "The group I went to has shut and the other one is two buses. I miss the tea more than the singing.",
        doors="web event walk_in phone",
    ),
    own(
        "mother",
        "older",
        "disability early_help",
        "",
        "",
        "He is eighteen months and he is not pointing or saying anything. Everyone tells me boys are slow. "
        "I know "
        "what I see. Who do I ask?",
        partner="father",
    ),
    own(
        "carer",
        "older",
        "parenting mood",
        "pmh",
        "mild",
        "I am Nana and I am Mum now, since the court. She is two in June. I love the bones of her and I am "
        "so tired "
        "and so angry with my own child.",
        marks="grandparent removed",
        doors="phone web",
    ),
    own(
        "mother",
        "older",
        "anxiety relationship",
        "pmh",
        "mild",
        "We want another and I am terrified, of the birth and of how I was after. He does not know how bad "
        "it was. I "
        "hid it well.",
        partner="father",
    ),
    own(
        "mother",
        "older",
        "housing domestic_abuse",
        "",
        "",
        "I have left. We are at my friend's, on her sofa, me and the baby. He has the car. Please only "
        "ring when I "
        "say, I will tell you the times.",
        marks="staying",
        doors="phone walk_in",
    ),
    own(
        "mother",
        "older",
        "english isolation",
        "",
        "",
        "I want to learn English in a class with baby. My husband says later, always later. My friend says "
        "you can "
        "help.",
        language="Bengali",
        partner="father",
        doors="event walk_in web",
    ),
    own(
        "father",
        "older",
        "mood isolation",
        "pmh",
        "mild",
        "I work the fields, early till late, I see him asleep. He calls the dog and not me. My wife said "
        "write to "
        "these people so I am writing.",
        partner="mother",
    ),
    own(
        "mother",
        "older",
        "money",
        "",
        "",
        "I am thirty pounds short every single week since the rent went up. I have sold the pram. What "
        "else is "
        "there?",
        doors="walk_in phone web",
    ),
    own(
        "mother",
        "toddler",
        "bond parenting",
        "pir",
        "moderate",
        "She pulls my hair until it comes out. She is two and a half. She strokes my face after and says "
        "sorry mummy. I had nobody to "
        "show me and I think she has caught it off me.",
    ),
    own(
        "co_parent",
        "older",
        "relationship mood",
        "pmh",
        "mild",
        "I did not carry her and I am the one who fell apart. How do I explain that to anybody?",
        partner="mother",
    ),
    own(
        "mother",
        "older",
        "mood physical_health",
        "pmh",
        "mild",
        "My thyroid is off, my mood is off, the surgery says one and then the other. I would like one "
        "person who "
        "looks at the whole of me.",
        partner="father",
    ),
)
