"""The exact words of the instruments whose words may be shipped.

Each was taken from a named published copy and read again, letter by letter, against a second one; the tests
hold the second reading and a checksum. Nothing else is shipped: for every other instrument a service loads a
pack it has a licence for, or a practitioner enters item scores from paper. "Not at all" is the lowest option
of the whole PHQ family; the circulating "not at all sure" is an error.

Words of an instrument are never changed, shortened or made easier: it would be another instrument.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from anydoor.rules.instruments.anxiety_set import PSWQ
from anydoor.rules.instruments.core_set import GAD_2, GAD_7, PCL_5, PHQ_2, PHQ_9, PROMPTS, WHOOLEY


@dataclass(frozen=True, slots=True)
class Extra:
    """A question that is asked and kept, and never scored."""

    name: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one version of an instrument, in one language.

    stem      what stands above the items, as printed; empty where nothing does
    items     in printed order
    options   in printed order, the same for each item; "" where only the ends have words; none for free text
    copy      the published copy they were taken from; `second` the one they were read against
    credit    what must be shown beside them
    own_options   the options of each item, where they differ from item to item; `options` is then empty
    order     the numbers of the items as printed, where scales stand apart and their items are mixed
    """

    of: str
    language: str
    stem: str
    items: tuple[str, ...]
    options: tuple[str, ...]
    copy: str
    second: str
    credit: str
    extras: tuple[Extra, ...] = ()
    own_options: tuple[tuple[str, ...], ...] = ()
    order: tuple[int, ...] = ()

    def options_of(self, item: int) -> tuple[str, ...]:
        """The options of the item with this number, as printed."""
        return self.own_options[item - 1] if self.own_options else self.options

    def checksum(self) -> str:
        """SHA-256 of every word in order: what a stored measure keeps to say what was shown."""
        words = [self.of, self.language, self.stem, *self.items, *self.options]
        words += [word for options in self.own_options for word in options]
        words += [str(number) for number in self.order]
        for extra in self.extras:
            words += [extra.name, extra.text, *extra.options]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()


_PFIZER = (
    "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an "
    "educational grant from Pfizer Inc. "
    "No permission required to reproduce, translate, display or distribute."
)
_PHQ_STEM = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
_PHQ_OPTIONS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
_CAMCOPS = "CamCOPS, camcops_server/extra_strings/{}.xml (Department of Psychiatry, University of Cambridge)"

_PHQ_9_ITEMS = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so "
        "fidgety or restless that you have been moving around a lot more than usual"
    ),
    "Thoughts that you would be better off dead or of hurting yourself in some way",
)
_GAD_7_ITEMS = (
    "Feeling nervous, anxious or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid as if something awful might happen",
)
_PHQ_9_SECOND = "Central Medical Centre, Morden (centralmedicalcentre-morden.nhs.uk/form/phq-9)"
_GAD_7_SECOND = (
    "openEHR-EHR-OBSERVATION.gad_7.v0 (Apperta Foundation) for items 1 to 4, LOINC answer list LL358-3 for "
    "items 5 to 7"
)


def _of_phq_family(
    of: str, items: tuple[str, ...], file: str, second: str, extras: tuple[Extra, ...] = ()
) -> Wording:
    return Wording(
        of=of,
        language="en",
        stem=_PHQ_STEM,
        items=items,
        options=_PHQ_OPTIONS,
        extras=extras,
        copy=_CAMCOPS.format(file),
        second=second,
        credit=_PFIZER,
    )


_WORDINGS = (
    _of_phq_family(
        PHQ_9.key,
        _PHQ_9_ITEMS,
        "phq9",
        _PHQ_9_SECOND,
        extras=(
            Extra(
                "difficulty",
                "If you checked off any problems, how difficult have these problems made it for you to do "
                "your work, take care of things at home, or get along with other people?",
                ("Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"),
            ),
        ),
    ),
    _of_phq_family(PHQ_2.key, _PHQ_9_ITEMS[:2], "phq9", _PHQ_9_SECOND),
    _of_phq_family(GAD_7.key, _GAD_7_ITEMS, "gad7", _GAD_7_SECOND),
    _of_phq_family(GAD_2.key, _GAD_7_ITEMS[:2], "gad7", _GAD_7_SECOND),
    Wording(
        of=WHOOLEY.key,
        language="en",
        stem="",
        items=(
            "During the past month, have you often been bothered by feeling down, depressed or hopeless?",
            (
                "During the past month, have you often been bothered by having little interest or pleasure "
                "in doing things?"
            ),
        ),
        options=("Yes", "No"),
        copy="NICE guideline CG192, as quoted by Coates, Williams, Sinesi and Ayers (ournctstory.nct.org.uk)",
        second="an antenatal guideline that quotes NICE for the booking visit, read without its title",
        credit="Whooley MA, Avins AL, Miranda J, Browner WS (1997), in the words of NICE guideline CG192.",
    ),
    Wording(
        of=PCL_5.key,
        language="en",
        stem="In the past month, how much were you bothered by:",
        items=(
            "Repeated, disturbing, and unwanted memories of the stressful experience?",
            "Repeated, disturbing dreams of the stressful experience?",
            (
                "Suddenly feeling or acting as if the stressful experience were actually happening again (as "
                "if you were actually back there reliving it)?"
            ),
            "Feeling very upset when something reminded you of the stressful experience?",
            (
                "Having strong physical reactions when something reminded you of the stressful experience "
                "(for example, heart pounding, trouble breathing, sweating)?"
            ),
            "Avoiding memories, thoughts, or feelings related to the stressful experience?",
            (
                "Avoiding external reminders of the stressful experience (for example, people, places, "
                "conversations, activities, objects, or situations)?"
            ),
            "Trouble remembering important parts of the stressful experience?",
            (
                "Having strong negative beliefs about yourself, other people, or the world (for example, "
                "having thoughts such as: I am bad, there is something seriously wrong with me, no one can "
                "be trusted, the world is completely dangerous)?"
            ),
            "Blaming yourself or someone else for the stressful experience or what happened after it?",
            "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
            "Loss of interest in activities that you used to enjoy?",
            "Feeling distant or cut off from other people?",
            (
                "Trouble experiencing positive feelings (for example, being unable to feel happiness or have "
                "loving feelings for people close to you)?"
            ),
            "Irritable behavior, angry outbursts, or acting aggressively?",
            "Taking too many risks or doing things that could cause you harm?",
            'Being "superalert" or watchful or on guard?',
            "Feeling jumpy or easily startled?",
            "Having difficulty concentrating?",
            "Trouble falling or staying asleep?",
        ),
        options=("Not at all", "A little bit", "Moderately", "Quite a bit", "Extremely"),
        copy="the form of the National Center for PTSD, as written out in clinical-toolkit, pcl-5.md",
        second=(
            _CAMCOPS.format("pcl5")
            + ", but for the marks of items 10 and 17; items 10 and 14 to 16 also in a "
            "VistA routine of the Department of Veterans Affairs"
        ),
        credit="Weathers, Litz, Keane, Palmieri, Marx and Schnurr (2013), National Center for PTSD.",
    ),
    Wording(
        of=PSWQ.key,
        language="en",
        stem=(
            "Rate each of the following statements on a scale of 1 (“not at all typical of me”) to 5 (“very "
            "typical of me”). Please do not leave any items blank."
        ),
        items=(
            "If I do not have enough time to do everything, I do not worry about it.",
            "My worries overwhelm me.",
            "I do not tend to worry about things.",
            "Many situations make me worry.",
            "I know I should not worry about things, but I just cannot help it.",
            "When I am under pressure I worry a lot.",
            "I am always worrying about something.",
            "I find it easy to dismiss worrisome thoughts.",
            "As soon as I finish one task, I start to worry about everything else I have to do.",
            "I never worry about anything.",
            "When there is nothing more I can do about a concern, I do not worry about it any more.",
            "I have been a worrier all my life.",
            "I notice that I have been worrying about things.",
            "Once I start worrying, I cannot stop.",
            "I worry all the time.",
            "I worry about projects until they are all done.",
        ),
        options=("Not at all typical of me", "", "", "", "Very typical of me"),
        copy=_CAMCOPS.format("pswq"),
        second="psychology-tools.com/test/penn-state-worry-questionnaire",
        credit="Meyer TJ, Miller ML, Metzger RL, Borkovec TD (1990).",
    ),
    Wording(
        of=PROMPTS.key,
        language="en",
        stem="",
        items=(
            "What 3 words or phrases would you use to describe your relationship with your baby?",
            "What brings you the most joy in the relationship with your baby?",
            "What is your biggest fear about your relationship with your baby?",
        ),
        options=(),
        copy=(
            "GOV.UK, a practitioner's guide to starting conversations about parent-infant relationships: "
            "summary, 21 March 2024 (prompts 1 and 2)"
        ),
        second="Community Practitioner, on the new guidance (all three; it spells out the figure 3)",
        credit=(
            "Contains public sector information licensed under the Open Government Licence v3.0. Derived "
            "from the Leeds Early Attachment Observation."
        ),
    ),
)

WORDINGS: Mapping[tuple[str, str], Wording] = {
    (wording.of, wording.language): wording for wording in _WORDINGS
}


def wording_of(key: str, language: str = "en") -> Wording | None:
    """The shipped words of one version of an instrument ("PHQ-9@1"), or None: then a pack is needed."""
    return WORDINGS.get((key, language))
