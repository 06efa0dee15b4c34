"""Core phrases of danger in Polish, Lithuanian, Romanian and Portuguese: data beside `danger_phrases`.

These are the languages most spoken after English in the counties of the example areas (Census 2021). They
were written without a native reader, so each is marked as needing one before it is relied on; the screens
must not promise that danger is noticed in these languages. Patterns are over plain words: accents are gone
(`życ` is `zyc`), hyphens part words (`matar-me` is `matar me`).
"""

from __future__ import annotations

from anydoor.rules.danger_phrases import Kind, Phrase

WHY = "core phrase, needs review by a native reader"

_CORE: dict[str, dict[Kind, tuple[str, ...]]] = {
    "pl": {
        Kind.LIFE: (
            r"chce umrzec|chcialabym umrzec|chcialbym umrzec|wolalabym nie zyc|wolalbym nie zyc",
            r"nie chce (?:mi sie )?(?:juz )?zyc|nie mam po co zyc",
            r"sie zabic|zabic sie|zabije sie|sie zabije",
            (
                r"samoboj(?:stwo|stwa|cze|czych)|odebrac sobie zycie|okaleczam sie|samookalecz\w+"
                r"|skrzywdzic siebie"
            ),
        ),
        Kind.BABY: (
            r"(?:skrzywdze|skrzywdzic|zabic|zabije|uderzyc|potrzasnac) (?:moje |moim )?dzieck(?:o|iem|a)",
        ),
        Kind.UNREAL: (r"slysze glosy",),
        Kind.VIOLENCE: (
            r"mnie bije|bije mnie|(?:dusi|dusil) mnie|grozi ze mnie zabije",
            r"boje sie (?:meza|partnera|o zycie)",
        ),
        Kind.ILL: (r"(?:dziecko|niemowle) nie oddycha|nie oddycha",),
    },
    "lt": {
        Kind.LIFE: (
            r"noriu mirti|nenoriu (?:daugiau )?gyventi|nebenoriu gyventi",
            r"nusizud(?:yti|ysiu)|savizud(?:ybe|ybes|ybei)|zaloju save|zaloti save|save zaloti",
        ),
        Kind.BABY: (r"(?:nuzudyti|suzaloti|sumusti) (?:savo )?(?:vaika|kudiki)",),
        Kind.UNREAL: (r"girdziu balsus",),
        Kind.VIOLENCE: (r"mane musa|musa mane|grasina (?:mane )?nuzudyti|smaugia mane|mane smaugia",),
        Kind.ILL: (r"(?:kudikis|vaikas) nekvepuoja|nekvepuoja",),
    },
    "ro": {
        Kind.LIFE: (
            r"vreau sa mor(?! de (?:ras|rusine))|nu mai vreau sa traiesc|nu vreau sa (?:mai )?traiesc",
            (
                r"(?:sa|vreau sa|o sa) ma (?:omor|sinucid)|ma sinucid|sinucider(?:e|ea|ii)|sa imi iau viata"
                r"|sa mi iau viata|imi fac rau singura?"
            ),
        ),
        Kind.BABY: (
            r"(?:sa|o sa) (?:imi |mi )?(?:omor|ranesc|lovesc) (?:copilul|bebelusul)",
            r"sa ii fac rau (?:copilului|bebelusului)",
        ),
        Kind.UNREAL: (r"aud voci",),
        Kind.VIOLENCE: (
            r"ma bate(?! gandul| la cap)|ma loveste|ma strange de gat|ma ameninta ca ma omoara",
            r"mi e frica de (?:sotul|partenerul|el)",
        ),
        Kind.ILL: (r"(?:copilul|bebelusul) nu (?:mai )?respira",),
    },
    "pt": {
        Kind.LIFE: (
            r"quero morrer|queria morrer|nao quero (?:mais )?viver|nao quero viver mais",
            (
                r"(?:vou|quero) (?:me matar|matar me)|suicidi(?:o|a)|suicidar(?: me)?"
                r"|tirar a (?:minha )?(?:propria )?vida"
                r"|acabar com a (?:minha )?vida|magoar me a mim|me cortar|cortar me de proposito"
            ),
        ),
        Kind.BABY: (
            (
                r"(?:magoar|machucar|matar|bater|sacudir)(?: o| a| no| na| ao)?(?: meu| minha)? (?:bebe|filho"
                r"|filha)"
            ),
        ),
        Kind.UNREAL: (r"(?:ouco|oico|escuto) vozes",),
        Kind.VIOLENCE: (
            r"(?:ele|marido|companheiro) (?:me bate|bate me|bateu me|me bateu)|ameaca(?:ou)? matar me",
            r"ameaca(?:ou)? (?:me )?matar|medo do meu (?:marido|companheiro|parceiro)",
        ),
        Kind.ILL: (r"(?:bebe|filho|filha) nao (?:esta a )?respira(?:r)?",),
    },
}

OTHER_LANGUAGES: tuple[Phrase, ...] = tuple(
    Phrase(pattern, kind, WHY, language)
    for language, kinds in _CORE.items()
    for kind, patterns in kinds.items()
    for pattern in patterns
)
