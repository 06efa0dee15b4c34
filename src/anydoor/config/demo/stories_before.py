"""Stories from before a baby is born: trying for one, assisted conception, pregnancy."""

from __future__ import annotations

from anydoor.config.demo.story import Story, own

TRYING: tuple[Story, ...] = (
    own(
        "mother",
        "trying",
        "fertility anxiety",
        "pmh",
        "mild",
        "We have been trying for two years. Every month I tell myself not to hope and then I hope. My sister "
        "just had her third and I could not hold him.",
        partner="father",
    ),
    own(
        "father",
        "trying",
        "fertility mood",
        "pmh",
        "mild",
        "Found out it is me, not her. I have told nobody at work. {partner} is being so kind about it that I "
        "go and wash the car.",
        partner="mother",
    ),
    own(
        "mother",
        "ivf",
        "fertility anxiety mood",
        "pmh",
        "moderate",
        "Second round of IVF did not work. The clinic rang while I was on the till at work and I finished my "
        "shift. I have not cried yet and that scares me.",
        partner="father",
    ),
    own(
        "co_parent",
        "ivf",
        "fertility relationship",
        "pmh",
        "mild",
        "My wife is carrying and I am not, so nobody asks me. We have a transfer next month. I count days "
        "on my "
        "phone under the table.",
        partner="mother",
    ),
    own(
        "mother",
        "ivf",
        "fertility isolation",
        "pmh",
        "mild",
        "Doing this on my own with a donor. It is what I want. It is also quiet in here at night and the "
        "injections are fiddly with nobody to hold the torch.",
    ),
    own(
        "mother",
        "trying",
        "fertility loss",
        "pmh",
        "moderate",
        "I was told I may not be able to have another after the operation. Our little one asks for a "
        "brother at "
        "every bedtime. I do not know what to say to her or to me.",
        partner="father",
    ),
    own(
        "father",
        "ivf",
        "fertility",
        "",
        "mild",
        "Is there anybody for blokes going through IVF? Everything is a pink leaflet. I drive her there "
        "and sit "
        "in the car park because they said only one visitor.",
        partner="mother",
    ),
)

EARLY: tuple[Story, ...] = (
    own(
        "mother",
        "early",
        "anxiety mood",
        "pmh",
        "moderate",
        "I am nine weeks and I feel nothing but sick and sad. Everyone says it will pass. It has not "
        "passed and I "
        "am off work now.",
        partner="father",
    ),
    own(
        "mother",
        "early",
        "anxiety loss",
        "pmh",
        "moderate",
        "Pregnant again after losing one last spring. I go to the toilet every hour to check. I have not "
        "told my "
        "mum this time in case I have to un-tell her.",
        partner="father",
    ),
    own(
        "mother",
        "early",
        "early_help housing",
        "",
        "",
        "im 17 and pregnant. my nan knows but not my dad. i sleep at my mates. dont know who i am ment to "
        "see "
        "first??",
        marks="under_20 no_fixed_abode",
        doors="web text messaging",
    ),
    own(
        "mother",
        "early",
        "mood",
        "pmh",
        "moderate",
        "I came off my tablets the day the test was positive because I thought I had to. Now I am not right. "
        "Nobody told me if that was a good idea.",
        partner="father",
    ),
    own(
        "father",
        "early",
        "anxiety",
        "pmh",
        "mild",
        "She is ten weeks. I grew up in care and I keep thinking I will not know how to do it. Is it daft "
        "to ask "
        "now, before there is even a bump?",
        partner="mother",
    ),
    own(
        "mother",
        "early",
        "english isolation",
        "",
        "",
        "I came here in spring, my husband works nights. My English is small. I do not know how is the "
        "doctor for "
        "baby here and I have no woman to ask.",
        language="Romanian",
        partner="father",
    ),
    own(
        "mother",
        "early",
        "anxiety",
        "pmh",
        "mild",
        "I cannot stop looking things up. Cheese, hair dye, my cat. I know it is too much. I clean the same "
        "kitchen three times before bed.",
        partner="father",
    ),
    own(
        "co_parent",
        "early",
        "relationship isolation",
        "",
        "mild",
        "We are two mums. At the booking they asked me if I was her sister. I laughed and then I cried in "
        "the "
        "lift. Who do I talk to about being the other one?",
        partner="mother",
    ),
    own(
        "mother",
        "early",
        "substance anxiety",
        "pmh",
        "moderate",
        "I have been drinking to sleep and now I am pregnant. I have cut right down. Please do not be "
        "cross with "
        "me, I am cross enough.",
    ),
)

MID: tuple[Story, ...] = (
    own(
        "mother",
        "mid",
        "anxiety",
        "pmh",
        "moderate",
        "Since the twenty-week scan I wake at four every night. They said all was fine but the lady went "
        "quiet "
        "for a bit and I cannot forget her face.",
        partner="father",
    ),
    own(
        "mother",
        "mid",
        "birth_fear anxiety",
        "pmh",
        "moderate",
        "I am so frightened of the birth that I skip the classes. Even the word makes my hands go. I would "
        "rather "
        "tell one person than a whole room.",
        partner="father",
        asks_for="One person to talk to, not a group",
    ),
    own(
        "father",
        "mid",
        "mood relationship",
        "pmh",
        "mild",
        "Baby due in the summer. We do not talk any more, we just do lists. I am out on the boats four "
        "nights and "
        "when I get in she is asleep.",
        partner="mother",
    ),
    own(
        "mother",
        "mid",
        "money housing",
        "",
        "",
        "Landlord is selling. We have to be out before the baby comes. I have no deposit and two children "
        "who "
        "share a bed with me already.",
        doors="web phone walk_in",
    ),
    own(
        "mother",
        "mid",
        "mood isolation",
        "pmh",
        "mild",
        "Moved here for his job. Lovely house, no people. The midwife asked was I low and I said no "
        "because the "
        "door was open.",
        partner="father",
    ),
    own(
        "mother",
        "mid",
        "isolation early_help",
        "",
        "",
        "We are stopping on a site near the bypass and post does not find us. I missed a scan because the "
        "letter "
        "went to the old place. Ring me, do not write, and send somebody who will not look down on us.",
        marks="no_fixed_abode traveller",
        doors="phone walk_in event",
        partner="father",
    ),
    own(
        "mother",
        "mid",
        "mood",
        "pmh",
        "moderate",
        "I had it bad with my first and I can feel it coming back, like weather. I want to get in early "
        "this time, "
        "before I am too flat to ring anyone.",
        partner="father",
    ),
    own(
        "mother",
        "mid",
        "parenting early_help",
        "",
        "",
        "I have learning difficulties. I want my baby to stay with me. I want someone to show me things "
        "and not "
        "only write about me.",
        doors="phone walk_in",
        asks_for="Somebody to show me",
    ),
    own(
        "mother",
        "mid",
        "anxiety",
        "pmh",
        "mild",
        "Twins! Everybody says double the joy. I am doing double the worry. They share a placenta so I am "
        "scanned "
        "every two weeks and I hold my breath from one to the next.",
        marks="twins",
        partner="father",
    ),
    own(
        "father",
        "mid",
        "anxiety isolation",
        "pmh",
        "mild",
        "I am a stay at home dad to be. My mates think that is a joke. {partner} earns more so it makes "
        "sense. I "
        "would like to meet one other man doing it.",
        partner="mother",
    ),
    own(
        "mother",
        "mid",
        "trauma anxiety",
        "pmh",
        "moderate",
        "Things were done to me when I was little. I have never told a midwife. Being examined is hard and "
        "I am "
        "dreading labour. I need somebody to know without me saying it five times.",
    ),
    own(
        "mother",
        "mid",
        "mood english",
        "pmh",
        "mild",
        "Jestem w piątym miesiącu i ciągle płaczę. Mąż mówi, że to hormony. Chciałabym porozmawiać po "
        "polsku. "
        "(I am five months and I cry all the time. I would like to speak in Polish.)",
        language="Polish",
        partner="father",
        doors="web text messaging",
    ),
    own(
        "mother",
        "mid",
        "physical_health anxiety",
        "pmh",
        "mild",
        "Being sick twelve times a day still at eighteen weeks. I have lost a stone. I feel like I am "
        "failing at "
        "being pregnant before I have even started.",
        partner="father",
    ),
    own(
        "carer",
        "mid",
        "early_help parenting",
        "",
        "",
        "My daughter is sixteen and pregnant. She will not get out of bed. I am her mum and I am worn out "
        "and "
        "pleased and frightened all at the same time.",
        marks="grandparent",
        doors="phone walk_in web",
    ),
)

LATE: tuple[Story, ...] = (
    own(
        "mother",
        "late",
        "anxiety",
        "pmh",
        "mild",
        "He moves plenty, I know he does, and I still count every kick. I have been to be checked four "
        "times. "
        "They are kind but I see them look at each other.",
        partner="father",
    ),
    own(
        "mother",
        "late",
        "birth_fear birth_trauma",
        "pmh",
        "moderate",
        "Last time I was wheeled off on my own and nobody said what was happening. It is six weeks to go "
        "and I "
        "smell that corridor when I shut my eyes.",
        partner="father",
    ),
    own(
        "father",
        "late",
        "anxiety birth_trauma",
        "pmh",
        "moderate",
        "When {partner} had our first it was all alarms and running, and I was left holding the baby in a "
        "corridor for "
        "an hour. It is happening again in five weeks. I have not told her I dream about it.",
        partner="mother",
    ),
    own(
        "mother",
        "late",
        "bond mood",
        "pir",
        "mild",
        "Everybody talks to the bump. I feel silly and I cannot. What if I do not love her when she comes?",
        partner="father",
    ),
    own(
        "mother",
        "late",
        "money",
        "",
        "",
        "Eight weeks to go and I have nothing. No cot, no pram. I am not on my full hours so the pay is "
        "wrong. I "
        "do not want charity, I want to know what I am owed.",
    ),
    own(
        "mother",
        "late",
        "isolation domestic_abuse",
        "",
        "",
        "I am in a safe house with my little girl and due soon. I do not know a soul here. Please do not "
        "put where "
        "I am on anything.",
        marks="refuge",
        doors="phone walk_in",
    ),
    own(
        "co_parent",
        "late",
        "anxiety",
        "pmh",
        "mild",
        "Our baby is nearly here and I am not on any form. I adopted the role of the calm one and I am not "
        "calm. "
        "{partner} has enough to carry.",
        partner="mother",
    ),
    own(
        "mother",
        "late",
        "anxiety english",
        "pmh",
        "mild",
        "Waxaan rabaa inaan la hadlo haween. My first baby here in England. I need Somali lady for talking "
        "please. "
        "I am not sleeping since Ramadan.",
        language="Somali",
        partner="father",
    ),
    own(
        "mother",
        "late",
        "child_removed anxiety",
        "pmh",
        "moderate",
        "My last two do not live with me. I have done everything they asked this time. I am thirty-three "
        "weeks and "
        "I look at the door every time a car stops.",
        marks="removed",
    ),
    own(
        "mother",
        "late",
        "disability anxiety",
        "",
        "mild",
        "I am deaf. Nobody books the interpreter so my mum signs for me, and there are things I will not "
        "say in "
        "front of my mum. I am due in five weeks.",
        language="British Sign Language",
        partner="father",
        doors="web email text",
    ),
    own(
        "father",
        "late",
        "parenting",
        "",
        "",
        "I am nineteen and going to be a dad. Her mum hates me. I want to be there and do it right, can I "
        "come to "
        "anything?",
        marks="under_20",
        partner="mother",
    ),
    own(
        "mother",
        "late",
        "mood",
        "pmh",
        "mild",
        "I keep crying at adverts. My partner says I am not myself. I packed the bag, unpacked it, packed "
        "it. Is "
        "that just the end of pregnancy or should I see somebody?",
        partner="father",
    ),
)

BEFORE: tuple[Story, ...] = TRYING + EARLY + MID + LATE
