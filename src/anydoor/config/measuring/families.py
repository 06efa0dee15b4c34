"""Synthetic families as the verbs would have left them: requests, handovers, episodes, and their standing.

The standing (lead holder, sights, keys of lists) is worked out here a second time, because reading a family
back to work it out would take hours. `seed` compares a sample with what `care.standing` says.
"""

from __future__ import annotations

import random
from collections.abc import Collection

from anydoor.care.models.episode import MODES
from anydoor.care.models.record import WAIT_WORDS
from anydoor.care.sights import PAST_DAYS
from anydoor.care.standing import FAR, LEVEL_RANK
from anydoor.config.measuring.books import Books
from anydoor.config.measuring.county import Door, Receiver, Worker
from anydoor.config.measuring.people import Hold, Household, One, PeopleWriter
from anydoor.config.measuring.requests import DAY, RequestWriter
from anydoor.config.measuring.tables import NO, NULL, YES, Calendar, listed
from anydoor.rules import lead as leads


class FamilyWriter:
    """Writes one family at a time into the books."""

    def __init__(self, books: Books, calendar: Calendar, chance: random.Random) -> None:
        self.books, self.calendar, self.chance = books, calendar, chance
        self.people = PeopleWriter(books, calendar, chance)
        self.requests = RequestWriter(books, calendar, chance)

    def family(self, door: Door, *, people: int, requests: int) -> None:
        """One family; without a request it is one that a universal service works with, or did."""
        home = self.people.household(door, people)
        for number in range(requests):
            self.requests.request(home, newest=number == requests - 1)
        if not requests:
            self._known_to_all(home)
        self._standing(home)
        self._letters(home)

    def _known_to_all(self, home: Household) -> None:
        receiver: Receiver = self.chance.choice(home.door.universal)
        worker: Worker = self.chance.choice(receiver.workers)
        began = -DAY * (10 + int(self.chance.random() * 690))
        self.requests.episode(home, home.adults[0], receiver, worker, began=began, referral=None)

    # ---- the standing

    def _standing(self, home: Household) -> None:
        lead = leads.lead(None, [_as_fact(hold) for hold in home.holds])
        mine = [
            hold.since
            for hold in home.holds
            if lead and (hold.worker, hold.team) == (lead.holding.worker_id, lead.holding.team_id)
        ]
        planned = min(home.planned, default=None)
        clock = min(home.waits, default=None)
        urgent = clock is not None and not clock[0]
        when = planned[0] if planned else clock[1] if clock else None
        level, strand = max(home.levels, key=lambda pair: LEVEL_RANK[pair[0]], default=("", ""))
        first, *others = _by_name(home)
        self.books.care.add(
            home.id,
            home.door.area_id,
            lead.holding.worker_id if lead else NULL,
            lead.holding.team_id if lead else NULL,
            self.calendar.moment(min(mine)) if mine else NULL,
            lead.why if lead else "",
            YES if lead else NO,
            level,
            strand,
            first.called,
            "with " + ", ".join(one.called for one in others) if others else "",
            self.calendar.moment(planned[0]) if planned else NULL,
            MODES[planned[1]] if planned else "",
            self.calendar.moment(clock[1]) if clock else NULL,
            WAIT_WORDS[clock[2]] if clock else "",
            YES if urgent else NO,
            f"{0 if urgent else 1}|{self.calendar.key(when) if when is not None else FAR}|{home.id:012d}",
        )
        self._sights(home)

    def _sights(self, home: Household) -> None:
        """As `care.sights` has it: whoever works with them, whose work is over, who is asked."""
        door = home.door.team_id
        own_record = (home.asked_for | home.treated) & {one.id for one in home.adults}
        ended = max(home.worked.values(), default=0)
        for team in {*home.working, *home.worked, *home.preview, *([door] if home.stuck else [])}:
            works = home.working.get(team, set())
            known = works | {one for one, at in home.agreed if at in home.services.get(team, ())}
            if team == door:
                known |= own_record if home.stuck else home.asked_for
            kept = own_record - known
            hidden = listed(*map(str, sorted(kept)))
            unmet = kept - home.knew.get(team, set()) - (home.asked_for if team == door else set())
            called = self._called(home, unmet)
            if works or (team == door and home.stuck):
                self.books.sight.add(home.id, team, "full", hidden, NULL, *called)
            elif team in home.worked and home.worked[team] + PAST_DAYS * DAY > 0:
                last = home.worked[team] == ended or (team == door and home.asked_for)
                level = "full" if not home.holds and last else "own"
                until = self.calendar.moment(home.worked[team] + PAST_DAYS * DAY)
                self.books.sight.add(home.id, team, level, hidden, until, *called)
            elif team in home.preview:
                self.books.sight.add(home.id, team, "preview", "{}", NULL, *self._called(home, set()))

    @staticmethod
    def _called(home: Household, unmet: set[int]) -> tuple[str, str, str]:
        """The names that a team which never met them is not told, and what it calls the family then."""
        if not unmet:
            return "{}", "", ""
        first, *others = _by_name(home, unmet)
        names = listed(*(f"name:{one}" for one in sorted(unmet)))
        return names, first.called, "with " + ", ".join(one.called for one in others) if others else ""

    # ---- what was sent and looked at

    def _letters(self, home: Household) -> None:
        """Three messages for two families, five looks for two."""
        for number in range(1 + home.id % 2):
            sent = self.calendar.moment(-60 * int(self.chance.random() * 12_000) - 60)
            self.books.message.add(
                f"seed:{home.id}:{number}",
                *(
                    ("staff", f"{home.id % 2000}@staff.example")
                    if number
                    else ("email", "asked@post.example")
                ),
                "A request waits for you",
                "Sign in to read it. It came by web form.",
                "request_for_duty_worker",
                home.id,
                home.door.area_id,
                "sent",
                sent,
                sent,
                sent,
            )
        for _ in range(2 + home.id % 2):
            worker: Worker = self.chance.choice(home.door.workers)
            self.books.audit.add(
                self.calendar.moment(-60 * int(self.chance.random() * 12_000) - 60),
                worker.id,
                worker.name,
                home.door.organisation_id,
                "see_family",
                "family",
                home.id,
                home.id,
            )


def _as_fact(hold: Hold) -> leads.Holding:
    # The rule compares moments; whoever has helped longer has the smaller number of either kind.
    return leads.Holding(
        worker_id=hold.worker,
        team_id=hold.team,
        level=hold.level,
        since=hold.since,  # type: ignore[arg-type]  # only ever compared with another
        is_referral=hold.is_referral,
        of_id=hold.of_id,
    )


def _by_name(home: Household, unmet: Collection[int] = ()) -> list[One]:
    """Whom the newest open thing is about, then the other adults, then the children; no lost baby beside.

    Nobody of `unmet`.
    """
    main = max((one for one in home.begun if one[1] not in unmet), default=(0, 0))[1]
    shown = [one for one in (*home.adults, *home.children) if one.id not in unmet]
    ordered = sorted(shown, key=lambda one: (one.id != main, one.role == "baby"))
    return [one for number, one in enumerate(ordered) if number == 0 or not one.lost]
