"""Fields for a day in three boxes and for a time of day, read the way people write them."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from anydoor.ui.fields import CONTROLS, TextField, UiBoundField, UiField
from anydoor.ui.times import MONTHS, full_date

PARTS = ("day", "month", "year")
PART_NAMES = {"day": _("Day"), "month": _("Month"), "year": _("Year")}


class ThreeBoxes(forms.Widget):
    """Reads day, month and year as typed; drawing is the field template's work."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str] | None:
        typed = tuple(str(data.get(f"{name}-{part}", "") or "").strip() for part in PARTS)
        return typed if any(typed) else None  # type: ignore[return-value]  # always three parts

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)


class DayBoundField(UiBoundField):
    """The three boxes with what was typed and which of them is wrong."""

    def boxes(self) -> list[dict[str, Any]]:
        value = self.value()
        if isinstance(value, date):
            value = (str(value.day), str(value.month), str(value.year))
        typed = value or ("", "", "")
        wrong = self.wrong_parts()
        return [
            {
                "name": f"{self.html_name}-{part}",
                "id": f"{self.auto_id}-{part}",
                "label": PART_NAMES[part],
                "value": CONTROLS.sub("\ufffd", text),
                "width": {"day": 2, "month": 5, "year": 4}[part],
                "wrong": part in wrong,
                "autocomplete": f"bday-{part}" if getattr(self.field, "autocomplete", "") == "bday" else "",
            }
            for part, text in zip(PARTS, typed, strict=True)
        ]

    def wrong_parts(self) -> set[str]:
        codes = {error.code for error in self.errors.as_data()} if self.errors else set()
        named = {part for code in codes for part in PARTS if code and part in code.split("-")}
        return named or (set(PARTS) if codes else set())


class DayField(UiField):
    """A date as day, month (number or name) and year. `earliest` and `latest` are days or None."""

    template_name_of_kind = "ui/fields/day.jinja"
    widget = ThreeBoxes
    bound_field_class = DayBoundField

    def __init__(
        self,
        *,
        earliest: date | None = date(1900, 1, 1),
        latest: date | None = date(2100, 1, 1),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def first_id(self, bound: UiBoundField) -> str:
        wrong = bound.wrong_parts() if isinstance(bound, DayBoundField) else set()
        return f"{bound.auto_id}-{next((part for part in PARTS if part in wrong), 'day')}"

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        gaps = [part for part, text in zip(PARTS, value, strict=True) if not text]
        if gaps:
            raise self.wrong(
                _("“%(question)s” needs a %(parts)s too"),
                "-".join(gaps),
                parts=_(" and a ").join(str(PART_NAMES[part]).lower() for part in gaps),
            )
        day, month, year = _number(value[0]), month_number(value[1]), _number(value[2])
        if len(value[2]) != 4 or year is None:
            raise self.wrong(_("Write the year of “%(question)s” with four numbers, like 1994"), "year")
        if month is None:
            raise self.wrong(
                _("Write the month of “%(question)s” as a number or a name, like 3 or March"),
                "month",
            )
        try:
            return date(year, month, day or 0)
        except ValueError:
            raise self.wrong(_("There is no such day: check “%(question)s”"), "day") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise self.wrong(
                _("“%(question)s” cannot be before %(limit)s"),
                "year",
                limit=full_date(self.earliest),
            )
        if self.latest and value > self.latest:
            raise self.wrong(
                _("“%(question)s” cannot be after %(limit)s"), "year", limit=full_date(self.latest)
            )

    def wrong(self, message: Any, code: str, **words: Any) -> ValidationError:
        return ValidationError(message % {"question": self.called, **words}, code=code)


class TimeField(TextField):
    """A time of day: "10:30", "10.30", "2pm", "2:30 pm" or "14". The cleaned value is a `time` or None."""

    width, inputmode, spellcheck, empty_value = 5, "", False, None
    shape = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)

    def __init__(self, **options: Any) -> None:
        super().__init__(empty_value=None, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, time):
            return value
        text = super().to_python(value)
        if text is None:
            return None
        found = self.shape.fullmatch(text)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        half = (found[3] or "").lower() if found else ""
        if half:
            hour = 99 if not 1 <= hour <= 12 else hour % 12 + (12 if half == "pm" else 0)
        if hour > 23 or minute > 59:
            raise ValidationError(
                _("Write the time for “%(question)s” like 10:30 or 2pm") % {"question": self.called},
                code="time",
            )
        return time(hour, minute)


def month_number(text: str) -> int | None:
    """3 for "3", "03", "March" and "mar"; None for what is no month."""
    if (number := _number(text)) is not None:
        return number if 1 <= number <= 12 else None
    short = text.strip(". ").lower()
    found = [at for at, name in enumerate(MONTHS, 1) if len(short) >= 3 and name.lower().startswith(short)]
    if not found and short == "sept":
        return 9
    return found[0] if found else None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 4 else None
