"""The people of the journeys, and what each of them does in one breath."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.journeys.visitor import Stage, Visitor

from anydoor.access.models import User

STORY = "My wife cries at night and I do not know what to do. Our boy is three weeks old."
WHY = "You asked for one person to talk to, near home."


class Parent(Visitor):
    """Somebody who asks for help, most often on a small phone."""

    def asks(self, story: str = STORY, contact: str = "07700 900142", place: str = "Norwich") -> None:
        self.opens("/norfolk/")
        self.writes(What_is_going_on=story, How_can_we_reach_you=contact, Where_are_you=place)
        self.presses("Send to a person")

    def is_told_who_holds(self, name: str) -> None:
        assert self.heading() == "We have your message"
        expect(self.page.locator(".ad-holder-card")).to_contain_text(name)

    def reference(self) -> str:
        return self.page.locator(".ad-confirmation__reference").inner_text()

    def presses_exit(self) -> None:
        self.page.get_by_role("link", name="Exit this page").click()


class Worker(Visitor):
    """Somebody at a desk."""

    def signs_in(self, user: User, password: str) -> None:
        self.opens("/desk/")
        self.writes(Email=user.email, Password=password)
        self.presses("Sign in")

    def sees_holder(self, family_id: int, name: str) -> None:
        """On the family's page, and on no other line of its band."""
        self.opens(f"/desk/family/{family_id}/")
        expect(self.page.locator(".ad-holder__name")).to_have_text(re.compile(rf"^\s*{name}"))

    def sees_holder_before_accepting(self, family_id: int, name: str) -> None:
        self.opens(f"/desk/family/{family_id}/")
        expect(self.page.locator("aside .ad-holder-small")).to_contain_text(name)

    def is_told(self, words: str) -> None:
        """The line that says what was done."""
        expect(self.page.locator(".ad-notice").first).to_contain_text(words)

    def is_told_that_another_was_first(self, words: str, *kept: str) -> None:
        said = self.page.locator(".ad-conflict")
        expect(said).to_contain_text(words)
        for text in kept:
            expect(said).to_contain_text(text)

    # ---- the front door

    def opens_from_inbox(self, title: str) -> None:
        self.opens("/desk/inbox")
        self.follows(title, within=self.page.locator(".ad-inbox__who"))

    def hears(self, *needs: str) -> None:
        """Write down what it is about, so that help can be looked for."""
        fold = self.page.locator("details", has_text="Help follows from it").first
        if fold.get_attribute("open") is None:
            self.unfolds("Help follows from it")
        self.chooses(*needs)
        self.presses("Show what could help")

    def ticks_offer(self, service: str) -> None:
        box = self.page.get_by_role("checkbox", name=service)
        if not box.is_visible():
            self.unfolds("more that could help")
        box.check()

    def decides(self, service: str, *, level: str = "Targeted", answer: str = "Yes to all") -> None:
        self.ticks_offer(service)
        self.chooses(level, answer)
        self.field("Why this, in words").fill(WHY)
        self.presses("Record decision")

    # ---- handovers

    def hands_over(self, service: str, words: str = "“Yes, that is fine.”") -> None:
        """On the page of the handover form, with their agreement."""
        self.chooses("Yes, they agreed")
        self.writes(
            In_what_words=words,
            What_should_the_receiver_know="He has told it once. Please do not ask it again.",
        )
        self.presses(f"Ask {service}")

    def accepts(self) -> None:
        self.presses("Accept")

    def declines(self, reason: str, words: str, instead: str) -> None:
        self.follows("Propose another way")
        self.chooses(reason)
        self.writes(Say_it_in_a_sentence=words)
        self.picks("What could help instead?", instead)
        self.presses("Propose it")

    def records_first_contact(self, words: str) -> None:
        self.follows("Record the first contact")
        self.chooses("Phone")
        self.writes(What_you_talked_about=words)
        self.presses("Save, and hold them")


def parent(stage: Stage, width: int = 320, *, script: bool = True) -> Parent:
    return stage.visitor(width, script=script, kind=Parent)


def worker(stage: Stage, user: User | None = None, width: int = 1280) -> Worker:
    return stage.visitor(width, signed_in=user, kind=Worker)
