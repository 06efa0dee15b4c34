"""What can go wrong, as one tree. Every message is a sentence a person can act on.

    AnydoorError               status 500  something of ours went wrong and was noticed
    ├── NotAllowed             status 403  you may not do or see this, and why
    ├── NotFound               status 404  there is no such thing, or none that you may see
    ├── WrongMoment            status 409  not now: somebody else already did, or too early
    ├── BadInput(field)        status 422  what was typed cannot be used, and what to type instead
    └── OutsideFailed          status 502  a system outside ours did not answer as agreed

Rules and verbs raise these; only the outermost room (a view, the API, a command) turns them into a
page, a JSON body or an exit code. `status` is the HTTP status that room should answer with.

A message never repeats what the person typed: it may be hostile, or private, and the page already
shows it back in its own field.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class Refused(NamedTuple):
    """What was refused: for the audit, and never for whoever asked.

    `rule` is the id of the rule that said no; empty when it was not the policy that spoke, or is still to
    be asked. `subject` and `subject_id` name the thing; `family_id` is None when nobody said which family.
    """

    action: str = ""
    rule: str = ""
    subject: str = ""
    subject_id: int | None = None
    family_id: int | None = None


class AnydoorError(Exception):
    """The root. Raise one of the branches; catch this one only where answers are made."""

    status: ClassVar[int] = 500

    def __init__(self, message: str, *, of: Refused | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.of = of

    def __str__(self) -> str:
        return self.message


class NotAllowed(AnydoorError):
    """This person may not do this. The message says whom to ask, never what is hidden."""

    status = 403


class NotFound(AnydoorError):
    """Nothing here, or nothing this person may know of: both must sound the same."""

    status = 404


class WrongMoment(AnydoorError):
    """The step does not fit the present state, often because someone else took it first."""

    status = 409


class BadInput(AnydoorError):
    """What was typed cannot be used.

    `field` is the name of the form field the message belongs to, or None when the rule cannot know it
    (a form then puts its own field name beside the message; see `at`).
    """

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

    def at(self, field: str) -> BadInput:
        """The same refusal, pinned to a field: `raise error.at("mobile") from error`."""
        return BadInput(self.message, field=field)


class OutsideFailed(AnydoorError):
    """A system outside ours failed or answered nonsense. Nothing of ours was lost; it is tried again."""

    status = 502
