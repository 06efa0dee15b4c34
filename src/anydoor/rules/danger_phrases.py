"""The phrases behind `danger.find`, as data: what is looked for, of which kind, and why.

A phrase is a regular expression over *plain words*: the text in lower case, without accents, apostrophes
or doubled spaces, each sentence end written as `|` (see `danger.plain_words`). It matches whole words only.
Phrases are chosen to show too much rather than too little, and to leave out everyday idioms that would
bury the rest ("my back is killing me", "the baby kicks me").

Sources of the kinds
- Life: NICE NG225 (self-harm); the tenth question of the Edinburgh Postnatal Depression Scale; MBRRACE-UK,
  "Saving Lives, Improving Mothers' Care" 2015, red flags (new thoughts or acts of violent self-harm,
  persistent expressions of incompetence as a mother or estrangement from the infant).
- Harm to a baby: NICE CG192 (antenatal and postnatal mental health), thoughts of harming the baby.
- Unreal: NHS, "Postpartum psychosis"; MBRRACE-UK red flag (sudden change in mental state).
- Violence and illness: see `danger_around`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a phrase may be about. For the order of a list and the choice of help shown, never a label."""

    LIFE = "life"
    BABY = "baby"
    UNREAL = "unreal"
    VIOLENCE = "violence"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One pattern over plain words. `language` other than "en" still needs a native reader's review."""

    pattern: str
    kind: Kind
    why: str
    language: str = "en"


# --- building blocks --------------------------------------------------------------------------------

_SELF = r"(?:my ?self|mysen|me ?self|her ?self|him ?self|them ?sel(?:f|ves)|your ?self|our ?selves)"
_MORE = r"(?:any ?more(?! than)|ne ?more|any longer|much longer|no more)"
_STOP = r"(?= \||$| any| no more| much longer| like this| living)"
_NOT_WANT = (
    r"(?:(?:dont|doesnt|didnt|do not|does not|not|never|no longer) (?:really |even |just )?wants?(?: to)?)"
)
GAP = r"(?: [^ |]+){0,3}"
GAP_LONG = r"(?: [^ |]+){0,6}"
_MINE = r"(?:(?:my|the|her|his|our|their|your|this|that) )?(?:own |unborn |newborn |little |new )?"
_BABY = (
    rf"{_MINE}(?:baby|bby|babby|babies|bairn|newborn|infant|bump|twins?|toddler|child|children|kids?"
    r"|son|daughter"
    r"|little one|little boy|little girl)"
    r"(?! (?:shower|bottles?|formula|powder|food|monitor|milk|clothes|gate|seat|rattle|groups?|weight"
    r"|blues|bump))"
)
_SOON = (
    r"(?:will|might|could|may|would|am going to|is going to|are going to|going to|want to|wants to|wanted to)"
)


_END, _PLAN, _HARM = "wish to die or end life", "a way or a plan to end life", "self-harm"
_WISH = (
    r"(?:wants?|wanted|wanting|wish(?:es)?|wishing|going|rather|ready|hope|hoping|trying|tried|plan|planning)"
)
_LIFE = (
    (rf"(?:dont|do not|never) think i can (?:do|take|cope with) (?:this|it|life) {_MORE}", _END),
    (rf"(?:dont|cant|do not|cannot|not) (?:see|know) (?:the|a|any) point{_STOP}", _END),
    (
        r"wants? (?:my|her|his) life (?:to end|to be over|over)|want (?:it|everything)(?: all)? to be over",
        _END,
    ),
    (r"(?:feel|feels|feeling|felt) like (?:dying|ending (?:it|things|my life))|sleep for ?ever", _END),
    (
        (
            r"(?:wouldnt|dont|didnt|not|nobody would|no one would|noone would) (?:care|mind|matter|notice)"
            r"(?: \w+)? if (?:i|she|he) (?:die|died|dies|was dead|wasnt here|was gone)"
        ),
        _END,
    ),
    (r"(?:nobody|no one|noone|no 1) would (?:even )?(?:miss|notice) (?:me|if i)", _END),
    (
        rf"(?:cant|cannot|not able to|unable to|dont think i can|couldnt|struggling to) keep {_SELF} safe",
        _HARM,
    ),
    (
        (
            r"(?:scared|afraid|frightened|worried|terrified|trust|know) (?:of |about )?what (?:i|ill|id)"
            r"(?: (?:might|may|could|will|would|am going to))? do(?! (?:for|about|next|with|if))"
        ),
        _HARM,
    ),
    (rf"do something (?:stupid|silly|daft)|do something (?:\w+ )?to {_SELF}", _HARM),
    (
        (
            r"cutting again|(?:cut|cuts|slit|slash|slashed|cutting) (?:on )?(?:my|her|his|their) (?:arms?"
            r"|legs?|wrists?|thighs?)"
        ),
        _HARM,
    ),
    (
        (
            r"(?:sav(?:e|ed|ing)|hoard(?:ed|ing)|stockpil(?:e|ed|ing)|collect(?:ed|ing))(?: up)?(?: my"
            r"| the| some)?"
            r" (?:tablets|pills|meds|medication|paracetamol)|(?:tablets|pills) ready"
        ),
        _PLAN,
    ),
    (r"suicid(?:e|es|al|ality|ally)", _END),
    (r"sewerslide|unaliv(?:e|ed|ing)", _END),
    (rf"kill(?:ing|ed|s)? {_SELF}(?! (?:laughing|with laughter|lifting))", _END),
    (
        (
            r"(?<!\d )(?<!few )(?<!many )(?<!of )(?<!couple )(?<!ten )(?<!in )kms(?! (?:away|from|per"
            r"|an hour))"
        ),
        _END,
    ),
    (r"kys", _END),
    (
        r"end(?:ing)? (?:it all?|everything|(?:my|her|his|their) (?:own )?(?:life|lives|suffering|pain))",
        _END,
    ),
    (rf"{_WISH} (?:to )?end it(?! (?:with|between|early|there|here))", _END),
    (r"(?:think|thinking|thoughts?|thought) (?:of|about) ending (?:it|things)", _END),
    (r"(?:take|takes|taking|took|taken) (?:my|her|his|their) own? ?(?:life|lives)", _END),
    (r"(?:take|takes|taking|took|taken) (?:my|her|his|their) life", _END),
    (
        (
            rf"{_WISH} (?:i could |i would |i (?:just )?|just |to just )?(?:to )?(?:die|be dead|died)"
            r"(?! (?:of|from) (?:embarrassment|shame|laughter|boredom|laughing))"
        ),
        _END,
    ),
    (r"(?:thoughts?|thinking|think|thought) (?:of|about) (?:dying|death|being dead|not being here)", _END),
    (
        r"wish(?:es|ed)? (?:that )?(?:i|she|he|they) (?:was|were|is|am) (?:dead|gone|not here|not alive)",
        _END,
    ),
    (
        (
            r"wish(?:es|ed)? (?:that )?(?:i|she|he|they) (?:wasnt|werent|wouldnt|didnt) (?:here|alive|born"
            r"|wake|exist)"
        ),
        _END,
    ),
    (r"wish(?:es|ed)? (?:that )?(?:id|i had|i was|she had|he had|i were) never (?:been )?born", _END),
    (
        (
            rf"{_NOT_WANT} (?:be here|be alive|be around|exist|wake up|live(?! (?:with|in|at|here|there|near"
            r"|on|by|next"
            r"|alone|apart|together|far|so far|this far|close|somewhere|anywhere)))"
        ),
        _END,
    ),
    (rf"{_NOT_WANT} (?:carry on|go on|keep going){_STOP}", _END),
    (r"(?:hope|pray|wish)(?:s|ing)? (?:that )?i (?:dont|never|do not|didnt|wouldnt) wake(?: up)?", _END),
    (r"(?:sleep|asleep) and (?:not|never) (?:wake|waking)(?: up)?", _END),
    (
        (
            r"(?:no|any|the|a) (?:reason|point|purpose)(?: to| in| for| of)? (?:live|living|life|going on"
            r"|carrying on|be here)"
        ),
        _END,
    ),
    (r"(?:no|any) (?:reason|point) (?:to|in|of) (?:being|be|me being) (?:here|alive)", _END),
    (r"nothing (?:left )?to live for", _END),
    (r"(?:not|isnt|no longer|never|hardly) worth (?:living|being alive|being here)", _END),
    (
        (
            r"(?:tired|sick|fed up) (?:of|with) (?:living(?! (?:with|in|at|on|out|near|here|next|like))"
            r"|being alive|life|existing)"
        ),
        _END,
    ),
    (
        rf"cant (?:live|go on|carry on|keep going|do this|do it|do life|take it|take this)(?: \w+)? {_MORE}",
        _END,
    ),
    (rf"cant (?:live|go on|carry on) like this|cant (?:go on|carry on|keep going){_STOP}", _END),
    (r"cant live with myself", _END),
    (r"(?:only|no other|no|see no) way out", _END),
    (r"better (?:off|of) (?:dead|without me|without them|not being here|not here|if i)", _END),
    (r"better without me", _END),
    (r"wants? (?:it|everything) all to (?:end|stop)|want everything to (?:end|stop)", _END),
    (r"(?:want|wanted|going|wish i could) (?:to )?(?:just )?(?:disappear|stop existing|not exist)", _END),
    (r"self ?harm(?:s|ed|ing)?|self ?injur(?:y|e|ing|ies)|self ?mutilat\w+", _HARM),
    (
        (
            r"(?:harm|harms|harmed|harming|hang|hanging|hung|hanged|drown|drowning|shoot|shooting"
            rf"|stab) {_SELF}"
        ),
        _HARM,
    ),
    (rf"(?:stabbing|poison|poisoning|suffocate|smother|burning|cutting|starving) {_SELF}(?! off)", _HARM),
    (
        (
            rf"(?:hurt|hurting|hurts) {_SELF}(?! (?:at|in|on|falling|when|while|lifting|playing|running"
            r"|slipping|by))"
        ),
        _HARM,
    ),
    (
        (
            rf"(?:cut|cuts) {_SELF}(?! (?:a|an|some|off|shaving|short|on|free|with a kitchen|out|loose|while"
            r"|when))"
        ),
        _HARM,
    ),
    (r"overdos(?:e|es|ed|ing)|(?:an|the|took|take|taken) od|od(?:ed|d)? on", _HARM),
    (
        (
            r"(?:take|taking|took|taken|swallow|swallowed|swallowing) (?:all|loads|too many|lots|a load"
            r"|the whole|a lot|every)"
            rf"{GAP} (?:tablets|pills|paracetamol|meds|medication|medicine|antidepressants|sleepers)"
        ),
        _PLAN,
    ),
    (
        (
            r"(?:jump|jumping|jumped|step|stepping|walk|walking|throw|throwing|run|running)"
            rf"(?: {_SELF})? (?:off|from|in front of|under|out of|into|out in front of|out into)"
            r" (?:a |an |the |that |some )?(?:moving |oncoming |multi ?storey )?"
            r"(?:bridge|roof|building|train|trains|window|car park|cliff|traffic|lorry|bus|car|balcony|sea"
            r"|river|water)"
            r"(?! (?:seat|shop|stop|station))"
        ),
        _PLAN,
    ),
    (
        (
            r"(?:drive|driving|crash|crashing)(?: \w+){0,2} (?:into|off) (?:a|the) (?:wall|tree|bridge|lorry"
            r"|cliff|road|river)"
        ),
        _PLAN,
    ),
    (r"goodbye (?:letters?|notes?)|suicide note|(?:say|saying|said) goodbye to (?:my|the|everyone)", _PLAN),
)

_HARM_TO_BABY = "somebody fears harming a baby or child, or may"
_ACTS = (
    r"(?:hurt|hurting|harm|harming|harmed|kill|killing|killed|smother|smothering|drown|drowning|shake"
    r"|shaking|shook"
    r"|suffocate|suffocating|strangle|strangling|stab|stabbing|poison|poisoning|hit|hitting|slap"
    r"|slapping|slapped"
    r"|burn|burning)"
)
_BABY_HARMED = (
    rf"do something (?:\w+ )?to {_BABY}",
    rf"(?:cant|cannot|not able to|unable to|dont think i can) keep {_BABY} safe",
    rf"(?:drop|dropped|dropping) {_BABY} on purpose",
    r"(?:throw|throwing) (?:him|her|it|them) (?:out of|against|at|down|across)",
    rf"{_ACTS} {_BABY}",
    rf"(?:throw|throwing|threw|thrown) {_BABY}(?= (?:at|against|out of|down|across|on|into|off|in) |$| \|)",
    (
        rf"(?:scared|afraid|frightened|worried|terrified|thoughts?|thought|urges?|images?|think|thinking)"
        rf"(?: that| of| about| to)?(?: (?:i|ill|id|im))?(?: {_SOON})? {_ACTS} (?:him|her|it|them|someone"
        r"|somebody)(?! (?:feelings|back))"
    ),
    rf"(?:feel|feels|felt) like {_ACTS} (?:him|her|it|them)",
    rf"(?:hold|put|holding|putting) (?:a |the )?pillow over {_BABY}?",
    rf"(?:wish|wished|wishing|want|wants) {_BABY} (?:was |were |would |to |is )?(?:dead|die|died)",
    rf"(?:i|ive|she|he|have|has) (?:shook|shaken|dropped on purpose|hit|slapped) {_BABY}",
    rf"(?:might|could|will|going to) (?:snap|lose it|lose control) (?:with|at|and)(?: hurt)? {_BABY}",
    rf"not safe (?:around|with|near|to be (?:around|with|near|left with)) {_BABY}",
    rf"{_BABY} (?:is not|isnt|not|wont be) safe (?:with|around|near) (?:me|him|her|us)",
)

_NOT_THERE = "may be seeing, hearing or believing what is not there"
_UNREAL = (
    r"hear(?:s|ing|d)? (?:the devil|god|satan|demons?|angels?|whisper(?:s|ing))",
    (
        r"(?:head|voices?|mind|brain|something|thoughts) (?:is |are |keeps? |was )?(?:tell|tells"
        r"|telling|told) me to"
    ),
    rf"{_BABY} (?:wants|is trying|trying) to (?:harm|hurt|kill|get) me",
    r"hear(?:s|ing|d)? (?:\w+ )?voices(?! (?:of|from) (?:the )?(?:kids|children|neighbours|next door))",
    r"voices (?:in (?:my|her|his) head|(?:are |keep |that |were )?(?:tell|telling|told|say|saying|said))",
    (
        r"(?:see|seeing|sees|saw) things(?: that| which)? (?:are|arent|is|isnt|not"
        r"|werent) ?(?:not )?(?:there|real)"
    ),
    (
        r"(?:see|seeing|sees|hear|hearing) (?:things|people|stuff)(?: that| which| who)? (?:others"
        r"|other people|nobody|no one)"
    ),
    r"hallucinat(?:e|es|ed|ing|ions?)|delusion(?:s|al)?",
    r"psychosis|psychotic|paranoi(?:a|d)(?! (?:android|about))",
    (
        rf"{_MINE}(?:baby|child|son|daughter) (?:is|was|has been|must be|has|might be) (?:an? |the )?"
        r"(?:evil|devil|demon|possessed|swapped|replaced|cursed|not human|changeling|antichrist)"
    ),
    r"(?:not|isnt) (?:my|her|our) real (?:baby|child|son|daughter)",
    (
        r"(?:out to get|plotting against|spying on|poisoning|conspiring against|reading) (?:me|us|my mind"
        r"|my thoughts|my food)"
    ),
    (
        r"(?:people|they|theyre|neighbours|someone|everyone|government)(?: \w+)? (?:watching|following"
        r"|spying on|tracking|filming) (?:me|us)"
    ),
    (
        r"(?:tv|telly|television|radio|phone) (?:is|keeps|was) (?:talking|speaking|sending"
        r"|telling)(?: \w+)? (?:to )?me"
    ),
    r"messages? (?:for me )?(?:from|in|through|on) the (?:tv|telly|television|radio)(?! licen\w+)",
    (
        r"special powers|chosen by god|(?:god|devil|jesus|satan|angels?|demons?)(?: is| has| are"
        r"| keeps)? (?:telling|told|tells|chosen|chose) (?:me|her|him)"
    ),
    r"(?:dont|doesnt|do not|no longer|no) need (?:to |any |for )?sleep",
    (
        r"(?:havent|hasnt|not|have not|has not|hadnt|didnt|no) (?:slept|sleep)(?: at all)? (?:for"
        r"|in) (?:nearly |almost |over )?"
        r"(?:[3-9]|three|four|five|six|seven) (?:whole )?(?:days|nights)"
    ),
    (
        r"(?:dont|doesnt|not|didnt) (?:recogni[sz]e|know)(?: who)? (?:the|my|her"
        r"|our) (?:own )?baby(?: is)?(?= \||$)"
    ),
)

INSIDE: tuple[Phrase, ...] = (
    *(Phrase(pattern, Kind.LIFE, why) for pattern, why in _LIFE),
    *(Phrase(pattern, Kind.BABY, _HARM_TO_BABY) for pattern in _BABY_HARMED),
    *(Phrase(pattern, Kind.UNREAL, _NOT_THERE) for pattern in _UNREAL),
)
