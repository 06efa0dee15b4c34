"""What families are told without having asked, in words that anybody may read over a shoulder.

No service that says what it is about, nothing of a story, no baby: only the neutral name of the area's front
door, first names of workers, a day, and a number to ring. Each function gives the subject (of an e-mail) and
the body (of an e-mail or a text).
"""

from __future__ import annotations

from datetime import datetime

from anydoor.rules.working_time import in_london

Text = tuple[str, str]
SOMEBODY = "The person who will help you"


def day_of(when: datetime) -> str:
    """A day as a family reads it: `Thursday 12 March`."""
    local = in_london(when)
    return f"{local:%A} {local.day} {local:%B}"


def request_received(*, door: str, by: datetime, phone: str, page: str = "") -> Text:
    return (
        "We have your message",
        (
            f"{door}: we have your message. A person here will be in touch by {day_of(by)}. "
            f"To speak with us sooner, ring {phone}.{_your_page(page)}"
        ),
    )


def asked_by_another(*, door: str, by: datetime, phone: str) -> Text:
    return (
        "We will be in touch",
        (
            f"{door}: somebody asked us to be in touch with you, as you agreed. A person here will be in "
            f"touch by {day_of(by)}. To speak with us sooner, ring {phone}."
        ),
    )


def receiver_accepted(*, door: str, who: str, by: datetime, holder: str, phone: str) -> Text:
    return (
        "Somebody will be in touch",
        (
            f"{door}: {who or SOMEBODY} will be in touch by {day_of(by)}. "
            f"Until you have spoken, {holder} stays your person here. Any questions? Ring {phone}."
        ),
    )


def introduced(*, door: str, who: str, holder: str, phone: str) -> Text:
    return (
        "Thank you for speaking with us",
        (
            f"{door}: thank you for speaking with us. {who or SOMEBODY} will be in touch about "
            f"what comes next. Until then {holder} stays your person here. Any questions? Ring {phone}."
        ),
    )


def _your_page(page: str) -> str:
    """The way to ask for their own page: it opens nothing by itself, and says nothing of why."""
    return f" Your page: {page}" if page else ""


def new_person(*, door: str, who: str, phone: str, page: str = "") -> Text:
    return (
        "Your person here",
        (
            f"{door}: from now on {who} is your person here. You do not need to tell everything again. "
            f"Any questions? Ring {phone}.{_your_page(page)}"
        ),
    )


def questions(*, door: str, link: str, until: datetime, phone: str) -> Text:
    return (
        "A few questions, as agreed",
        (
            f"{door}: here are the questions we spoke about: {link} You can stop and go on later, until "
            f"{day_of(until)}. Any questions? Ring {phone}."
        ),
    )


def own_page(*, door: str, link: str, until: datetime, phone: str) -> Text:
    return (
        "Your page, as agreed",
        (
            f"{door}: here is the way to your page: {link} It works once, until {day_of(until)}. "
            f"Is this not for you? The page says what to do. Any questions? Ring {phone}."
        ),
    )


def own_code(*, door: str, code: str, minutes: int) -> Text:
    return (
        "Your number",
        f"{door}: {code} is your number for the page. It works for {minutes} minutes. Tell it to nobody.",
    )


def answered(*, door: str, phone: str) -> Text:
    return (
        "An answer for you",
        (
            f"{door}: we have an answer for you. You find it on your page, or ring {phone} and a person here "
            "reads it to you."
        ),
    )
