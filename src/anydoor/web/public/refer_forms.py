"""The pages of a professional's referral, and what each asks. Any order; each is kept as it is left."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from anydoor.people.models import LOSS_KINDS
from anydoor.rules import identifiers, stage, working_time
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import NEED_WORDS
from anydoor.ui.forms import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    NumberField,
    TextField,
)


class CheckedForm(Form):
    """A form whose fields are also held against the rules: `checks` maps a field to a rule of `rules`."""

    form_key = FormKeyField()

    def check(self, name: str, rule: Any) -> None:
        """Put the rule's refusal beside its field."""
        value = self.cleaned_data.get(name)
        if value:
            try:
                rule(value)
            except BadInput as fault:
                self.add_error(name, fault.message)

    @property
    def today(self) -> date:
        return working_time.london_day(timezone.now())


class YouForm(CheckedForm):
    referrer_name = TextField(label="Your name", missing="Write your name.", autocomplete="name")
    referrer_organisation = TextField(
        label="Where you work, and as what",
        hint="For example: midwife, James Paget",
        missing="Write where you work.",
        autocomplete="organization",
    )
    referrer_contact = TextField(
        label="Your email address or phone number",
        hint="We tell you who holds this, and what became of it.",
        limit=254,
        spellcheck=False,
        missing="Give us one way to reach you.",
    )

    def clean(self) -> None:
        self.check("referrer_contact", identifiers.contact)


class PersonForm(CheckedForm):
    name = TextField(
        label="Their whole name",
        hint="As they write it themselves.",
        missing="Write their name. If they do not want that, write what they would like to be called.",
    )
    role = ChoiceOfOne(
        label="They are",
        options=[
            Choice("mother", "A mother, or going to be"),
            Choice("father", "A father, or going to be"),
            Choice("co_parent", "A co-parent or partner"),
            Choice("carer", "A grandparent, foster carer or other carer"),
            Choice("other", "Someone else, or not known"),
        ],
        missing="Say who they are.",
    )
    born_on = DayField(label="Their birth date", hint="For example, 27 3 1994", required=False)
    nhs_number = TextField(
        label="Their NHS number",
        hint="10 digits. With the birth date it tells us if we know them already.",
        width=20,
        limit=40,
        inputmode="numeric",
        spellcheck=False,
        required=False,
    )

    def clean(self) -> None:
        self.check("nhs_number", identifiers.nhs_number)
        self.check("born_on", lambda day: stage.check_born_on(day, self.today, whose="adult"))


class ReachForm(CheckedForm):
    contact = TextField(
        label="Their phone number or email address",
        hint="Leave it empty if we should go through you.",
        limit=254,
        spellcheck=False,
        required=False,
    )
    safe = ChoiceOfOne(
        label="Did they say that it is safe to use?",
        options=[
            Choice("yes", "Yes, for what is ticked below"),
            Choice("no", "No"),
            Choice("not_asked", "Not asked", "Then we speak only to them, and leave no message."),
        ],
        missing="Say if it is safe to use, or that you have not asked.",
    )
    uses = ChoiceOfMany(
        label="It is safe to",
        options=[
            Choice("call", "Call"),
            Choice("voicemail", "Leave a voice message"),
            Choice("text", "Text"),
            Choice("email", "Email"),
        ],
        required=False,
        hide_optional=True,
    )
    hours = TextField(label="When", hint="For example: weekdays before 3pm", required=False)
    safety = TextField(
        label="To keep them safe we must",
        hint="One sentence, as something to do: never call the landline",
        limit=300,
        required=False,
    )
    place = TextField(
        label="Where they live: town or postcode",
        width=20,
        missing="Write a town or postcode, so that it reaches the right people.",
    )
    address_kind = ChoiceOfOne(
        label="Their home",
        options=[
            Choice("usual", "A usual address"),
            Choice("no_fixed_abode", "No fixed address"),
            Choice("staying", "Staying with somebody"),
            Choice("refuge", "In a refuge: do not write where"),
        ],
        required=False,
        hide_optional=True,
    )

    def clean(self) -> None:
        self.check("contact", identifiers.contact)
        said = self.cleaned_data
        if said.get("safe") == "yes" and said.get("contact") and not said.get("uses"):
            self.add_error("uses", "Tick what it is safe for.")


class NeedsForm(CheckedForm):
    language = TextField(label="The language they like to speak", limit=60, width=20, required=False)
    interpreter = ChoiceOfOne(
        label="Do they want an interpreter?",
        look="inline",
        options=[Choice("yes", "Yes"), Choice("no", "No"), Choice("not_asked", "Not asked")],
        required=False,
        hide_optional=True,
    )
    communication = TextField(
        label="What they need in order to read, hear or follow us",
        hint="As something to do: send large print; use text, not calls",
        limit=300,
        required=False,
    )


class BabyForm(CheckedForm):
    where = ChoiceOfOne(
        label="Which is nearest?",
        options=[
            Choice("expecting", "A baby is on the way", reveals="due_on"),
            Choice("born", "There is a baby or young child", reveals="baby_born_on"),
            Choice("loss", "After a loss", reveals="loss_kind"),
            Choice("trying", "Trying for a baby"),
            Choice("", "Not known"),
        ],
        required=False,
        hide_optional=True,
    )
    due_on = DayField(label="The due date", required=False)
    baby_born_on = DayField(label="The birth date of the youngest", required=False)
    loss_kind = ChoiceOfOne(
        label="The loss, if they have told you",
        options=[Choice(key, label) for key, label in LOSS_KINDS.items()],
        required=False,
    )
    babies = NumberField(
        label="How many babies", hint="Twins are 2", required=False, width=2, min_value=1, max_value=6
    )
    baby_name = TextField(label="The baby’s name", required=False)
    assisted_conception = ChoiceOfOne(
        label="Was there help to conceive?",
        look="inline",
        options=[Choice("yes", "Yes"), Choice("", "No, or not known")],
        required=False,
        hide_optional=True,
    )

    def clean(self) -> None:
        self.check("due_on", lambda day: stage.check_due_on(day, self.today))
        self.check("baby_born_on", lambda day: stage.check_born_on(day, self.today, whose="baby"))
        said = self.cleaned_data
        if said.get("where") == "expecting" and not said.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Write the due date, or the nearest you know.")
        if said.get("where") == "born" and not said.get("baby_born_on") and "baby_born_on" not in self.errors:
            self.add_error("baby_born_on", "Write the birth date, or the nearest you know.")


class StoryForm(CheckedForm):
    story = LongTextField(
        label="What is going on?",
        hint="In your words and theirs. One sentence is enough. They will be able to read it.",
        rows=8,
        missing="Say what is going on. One sentence is enough.",
    )
    needs = ChoiceOfMany(
        label="It is about",
        hint="Tick what fits, or nothing.",
        look="small",
        options=[Choice(key, label[:1].upper() + label[1:]) for key, label in NEED_WORDS.items()],
        required=False,
        hide_optional=True,
    )
    asks_for = TextField(label="What would you like to happen?", limit=500, required=False)


class AgreedForm(CheckedForm):
    family_knows = ChoiceOfOne(
        label="Do they know that you ask us?",
        options=[
            Choice("yes", "Yes", reveals="agreed_words"),
            Choice("no", "No", reveals="why_not"),
        ],
        missing="Say if they know. Most people would rather hear it from you first.",
    )
    agreed_words = TextField(
        label="What did they say yes to, in their words?", limit=500, required=False, hide_optional=True
    )
    why_not = TextField(label="Why do they not know yet?", limit=500, required=False, hide_optional=True)

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("family_knows") == "yes" and not said.get("agreed_words"):
            self.add_error("agreed_words", "Write what they said yes to.")
        if said.get("family_knows") == "no" and not said.get("why_not"):
            self.add_error("why_not", "Say why they do not know yet.")


class Part(NamedTuple):
    """One page: its name in the address, its heading, its form, and whether it can be left out."""

    key: str
    heading: str
    form: type[CheckedForm]
    needed: bool = True


PARTS = (
    Part("you", "About you", YouForm),
    Part("person", "About the person", PersonForm),
    Part("reach", "How to reach them", ReachForm),
    Part("needs", "Language and what they need", NeedsForm, needed=False),
    Part("baby", "Pregnancy, baby or loss", BabyForm, needed=False),
    Part("story", "What is going on", StoryForm),
    Part("agreed", "What they agreed to", AgreedForm),
)
BY_KEY = {part.key: part for part in PARTS}
