from __future__ import annotations

import pytest

from anydoor.rules import errors
from anydoor.rules.errors import AnydoorError, BadInput, NotAllowed, NotFound, OutsideFailed, WrongMoment


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (AnydoorError, 500),
        (NotAllowed, 403),
        (NotFound, 404),
        (WrongMoment, 409),
        (BadInput, 422),
        (OutsideFailed, 502),
    ],
)
def test_each_error_carries_its_sentence_and_its_status(kind: type[AnydoorError], status: int) -> None:
    error = kind("Somebody else has already accepted this handover.")
    assert error.message == str(error) == "Somebody else has already accepted this handover."
    assert error.status == kind.status == status
    assert isinstance(error, AnydoorError)


def test_bad_input_names_its_field_or_none() -> None:
    assert BadInput("Enter a date").field is None
    assert BadInput("Enter a date", field="born_on").field == "born_on"


def test_a_refusal_can_be_pinned_to_the_form_field_it_belongs_to() -> None:
    pinned = BadInput("Enter a date").at("due_on")
    assert (pinned.message, pinned.field) == ("Enter a date", "due_on")


def test_the_tree_at_the_head_of_the_file_is_the_tree_in_the_file() -> None:
    drawn = errors.__doc__ or ""
    for kind in AnydoorError.__subclasses__():
        assert f"{kind.__name__}" in drawn
        assert any(kind.__name__ in line and str(kind.status) in line for line in drawn.splitlines())
