"""What families and professionals write, with words of danger and without them."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import danger
from anydoor.rules.danger import PHRASES, PLAIN_SPELLING, Kind

SHOWN: dict[Kind, tuple[str, ...]] = {
    Kind.LIFE: (
        "I dont think i can do this anymore",
        "they would all be better off without me here",
        "I've thought about driving off the road with the baby in the car",
        "sometimes i think everyone wud be better off if i wasnt here",
        "I've been thinking about suicde",
        "I just want it to be over",
        "I don't see the point in living anymore",
        "I dont see the point anymore",
        "I want my life to end",
        "I have plans to end my life",
        "I have cuts on my arms",
        "I am cutting again",
        "I feel like ending my life",
        "im going to end my life tonight",
        "I can't keep myself safe",
        "I'm scared of what I might do",
        "I've got the tablets ready",
        "I have been saving tablets",
        "thinking bout dying",
        "He says he'll kill himself if I leave",
        "My husband is suicidal",
        "Dad has been talking about ending his life",
        "want to sleep forever",
        "i dont wanna exist anymore",
        "i feel like dying",
        "id rather be dead",
        "I wouldn't care if I died",
        "I want to be dead",
        "I want to die",
        "I just wanna die",
        "i want 2 die",
        "Some days I wish I was dead.",
        "I wish I wasn't here",
        "I don't want to be here any more",
        "I DON’T WANT TO BE HERE",
        "dnt wnt 2 b here nemore",
        "dont want to live anymore",
        "I do not want to wake up tomorrow",
        "I hope I don't wake up",
        "I want to go to sleep and never wake up",
        "thinking of ending it all",
        "i cant cope i just want to end it al",
        "I keep thinking about ending it",
        "They'd be better off without me",
        "the baby would be better  off   without me",
        "better of without me",
        "everyone would be better off if I was gone",
        "maybe better off without them all",
        "I feel suicidal",
        "im suisidal",
        "thoughts of sucide",
        "thoughts of suicde most nights",
        "She has expressed suicidal ideation.",
        "I might kill myself",
        "gonna kill my self",
        "i will killll myself",
        "going to kill mysen",
        "kms",
        "honestly kms",
        "he told me to kys",
        "I want to unalive myself",
        "thoughts of self-harm",
        "I have been self harming again",
        "selfharm",
        "I keep hurting myself",
        "I want to hurt myself",
        "I've been cutting myself",
        "I cut myself last night",
        "thinking of harming herself",
        "He tried to hang himself in March",
        "I took an overdose last year",
        "she overdosed in pregnancy",
        "I've taken all my tablets",
        "I have taken too many paracetamol",
        "took an OD when she was 17",
        "I stood on the bridge and thought about jumping. I nearly jumped off the bridge",
        "I think about walking in front of a car",
        "I imagine driving into a wall",
        "There is no point living",
        "no reason to live",
        "I've got nothing to live for",
        "life isn't worth living",
        "I'm tired of living",
        "I can't do this any more",
        "i cant go on",
        "I can't go on like this",
        "I can't take it anymore",
        "I can't see any other way out, it's the only way out",
        "I have written goodbye letters",
        "she has tried to take her own life",
        "take my life",
        "I just want it all to stop",
        "I want to disappear",
        "I'm having thoughts of dying",
        "I keep thinking about death",
        "wish I'd never been born",
        "I’d be better off dead",
        "no thoughts of suicide at present",
    ),
    Kind.BABY: (
        "I feel like I could hurt my baby when he cries",
        "cant keep the baby safe",
        "I'm frightened I will do something to my baby",
        "I drop my baby on purpose",
        "I feel like throwing him out of the window",
        "I'm scared I will hurt my baby",
        "I have thoughts of harming the baby",
        "I keep getting images of hurting her",
        "I am frightened I might hurt him",
        "I nearly shook the baby",
        "I shook my little boy",
        "I felt like shaking her",
        "I wanted to throw the baby out of the window",
        "I feel like smothering him",
        "I put a pillow over the baby",
        "I could kill my baby",
        "scared ill drown the bby in the bath",
        "I'm not safe around my baby",
        "he hit the baby",
        "I slapped my toddler really hard",
        "I wish my baby would die",
        "thoughts about stabbing my newborn",
    ),
    Kind.UNREAL: (
        "my head tells me to jump",
        "I think the baby wants to harm me",
        "I can hear the devil",
        "the neighbours are spying on us",
        "I am hearing voices",
        "She hears voices at night",
        "the voices tell me to do it",
        "voices in my head",
        "I keep seeing things that aren't there",
        "I'm hallucinating",
        "i think i am halucinating",
        "having hallucinations and delusions",
        "my baby is possessed",
        "the baby is evil",
        "This is not my real baby",
        "the baby has been swapped",
        "they are watching me through the phone",
        "people are following me",
        "everyone is out to get me",
        "the television is talking to me",
        "I was chosen by God",
        "God told me to",
        "I don't need to sleep any more",
        "I have not slept for 4 days",
        "history of postpartum psychosis",
        "feeling very paranoid",
    ),
    Kind.VIOLENCE: (
        "he has tried to strangle me",
        "my bf chokes me",
        "He throws things at me and hits me",
        "my partner is violent",
        "He is violent towards me",
        "my ex smashed the door down last night",
        "she is violent",
        "He hit me while I was holding the baby",
        "husband hits me",
        "partner slapped her across the face",
        "he's got a gun",
        "my partner hit me",
        "My husband punched me last night",
        "he strangled me",
        "he put his hands round my throat",
        "hands around my neck",
        "he said he will kill me",
        "he's going to kill me and the kids",
        "my ex threatened to stab me",
        "he threatened me with a knife",
        "I am scared of him",
        "I'm frightened of my partner",
        "im scard of my husband",
        "I'm scared he will hurt me",
        "I don't feel safe at home",
        "not safe here",
        "I'm scared to go home",
        "I fear for my life",
        "he locks me in",
        "he won't let me leave",
        "my boyfriend kicked me in the stomach",
        "being beaten by her husband",
        "domestic abuse",
        "there is domestic violence at home",
        "he raped me",
        "he forces me to have sex",
        "my ex has found out where we live",
        "I need to get out now",
        "his family want to force me. It is a forced marriage",
        "death threats from her ex",
    ),
    Kind.ILL: (
        "baby wont take bottle and is very sleepy",
        "my baby has a fever and is floppy",
        "my 3 week old is not feeding and won't wake",
        "the baby has not fed for 8 hours",
        "I think my baby is dead",
        "my baby is not breathing",
        "baby isn't breathing properly",
        "she stopped breathing",
        "hes struggling to breathe",
        "the baby has gone blue",
        "baby is floppy",
        "baby's lips are blue",
        "my baby went limp",
        "my baby is not feeding",
        "the baby won't feed",
        "she is refusing to feed",
        "baby hasn't fed since last night",
        "he has stopped feeding",
        "baby is not taking milk",
        "no wet nappies since yesterday",
        "the baby won't wake up",
        "I can't wake the baby",
        "he had a seizure",
        "there is a rash that does not fade under a glass",
        "the baby has a temperature of 39.5",
        "baby has stopped moving",
        "I can't feel the baby",
        "reduced fetal movements",
        "the baby has not moved today",
        "I'm bleeding heavily",
        "soaking through pads",
        "I've got chest pain",
        "she collapsed and was unconscious",
        "he swallowed a battery",
    ),
}

SHOWN_IN_OTHER_LANGUAGES: tuple[tuple[str, Kind], ...] = (
    ("Chcę umrzeć", Kind.LIFE),
    ("nie chce mi się żyć", Kind.LIFE),
    ("Myślę, żeby się zabić", Kind.LIFE),
    ("mam myśli samobójcze", Kind.LIFE),
    ("boję się, że skrzywdzę dziecko", Kind.BABY),
    ("Słyszę głosy", Kind.UNREAL),
    ("mąż mnie bije", Kind.VIOLENCE),
    ("dziecko nie oddycha", Kind.ILL),
    ("Noriu mirti", Kind.LIFE),
    ("nebenoriu gyventi", Kind.LIFE),
    ("noriu nusižudyti", Kind.LIFE),
    ("girdžiu balsus", Kind.UNREAL),
    ("vyras mane muša", Kind.VIOLENCE),
    ("kūdikis nekvėpuoja", Kind.ILL),
    ("Vreau să mor", Kind.LIFE),
    ("nu mai vreau să trăiesc", Kind.LIFE),
    ("vreau să mă sinucid", Kind.LIFE),
    ("aud voci", Kind.UNREAL),
    ("soțul mă bate", Kind.VIOLENCE),
    ("bebelușul nu respiră", Kind.ILL),
    ("Quero morrer", Kind.LIFE),
    ("não quero mais viver", Kind.LIFE),
    ("penso em suicídio", Kind.LIFE),
    ("quero matar-me", Kind.LIFE),
    ("ouço vozes", Kind.UNREAL),
    ("ele bate-me", Kind.VIOLENCE),
    ("o bebé não respira", Kind.ILL),
)

LEFT_ALONE = (
    "I was hit by a car in 2019 and still have pain",
    "He hurt his knee",
    "I love her to death",
    "my mum will kill me if I forget the appointment",
    "I've been killing it at work",
    "The school run is murder",
    "I'm bleeding a little after the birth, is that normal",
    "My milk supply stopped",
    "Baby is not sleeping",
    "Baby isn't latching well",
    "the baby is not gaining weight",
    "my baby is moving a lot",
    "baby's nappy was wet",
    "we have no heating",
    "I can't do this week, could we meet next week",
    "I can't do this any more than twice a week",
    "I am sick of living with mould",
    "I'm tired of living in one room",
    "The jump from one to two children",
    "he jumped in the pool",
    "My partner works away and I hate being alone",
    "I am worried about my partner, he is quiet",
    "I need to get away for a weekend",
    "he won't let me help with the shopping",
    "my daughter hits me when she is angry",
    "my toddler hits the baby",
    "I took the baby to the beach, we walked into the sea",
    "I want to stop breastfeeding",
    "I want to go home",
    "I want it to be easier",
    "My old life has ended",
    "I am on antidepressants and take my tablets",
    "I have taken my tablets today",
    "I had a panic attack",
    "My heart races",
    "I was attacked by a dog",
    "My dad died of a heart attack",
    "We need help to cut the grass",
    "I struggle with breathing exercises",
    "Fear of birth",
    "My family is in danger of losing our home",
    "I am paranoid about germs",
    "we've been fighting a lot",
    "I feel guilty",
    "I feel hopeless",
    "he grabbed me a coffee",
    "She pushes me to do better",
    "My mum beats me at scrabble",
    "they pushed me to go home early",
    "the midwife hurt me when she took blood",
    "The doctors pushed me into a c section",
    "",
    "Hello",
    "I would like some help with feeding",
    "I want to skill myself up for work",
    "I missed the deadline for the form",
    "I am dying for a cup of tea",
    "My back is killing me",
    "My feet are killing me since week 30",
    "We had to kill time at the hospital",
    "That cake was to die for",
    "I nearly died of embarrassment",
    "I wanted to die of embarrassment in the waiting room",
    "I was killing myself laughing",
    "I am dead tired",
    "The phone was dead",
    "My grandmother died in April and I miss her",
    "We lost our baby in March",
    "I had a miscarriage and I cannot stop crying",
    "The baby kicks me all night",
    "He kicks me in the ribs, 34 weeks now",
    "It hit me that I am going to be a dad",
    "Nothing prepared me, and then it hit me",
    "He beat me to the door",
    "I cut myself a slice of cake",
    "I hurt myself at the gym",
    "I burnt the dinner",
    "We live 20 kms from Norwich",
    "The clinic is a few kms away",
    "I don't want to be a burden",
    "I don't want to live with his mother",
    "I don't want to live in this flat, it is damp",
    "I don't want to carry on breastfeeding",
    "I can't go on holiday this year",
    "I can't do this form on my phone",
    "At the weekend it all got too loud",
    "I would be better off with a smaller flat",
    "My partner and I ended things in June",
    "We are ending the lease early",
    "I feel low and I cry a lot",
    "I feel anxious all the time and cannot sleep",
    "I can't cope with the crying",
    "I feel like a bad parent",
    "I am not bonding with my baby",
    "I have not slept well for weeks",
    "I hear her voice on the monitor",
    "I love to hear the children's voices",
    "I am seeing the midwife on Monday",
    "We are watching what we eat",
    "Someone is following up my referral",
    "My partner is scared of needles",
    "I am afraid of giving birth",
    "I am scared of the dentist",
    "He is a good man and helps with the nights",
    "We need to get out more",
    "Baby blue is my favourite colour",
    "I think it is the baby blues",
    "We painted the nursery blue",
    "She has blue eyes",
    "The baby feeds well and sleeps well",
    "Is breast feeding group still on Tuesday?",
    "I am not feeding her solids yet",
    "Breathing exercises help me",
    "We threw a baby shower",
    "The baby monitor hit the floor",
    "How do I shake the baby bottle without bubbles",
    "He is teething and has a runny nose",
    "Had my glucose test and it was fine",
    "I take one tablet each morning",
    "Where is the bus to the hub?",
    "I jumped on the bus to the clinic",
    "We walked along the river",
    "My son is at nursery",
    "His temperature is normal",
    "The room is 21 degrees",
    "Can I get help with rent and nappies?",
    "The washing is overdone and so is dinner",
    "Skillsmyself.example is a website",
    "Subside is what the floor did",
    "I am succeeding slowly",
    "The strangler fig is a plant",
    "Please do not leave me a voicemail",
    "My English is not good",
    "Mój syn ma dwa lata",
    "Aš laukiuosi, man 30 savaičių",
    "Mă bate gândul să vin la grup",
    "O meu filho tem dois anos",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SHOWN.items() for text in texts])
def test_words_of_danger_are_shown(kind: Kind, text: str) -> None:
    assert kind in {span.kind for span in danger.find(text)}


@pytest.mark.parametrize(("text", "kind"), SHOWN_IN_OTHER_LANGUAGES)
def test_core_phrases_are_shown_in_four_more_languages(text: str, kind: Kind) -> None:
    assert kind in {span.kind for span in danger.find(text)}


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_everyday_words_are_left_alone(text: str) -> None:
    assert danger.find(text) == ()


def test_the_tables_are_wide_enough() -> None:
    assert sum(map(len, SHOWN.values())) >= 80
    assert len(set(LEFT_ALONE)) == len(LEFT_ALONE) >= 60


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello. I want to die, please ring", "want to die"),
        ("Please. I DON’T   want\nto be here!", "DON’T   want\nto be here"),
        ("👶🏽 im suisidal ok", "suisidal"),
        ("Eh, chcę umrzeć.", "chcę umrzeć"),
        ("I wanna die", "wanna die"),
        ("su\u200bicide", "su\u200bicide"),
    ],
)
def test_the_place_is_where_the_words_stand_as_typed(text: str, words: str) -> None:
    [span] = danger.find(text)
    assert span.words == words == text[span.start : span.end]


def test_a_sentence_end_parts_words() -> None:
    assert danger.find("It is what I want. To die hard is a film.") == ()
    assert danger.find("I do not know where I want to. Live music helps.") == ()


def test_two_kinds_in_one_sentence_are_both_shown() -> None:
    kinds = {
        span.kind for span in danger.find("he will kill me and I want to die and the baby is not breathing")
    }
    assert kinds >= {Kind.VIOLENCE, Kind.LIFE, Kind.ILL}


FRAGMENTS = st.lists(
    st.sampled_from(
        [text for texts in SHOWN.values() for text in texts]
        + list(LEFT_ALONE)
        + ["\n\n", ". ", "👶", "\u202e"]
    )
    | st.text(max_size=12),
    max_size=6,
).map(" ".join)


@given(FRAGMENTS)
def test_places_are_in_order_inside_the_text_and_apart_within_a_kind(text: str) -> None:
    spans = danger.find(text)
    assert all(text[span.start : span.end] == span.words != "" for span in spans)
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    for kind in Kind:
        ends = [(span.start, span.end) for span in spans if span.kind is kind]
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(ends))


DANGEROUS = st.sampled_from([(kind, text) for kind, texts in SHOWN.items() for text in texts])


@given(DANGEROUS, st.sampled_from([str.upper, str.title, str.lower]), st.sampled_from(["\n\n", ". ", "! "]))
def test_case_and_words_around_do_not_hide_danger(
    dangerous: tuple[Kind, str], case: object, sentence_end: str
) -> None:
    kind, text = dangerous
    assert callable(case)
    shouted = case(text) if "kms" not in text else text
    around = f"We moved here in May{sentence_end}{shouted}{sentence_end}Thank you"
    assert kind in {span.kind for span in danger.find(around)}


@given(DANGEROUS)
def test_curly_quotes_and_wide_spaces_do_not_hide_danger(dangerous: tuple[Kind, str]) -> None:
    kind, text = dangerous
    changed = text.replace("'", "\u2019").replace(" ", " \u00a0 ")
    assert kind in {span.kind for span in danger.find(changed)}


def test_each_phrase_says_why_and_each_kind_speaks_five_languages() -> None:
    assert all(phrase.why for phrase in PHRASES)
    spoken = Counter((phrase.kind, phrase.language) for phrase in PHRASES)
    assert all(spoken[kind, language] for kind in Kind for language in ("en", "pl", "lt", "ro", "pt"))
    assert all("native reader" in phrase.why for phrase in PHRASES if phrase.language != "en")


def test_each_phrase_compiles_and_matches_nothing_empty() -> None:
    for phrase in PHRASES:
        assert not re.fullmatch(phrase.pattern, "")
        assert phrase.pattern == phrase.pattern.lower() or "\\" in phrase.pattern


def test_the_spelling_table_is_plain_already() -> None:
    assert all(slip == slip.casefold() and meant for slip, meant in PLAIN_SPELLING.items())
    assert all(slip != meant for slip, meant in PLAIN_SPELLING.items())


def test_long_texts_are_read_through() -> None:
    text = "We moved here in May and I am tired. " * 540 + "I want to die"
    [span] = danger.find(text)
    assert text[span.start :] == "want to die"
    assert danger.find("hurt " * 4000) == ()
    assert danger.find("a" * 20_000) == ()


def test_a_decimal_point_ends_no_sentence() -> None:
    assert "|" not in danger.plain_words("temperature of 39.5 today")[0]
    assert danger.plain_words("I wanna go. Really")[0] == ["i", "want", "to", "go", "|", "really"]
