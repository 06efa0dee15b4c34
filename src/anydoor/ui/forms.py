"""The form every page uses: NHS markup, one error summary, nothing typed ever lost.

A page writes `{% if form.errors %}{{ ui.error_summary(form) }}{% endif %}`, then
`<form method="post" novalidate>{{ csrf_input }}` and `{{ form.name_of_field }}` for each field.
"""

from typing import Any, NamedTuple

from django import forms
from django.forms.renderers import TemplatesSetting

from anydoor.ui.dates import DayField, TimeField
from anydoor.ui.fields import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    EmailField,
    FormKeyField,
    HiddenField,
    LongTextField,
    NumberField,
    PasswordField,
    PhoneField,
    SelectField,
    TextField,
    TickField,
    UiField,
)

__all__ = [
    "Choice",
    "ChoiceOfMany",
    "ChoiceOfOne",
    "DayField",
    "EmailField",
    "Form",
    "FormKeyField",
    "HiddenField",
    "LongTextField",
    "NumberField",
    "PasswordField",
    "PhoneField",
    "Problem",
    "SelectField",
    "TextField",
    "TickField",
    "TimeField",
    "UiField",
]


class Problem(NamedTuple):
    """One line of the error summary: what is wrong, and the id to jump to (empty: nowhere)."""

    text: str
    id: str


class Form(forms.Form):
    """A form that draws with the templates of this room.

    Where a field's answer is no fault of typing but of facts (a number nobody knows), the page adds
    it with Django's `add_error`; it comes out in the same places.
    """

    default_renderer = TemplatesSetting
    use_required_attribute = False

    def problems(self) -> list[Problem]:
        """Every error in the order of the page, the whole form's own first."""
        found = [Problem(str(text), "") for text in self.non_field_errors()]
        for bound in self:
            if not bound.errors:
                continue
            target = "" if bound.is_hidden else getattr(bound, "first_id", bound.auto_id)
            found += [Problem(str(text), target) for text in bound.errors]
        return found

    def revealed(self) -> set[str]:
        """Names of fields that are drawn inside a choice, not by themselves."""
        options = [one for field in self.fields.values() for one in getattr(field, "options", ())]
        return {one.reveals for one in options if one.reveals}

    def standing(self) -> list[Any]:
        """The bound fields to draw one after the other: hidden ones too, revealed ones not."""
        inside = self.revealed()
        return [bound for bound in self if bound.name not in inside]
