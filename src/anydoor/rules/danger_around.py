"""Phrases of danger that comes from around somebody: violence at home, serious illness. Data.

The other half is `danger_phrases`, which says how a phrase is written.

Sources
- Violence: NICE PH50; the DASH risk checklist (SafeLives): strangling, weapons, threats to kill, fear,
  pregnancy itself.
- Very ill: NICE NG143 (fever in under 5s) and NHS, "Is your baby or toddler seriously ill?"; RCOG Green-top
  Guideline 57 (reduced fetal movements); NHS, bleeding after birth.
"""

from __future__ import annotations

from anydoor.rules.danger_phrases import GAP, GAP_LONG, Kind, Phrase

_SMALL = (
    r"(?:(?:week|weeks|wk|day|month) old|baby|bby|babby|newborn|infant|he|she|hes|shes|twins?|son"
    r"|daughter|toddler|little one|lo)"
)
_PARTNER = (
    r"(?:he|hes|hed|hell|she|shes|shell|they|theyre|partner|husband|hubby|boyfriend|bf|wife"
    r"|girlfriend|gf|ex|dad"
    r"|father|stepdad|brother|uncle|fiance|fella|bloke|man|inlaws?|in laws?|family)"
)
_PARTNER_AS_OBJECT = (
    r"(?:him|(?:my|her|his|the) (?:partner|husband|boyfriend|bf|wife|girlfriend|gf|ex|dad|father"
    r"|stepdad|family"
    r"|inlaws?|in laws?))"
)


_IN_DANGER = "may be in danger from somebody"
_HITS = (
    r"(?:hit|hits|hitting|punch|punched|punches|punching|slap|slapped|slaps|slapping|beat|beats"
    r"|beating|strangle|strangled"
    r"|strangles|strangling|choke|choked|chokes|choking|throttled|headbutted|grabs|grabbed|shoved"
    r"|pushed|pushes|raped"
    r"|rapes|stabbed|attacked|attacks|assaulted|burnt|burned|hurts|hurting|bit|bites|dragged)"
)
_VIOLENCE = (
    (
        rf"{_PARTNER}{GAP} violent|violent (?:towards?|with|to|partner|relationship|ex|husband"
        r"|boyfriend|father|dad)"
    ),
    (
        rf"{_PARTNER}{GAP} (?:smash(?:es|ed|ing)?|kick(?:s|ed|ing)?|break(?:s|ing)?|broke|punch(?:es|ed)?)"
        r" (?:up )?(?:the |my |our |a )?(?:front |back )?(?:doors?|windows?|house|flat|phone|walls?)"
    ),
    (
        rf"{_PARTNER}{GAP_LONG} {_HITS} (?:me|us|her|mum|mummy|the (?:kids|children))(?! (?:to|at"
        r"|feelings|a|an|some|by surprise) )"
    ),
    (
        r"(?:partner|husband|hubby|boyfriend|bf|wife|girlfriend|gf|ex|dad|father|stepdad"
        rf"|fiance){GAP} kick(?:s|ed|ing)? (?:me|us|her)"
    ),
    r"kick(?:s|ed|ing)? (?:me|her) in the (?:stomach|tummy|belly|head|face|back)",
    (
        rf"(?:was|been|being|got|get|gets|getting) (?:{_HITS}|beaten(?: up)?|kicked|bitten) (?:up )?"
        r"(?:again|last night|tonight|by (?:him|(?:my|her|his|the|a) (?:partner|husband|boyfriend|bf"
        r"|wife|girlfriend"
        r"|gf|ex|dad|father|stepdad|mum|mother|brother|uncle|family|man)))"
    ),
    (
        r"(?:was|were|been|being|got) (?:strangled|choked|raped|stabbed|throttled|beaten up)|beats? (?:me"
        r"|her) up"
    ),
    r"hands? (?:round|around|on) (?:my|her) (?:neck|throat)",
    rf"{_PARTNER}{GAP} (?:kill|stab|hurt|attack|shoot|burn) (?:me|us|her and)",
    rf"{_PARTNER}{GAP} (?:kill|hurt|harm) (?:the |my |our )?(?:baby|kids|children|bump)",
    (
        r"threat(?:s|en|ens|ened|ening)?(?: \w+)? (?:to|with)(?: \w+){0,3} (?:kill|stab|hurt|harm|burn"
        r"|knife|gun|weapon|acid|bat|hammer|take)"
    ),
    (
        r"death threats?|(?:pulled|has|had|got|held|holding|waving|came at me with) (?:a |the )?(?:knife"
        r"|gun|machete)(?! and fork)"
    ),
    r"(?:he|she|they|partner|husband|boyfriend|ex) wants? me dead",
    rf"(?:scared|afraid|frightened|terrified|petrified|fearful) of {_PARTNER_AS_OBJECT}",
    (
        r"(?:scared|afraid|frightened|terrified|worried)(?: that)? (?:he|hell|hes|she|they|my partner"
        r"|my husband|my ex|my boyfriend)"
        r"(?: \w+){0,3} (?:kill|hurt|hit|harm|find|come after|attack|snap)(?! (?:a|the|time|it|out))"
    ),
    (
        r"(?:scared|afraid|frightened|terrified) (?:to (?:go|be|stay) (?:home|at home|alone with)"
        r"|in my own home|for my (?:life|safety))"
    ),
    r"fear(?:s|ing)? for (?:my|her|our|their|his) (?:life|lives|safety)",
    (
        r"(?:not|dont feel|doesnt feel|isnt|arent|never feel|im not|do not feel) safe (?:at home|with him"
        r"|with her|here|in my|in our|in this house|with my)"
    ),
    r"unsafe (?:at home|here|with him|with my)|my life is in danger|in danger from",
    (
        r"domestic (?:violence|abuse)|coercive control|controlling relationship|honou?r based"
        r"|forced marriage|forced to marry"
    ),
    rf"{_PARTNER}{GAP} (?:locks?|locked|locking) (?:me|us) (?:in|up|out|inside)",
    (
        r"(?:wont|doesnt|will not|never|not) let me (?:leave|out|go out|have my phone|have my own"
        r"|see (?:anyone|my (?:family|mum|friends)))"
    ),
    (
        r"(?:forces?|forced|forcing|made|makes) me (?:to )?(?:have sex|sleep with)|raped?"
        r"|sexual(?:ly)? assault(?:ed)?"
    ),
    r"(?:found|finds|find|knows) (?:out )?where (?:i|we) (?:live|am|are|moved|ve moved)",
    r"need to (?:get out|get away|escape|leave)(?: of here)? (?:now|tonight|today|from him|before he)",
)

_BABY_ILL, _SOMEBODY_ILL, _UNBORN = (
    "a baby may be seriously ill",
    "somebody may be seriously ill",
    "an unborn baby may be in trouble",
)
_NOT_FEEDING = (
    r"(?:not|isnt|wont|will not|doesnt|hasnt|refus(?:es|ing|ed)|stopped|hardly|barely"
    r"|too sleepy)(?: been| to| even| had a)?"
    r" (?:feed(?:ing)?|fed|tak(?:e|ing|en) (?:any |her |his |a )?(?:milk|feeds?|bottles?)|drink(?:ing)?)"
    r"(?! (?:her|him|the baby|baby|myself|at night|through|to sleep|solids|from the breast|on demand"
    r"|in public))"
)
_ILL = (
    (
        rf"{_SMALL}{GAP_LONG} (?:floppy|limp|lifeless|unresponsive)|(?:is|gone|very|really|so|all) floppy",
        _BABY_ILL,
    ),
    (r"think (?:my|the|our) (?:baby|bump|bby) (?:is |has |might be |may be )(?:dead|died|dying)", _BABY_ILL),
    (
        (
            r"(?:not|isnt|stopped|stops|barely|hardly|struggl(?:e|es|ing)|cant|cannot|trouble|difficulty"
            r"|difficulties|forgets)"
            r"(?: to| with| in| properly)? (?:breath|breathe|breathing)(?! (?:exercises?|a word|easy|class"
            r"|classes|techniques?))"
        ),
        _BABY_ILL,
    ),
    (
        (
            r"breathing (?:very |really |so )?(?:fast|funny|strange|hard|shallow|noisily)|grunting (?:when"
            r"|with|every)"
        ),
        _BABY_ILL,
    ),
    (
        (
            rf"{_SMALL}(?: (?:has|is|have|are|looks?|lips|skin|face|hands|feet|keeps|gone|going|go|turned"
            r"|turning|went"
            r"|gets?|getting|looking|all|very|really|a bit|quite|so|suddenly))+ (?:blue|grey|floppy|limp"
            r"|lifeless|unresponsive|mottled)"
            r"(?! (?:eyes|eyed|hair|clothes|room|pram|blanket|babygrow))"
        ),
        _BABY_ILL,
    ),
    (r"(?:gone|going|turned|turning|went) (?:all )?(?:blue|floppy|limp)(?! (?:paint|room))", _BABY_ILL),
    (rf"{_SMALL}{GAP} {_NOT_FEEDING}", _BABY_ILL),
    (
        rf"{_NOT_FEEDING}(?= (?:since|for (?:\d+|many|several|over|hours)|all day|all night|at all|today))",
        _BABY_ILL,
    ),
    (
        (
            r"(?:no|hasnt had any|hasnt had a|not had a|not had any|hasnt done a) wet napp(?:y|ies)|napp(?:y"
            r"|ies) (?:is |are )?(?:bone )?dry (?:all|for|since)"
        ),
        _BABY_ILL,
    ),
    (
        (
            rf"{_SMALL}{GAP} (?:wont wake|not waking|cant wake|hard to wake|wont wake up|not responding"
            r"|fitting|had a fit|having a fit|having fits)"
        ),
        _BABY_ILL,
    ),
    (r"cant wake (?:the baby|baby|her|him|my baby)", _BABY_ILL),
    (r"(?:having|had|has|have|having a|had a) (?:seizures?|convulsions?)|(?:a|the) seizure", _BABY_ILL),
    (r"rash(?: \w+){0,5} (?:fade|fading|glass)|(?:bulging|sunken) (?:soft spot|fontanelle?)", _BABY_ILL),
    (r"(?:temp|temperature|fever)(?: \w+){0,3} (?:38|39|40|41|42)", _BABY_ILL),
    (
        (
            r"(?:swallowed|drank|drunk|eaten) (?:a |some |the |my )?(?:\w+ )?(?:battery|batteries|bleach"
            r"|magnets?|antifreeze|tablets|pills)"
        ),
        _BABY_ILL,
    ),
    (
        (
            r"(?:less|reduced|fewer|no|any|decreased) (?:fetal |foetal |baby |babys )?movements?(?= "
            r"|$)(?! (?:class|therapy|of))"
        ),
        _UNBORN,
    ),
    (
        (
            r"(?:baby|bump|bby)(?: has| is| hasnt| isnt| not)* (?:stopped |not |been )?(?:moving|moved|move"
            r"|kicked|kicking) (?:today|since|as much|for|less|all day|at all)"
        ),
        _UNBORN,
    ),
    (
        (
            r"(?:baby|bump|bby) (?:has )?(?:stopped|isnt|is not|not|hasnt) (?:been )?(?:moving|moved|kicking"
            r"|kicked)"
        ),
        _UNBORN,
    ),
    (
        (
            r"(?:cant|cannot|havent|not|have not|hasnt|couldnt) (?:feel|felt)(?: \w+)? (?:the |my "
            r"|her )?(?:baby|bump|any (?:movements?|kicks?))"
        ),
        _UNBORN,
    ),
    (
        (
            r"bleeding (?:very |really |quite |so )?(?:heavily|heavy|a lot|loads|badly|through|everywhere"
            r"|wont stop)|heavy bleeding"
        ),
        _SOMEBODY_ILL,
    ),
    (
        (
            r"ha?emorrhag(?:e|ed|ing)|(?:lost|losing|passing) (?:a lot of|lots of|so much|loads of|too much"
            r"|huge|big|large) (?:blood|clots?)"
        ),
        _SOMEBODY_ILL,
    ),
    (r"soak(?:ed|ing)(?: through)? (?:a |my |the |several |two |\d+ )?(?:maternity )?pads?", _SOMEBODY_ILL),
    (
        (
            r"chest pains?|pains? in (?:my|her|his) chest|unconscious|passed out|collapsed(?! (?:on the sofa"
            r"|into bed|laughing|in bed|onto))"
        ),
        _SOMEBODY_ILL,
    ),
    (
        r"(?:coughing|vomiting|throwing) (?:up )?blood|(?:having|had) (?:a |an )?(?:stroke|heart attack)",
        _SOMEBODY_ILL,
    ),
)

AROUND: tuple[Phrase, ...] = (
    *(Phrase(pattern, Kind.VIOLENCE, _IN_DANGER) for pattern in _VIOLENCE),
    *(Phrase(pattern, Kind.ILL, why) for pattern, why in _ILL),
)
