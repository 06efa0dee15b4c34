"""Form fields that draw themselves in NHS markup and say plainly what is wrong.

A field knows its label, hint, width and what to say when it is empty. It never writes a
`maxlength` or `required` attribute: both hide from people what went wrong. `{{ form.story }}`
in a template draws label, hint, error and input together.
"""

import re
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# Everything a keyboard cannot mean: controls other than tab and line ends, and halves of a character.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
LINE_ENDS = re.compile(r"\r\n?")
CHOOSE_ONE = _("Choose one")


class Choice(NamedTuple):
    """One answer of a choice: what is stored, what is read, a line under it, a field shown below it."""

    value: str
    label: Any
    hint: Any = ""
    reveals: str = ""


class UiBoundField(forms.BoundField):
    """A field in its form, with the few facts its template needs."""

    def __str__(self) -> SafeString:
        return self.as_field_group()

    __html__ = __str__

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def described_by(self) -> str:
        """Ids for `aria-describedby`, hint before error; empty when there is neither."""
        named = [(self.help_text, self.hint_id), (self.errors, self.error_id)]
        return " ".join(name for shown, name in named if shown)

    @property
    def first_id(self) -> str:
        """Where a link in the error summary goes."""
        return self.field.first_id(self) if isinstance(self.field, UiField) else self.auto_id

    def value(self) -> Any:
        """What was typed, with unreadable characters made visible so that they can be taken out."""
        value = super().value()
        return CONTROLS.sub("\ufffd", value) if isinstance(value, str) else value

    def chosen(self) -> set[str]:
        """The answers that are ticked now, as text."""
        value = self.value()
        if value is None or value == "":
            return set()
        return {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}


class UiField(forms.Field):
    """What all fields share. Give `hint`, and `missing`: the sentence when a needed answer is not there.

    `width` is the room for that many characters (2, 3, 4, 5, 10, 20, 30; 0 is all there is).
    `label_size` is s, m, l or xl; `label_is_heading` makes the label the page's h1.
    """

    bound_field_class: type[UiBoundField] = UiBoundField
    label_size = "s"
    label_is_heading = False
    hide_optional = False
    width = 0
    autocomplete = ""

    def __init__(self, *, label: Any = None, hint: Any = "", missing: Any = "", **options: Any) -> None:
        for name in ("label_size", "label_is_heading", "hide_optional", "width", "autocomplete"):
            if name in options:
                setattr(self, name, options.pop(name))
        super().__init__(label=label, help_text=hint, template_name=self.template_name_of_kind, **options)
        self.missing = missing
        self.name = ""

    template_name_of_kind = "ui/fields/input.jinja"

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> UiBoundField:
        self.name = field_name
        return self.bound_field_class(form, self, field_name)

    def first_id(self, bound: UiBoundField) -> str:
        return bound.auto_id

    @property
    def called(self) -> Any:
        """The label, or the field's name made readable, for messages."""
        return self.label or self.name.replace("_", " ").capitalize()

    def validate(self, value: Any) -> None:
        if self.required and value in self.empty_values:
            raise ValidationError(self.missing or self.nothing_given(), code="required")
        super().validate(value)

    def nothing_given(self) -> Any:
        return _("Answer “%(question)s”") % {"question": self.called}


class TextField(UiField, forms.CharField):
    """One line. Outer spaces go; everything else stays exactly as typed."""

    kind = "text"
    inputmode = ""
    spellcheck = True
    prefix = ""
    many_lines = False

    def __init__(self, *, limit: int = 200, **options: Any) -> None:
        for name in ("kind", "inputmode", "spellcheck", "prefix"):
            if name in options:
                setattr(self, name, options.pop(name))
        super().__init__(**options)
        self.limit = limit
        # Django's own refusal of the null character does not say which field; `to_python` does
        self.validators = [
            one for one in self.validators if type(one).__name__ != "ProhibitNullCharactersValidator"
        ]

    def to_python(self, value: Any) -> Any:
        text = LINE_ENDS.sub("\n", super().to_python(value) or "")
        if CONTROLS.search(text) or ("\n" in text and not self.many_lines):
            raise ValidationError(
                _("“%(question)s” has a hidden character in it. Type it again rather than pasting it.")
                % {"question": self.called},
                code="control",
            )
        if len(text) > self.limit:
            raise ValidationError(
                _("Make “%(question)s” shorter: at most %(limit)s characters. It has %(count)s now.")
                % {"question": self.called, "limit": f"{self.limit:,}", "count": f"{len(text):,}"},
                code="too_long",
            )
        return text if text.strip() else self.empty_value


class LongTextField(TextField):
    """Several lines. Kept as typed, spaces and all; only empty when there is nothing but space."""

    template_name_of_kind = "ui/fields/textarea.jinja"
    many_lines = True
    rows = 5

    def __init__(self, *, rows: int = 5, limit: int = 20_000, **options: Any) -> None:
        super().__init__(limit=limit, strip=False, **options)
        self.rows = rows


class EmailField(TextField):
    """An e-mail address."""

    kind, inputmode, spellcheck, autocomplete = "email", "email", False, "email"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(EmailValidator(_("Write the e-mail address like this: name@example.com")))


class PhoneField(TextField):
    """A telephone number as people write it. What counts as a number is for the caller to say."""

    kind, inputmode, spellcheck, autocomplete, width = "tel", "tel", False, "tel", 20


class PasswordField(TextField):
    """A password: spaces kept, never drawn again after an error."""

    kind, spellcheck, autocomplete = "password", False, "current-password"

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)


class NumberField(UiField, forms.IntegerField):
    """A whole number, typed as text so that nothing jumps when someone scrolls."""

    kind, inputmode, spellcheck, prefix, width = "text", "numeric", False, "", 4

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid"] = _("Use numbers only, like 3")


class ChoiceOfOne(UiField, forms.ChoiceField):
    """One answer of several. Give `options` as `Choice`s or (value, label) pairs."""

    template_name_of_kind = "ui/fields/radios.jinja"
    look = "list"  # list, inline, small or cards

    def __init__(
        self, *, options: Iterable[Choice | tuple[str, Any]] = (), look: str = "list", **rest: Any
    ) -> None:
        super().__init__(**rest)
        self.look = look
        self.options = options

    @property
    def options(self) -> list[Choice]:
        return self._options

    @options.setter
    def options(self, options: Iterable[Choice | tuple[str, Any]]) -> None:
        self._options = [one if isinstance(one, Choice) else Choice(*one) for one in options]
        self.choices = [(one.value, one.label) for one in self._options]
        for code in ("invalid_choice", "invalid_list"):
            self.error_messages[code] = _("Choose from the answers that are listed")

    def first_id(self, bound: UiBoundField) -> str:
        return f"{bound.auto_id}-1"

    def nothing_given(self) -> Any:
        return _("Choose an answer to “%(question)s”") % {"question": self.called}


class SelectField(ChoiceOfOne):
    """One answer from a long list; `nothing` is the first line, chosen until someone chooses."""

    template_name_of_kind = "ui/fields/select.jinja"

    def __init__(self, *, nothing: Any = CHOOSE_ONE, **rest: Any) -> None:
        super().__init__(**rest)
        self.nothing = nothing

    def first_id(self, bound: UiBoundField) -> str:
        return bound.auto_id


class ChoiceOfMany(ChoiceOfOne, forms.MultipleChoiceField):
    """Any number of answers; the cleaned value is a list of the values ticked."""

    template_name_of_kind = "ui/fields/checkboxes.jinja"


class TickField(UiField, forms.BooleanField):
    """One box to tick. The label stands beside the box."""

    template_name_of_kind = "ui/fields/tick.jinja"

    def nothing_given(self) -> Any:
        return _("Tick “%(question)s” to go on") % {"question": self.called}

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.missing or self.nothing_given(), code="required")


class HiddenField(TextField):
    """Something the page carries for itself: not seen, not asked, and no more trusted than what is typed."""

    template_name_of_kind = "ui/fields/hidden.jinja"
    widget = forms.HiddenInput
    hide_optional = True


class FormKeyField(HiddenField):
    """A key made by the server for one showing of a form: the same key twice is the same sending."""

    shape = re.compile(r"[A-Za-z0-9_-]{22}")

    def __init__(self) -> None:
        super().__init__(required=False, initial=self.new)

    @staticmethod
    def new() -> str:
        return secrets.token_urlsafe(16)

    def bound_data(self, data: Any, initial: Any) -> str:
        """The key to show again; one of the wrong shape is replaced."""
        return self.clean(data)

    def clean(self, value: Any) -> str:
        """A key of the wrong shape is replaced: nobody should lose a story over it."""
        return value if isinstance(value, str) and self.shape.fullmatch(value) else self.new()
