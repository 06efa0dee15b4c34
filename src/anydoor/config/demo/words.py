"""Sentences that workers write: what was agreed, talked about, decided, and how it ended."""

from __future__ import annotations

AGREED = (
    "Yes, that is fine.",
    "Yes, if they have read it I do not have to say it again.",
    "Yes please. Text me before they ring.",
    "If you think it helps, yes. Not the bit about my dad.",
    "Yes. I would rather they knew.",
    "OK, as long as you stay till I have met them.",
    "Yes, tell them everything, it saves me telling it.",
    "Yes, but no letters to the house.",
    "Go on then. What have I got to lose.",
    "Yes, both of us said yes.",
)
WITHOUT = (
    "We could not reach her for three days and the baby is due any day. Sharing keeps them both safer.",
    "He may be at risk and did not answer. The team on call needs to know tonight.",
)
SPOKE = (
    "We talked for twenty minutes. Sleep, food, who is at home. Glad somebody rang.",
    "Told me more of the story. Cried a little, then laughed about the dog.",
    "Short call in the lunch break. Would like one person and not a list.",
    "Went through what could help. Asked for time to think about the group.",
    "Said it out loud for the first time. Wants to go slowly.",
    "We looked at money and nappies first. The rest can wait a week.",
    "Interpreter on the line. Clear about what is wanted and what is not.",
    "Partner joined at the end. They will decide together.",
)
MET: dict[str, tuple[str, ...]] = {
    "pmh": (
        "We looked at the worst hour of the day and what comes before it.",
        "Slept four hours in a row this week. Small and real.",
        "Talked about the birth. We stopped when it was enough.",
        "A hard week. We made the plan for bad nights again and put it on the fridge.",
        "Went outside twice without turning back. Proud of it.",
        "Spoke about their own parents. Said this is the thread.",
        "PHQ-9 is down by four. Says the mornings are lighter.",
        "Tearful, open. Would like {partner} to come next time.",
    ),
    "pir": (
        "We watched two minutes of film together. {baby} looks, and waits. Seen it now.",
        "Floor time. Followed what {baby} did and said it aloud. Both smiled.",
        "Talked about being held, and not being held. Quiet session.",
        "Crying was shorter. Found that humming works better than bouncing.",
        "Said: I felt something. We stayed with that.",
        "Practised handing over without a test in it.",
    ),
    "": (
        "Filled in the form together. It is sent.",
        "Rang the council from the hub. A name and a date now.",
        "Came to the group, stayed for tea, swapped numbers with one other parent.",
        "Went through what is owed. Forty pounds a week more from next month.",
        "Brought a cot and a bag of clothes. Talked on the step.",
        "Walked to the bus together to see how it is done.",
    ),
}
NOT_REACHED = (
    "Rang out. No message left.",
    "Went to voicemail, left nothing as agreed.",
    "Texted at the time they gave. No answer yet.",
    "Knocked. Curtains open, nobody in.",
    "Number rings and stops.",
)
COULD_NOT_COME = (
    "Sent a text: little one has a temperature.",
    "Bus did not come. Booked again.",
    "Shift was changed at the last minute.",
    "Slept at last, the whole house. Rang to say sorry; no need.",
    "Forgot, poor week. We found another day.",
)
MOVED = (
    "I was called to an urgent visit.",
    "Room was double booked.",
    "I was ill.",
    "They asked for a later hour.",
)
ANOTHER_WAY = (
    (
        "another_way",
        "A text with my first name only, and a time. Then a note through the door of the hub group.",
    ),
    ("another_person", "The midwife sees her on Thursday and will ask whether we may ring."),
    ("told_referrer", "Told the surgery that we have not reached them. They will ask at the next visit."),
    ("another_way", "Wrote to the e-mail address instead of ringing."),
)
DECIDED = (
    "You asked for one person to talk to. This team can see you near home.",
    "You said nights are worst. They know about sleep and worry, and there is no long wait.",
    "This is for both of you. You can go together or one at a time.",
    "You want to feel closer to your baby. They work with you two, not on you.",
    "Money first, you said, then the rest. Both can start this week.",
    "You have told this story enough. They will have read it when they ring.",
    "You are not ill, you are on your own. Company is real help.",
    "Because of what happened last time, we would like somebody who knows about it beside you early.",
)
DECIDED_ALONE = (
    "We talked it through and that was what you needed. Ring us again, any time, about anything.",
    "You want to try the group by yourself first. We have told you where and when.",
    "You have your health visitor and your sister. You know where we are.",
)
FOR_RECEIVER = (
    "Please ring after three. Has told it twice already, the story is below.",
    "Warm, quick, tired. Says yes to a home visit.",
    "Partner knows and is glad.",
    "Would like to know your first name before you ring.",
    "Reads better than listens when tired: a short text first.",
    "",
)
INTRODUCED = (
    "A call with three of us. They had read it and said so. You could hear the shoulders come down.",
    "Met at the hub together. I left after ten minutes.",
    "Introduced by video. They are seeing each other on Thursday.",
    "Joint visit at home. The dog liked them.",
)
FIRST_CONTACT = (
    "We met and spoke about what would help most. Next time is booked.",
    "First visit at home. Nobody had to start the story again.",
    "We spoke for half an hour. Agreed how often and where.",
    "Came with the baby. Nervous, stayed the full hour.",
    "Spoke by phone first, as wished. Will come in next week.",
)
DECLINED = {
    "need_milder": "Some worry, and warmth is good. Nothing yet at our level.",
    "need_greater": "More is needed than we can safely offer. Please ask the specialist team.",
    "outside_place": "They live just outside what we cover.",
    "no_capacity": "Our next place is in eleven weeks. That is too long for this family.",
    "with_another": "A colleague team met them on Monday. Two of us would be one too many.",
    "other_need_first": "They have nowhere to live next week. Let us come in when that is settled.",
    "outside_stage": "The baby is past the age we work with.",
}
PUT_BACK = (
    "The first request missed what the health visitor saw on Tuesday. It is added now.",
    "They moved last week and are inside your area.",
    "There is a place free after a cancellation, your lead tells me.",
    "The wish is strong and the alternative is two buses away.",
)
SECOND_LOOK = (
    "All agreed that this fits better, and sooner.",
    "Talked with both teams and with the family. They like the sound of it.",
    "Decided at the meeting: start here, look again in six weeks.",
)
WITHDRAWN = (
    "They thought about it and would rather wait.",
    "They have found somebody by themselves.",
    "She says not now, and may ask again after the summer.",
)
DANGER_DONE = (
    "I rang at once and spoke with them. Not alone tonight. Crisis number saved. I ring at nine.",
    "Spoke for forty minutes. No plan. Agreed that the crisis team calls this afternoon; they have.",
    "Rang the safe number. They are at a friend's house with the children. Police reference taken.",
    "Spoke with her and, with her yes, with her husband. Ambulance not needed. Specialists see her today.",
    "Rang twice, reached him the second time. Tablets are with his mother now. GP at four.",
    "It was about an earlier time. Spoke properly all the same. Safe today, and knows whom to ring.",
)
ENDED = {
    "finished": (
        "We did what you asked for and a bit more. You know the way back.",
        "You said: I sing again. We say goodbye, and the door stays open.",
        "Six visits, as we agreed. You are doing it.",
        "You are sleeping, eating and laughing. That was the plan.",
    ),
    "enough": (
        "You say that is enough for now. Thank you for telling us.",
        "One good talk was what you needed. Ring any time.",
    ),
    "said_no": (
        "You decided this is not for you. That is fine. You can ask again whenever you like.",
        "Not the right moment, you said. We will not chase you.",
    ),
    "not_reached": (
        "We tried to reach you in several ways and could not. Nothing is closed to you: one text is enough.",
    ),
    "other_help": ("You have help from somebody you like already. We leave it with them.",),
    "in_error": ("This request came twice. The other one goes on.",),
}
REOPENED = (
    "They rang: it has come back, and quicker than before.",
    "Health visitor asks us to look again after the one-year review.",
    "They changed their mind about the group and would like to try.",
)
PAUSED = (
    "They asked us to wait until after the scan.",
    "Moving house first. They will be ready then.",
    "Family is over from abroad. After that, please.",
    "Wants to get through the anniversary on their own.",
)
FROM_WORKER = (
    "Good things: the allotment, a brother who comes on Sundays, makes people laugh.",
    "Worried about forms. Likes things shown, not sent.",
    "Wants somebody who knows about loss. Sister lives near.",
    "Keeps lists to stay calm. Bring a plan on one page.",
    "Would rather walk and talk than sit.",
)
FOR_BABY = (
    "{baby} has two people who watch closely, and one of them is very tired.",
    "{baby} hears singing, and then quiet. Comes to life when talked to.",
    "Held a lot, looked at a little. Both would like more of the looking.",
    "{baby} is the calm one here.",
)
NEEDS_FROM_US = (
    "Send a short text, then ring. No long letters.",
    "Speak first, write after: reading is hard work.",
    "Book the interpreter by name, a woman.",
    "Meet where a pram can get in without steps.",
    "Give the day and time in one line.",
    "Face them when you speak, and do not shout.",
)
KEEP_SAFE = (
    "Ring the mobile only. Leave no message.",
    "Do not write to the address.",
    "Ask first whether it is a good moment to talk.",
    "Never speak of this in front of family.",
)
WHY_AMENDED = (
    "Told me on the phone.",
    "From the booking record, checked together.",
    "It was typed wrong.",
    "Asked at the visit.",
)
TASK_DONE = (
    "Done by phone, all well.",
    "Spoke with both. Next date is in the book.",
    "Rang the ward and the surgery. They know.",
)
TAILS = (
    "Please text first, I do not pick up numbers I do not know.",
    "Mornings are best.",
    "I am free when the baby naps, so never.",
    "Sorry for the spelling, one hand.",
    "After six if you can.",
    "You can leave a message.",
    "I have not told anyone else.",
    "Thank you for reading this.",
    "My health visitor said to write.",
    "I saw your poster at the chemist.",
    "A friend gave me this number.",
    "Not Wednesdays.",
    "I would rather it was a woman.",
    "I would rather it was a man, if you have one.",
    "I do not drive.",
)
SURGERIES = {
    "norfolk": "Inkle Bridge Surgery",
    "north-lincolnshire": "Ferry Lane Surgery",
    "north-northamptonshire": "Bell Yard Surgery",
    "cornwall": "Trelissey Lane Surgery",
}
TELLERS = {
    "midwife": "Community midwifery",
    "health visitor": "Health visiting",
    "nursery": "Little Terns nursery",
    "charity": "Saltmarsh food bank",
    "social worker": "Children's services",
    "neonatal nurse": "Neonatal unit",
    "partner": "Maternity record system",
    "file": "List of six-week reviews",
}
