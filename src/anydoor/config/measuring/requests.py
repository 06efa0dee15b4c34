"""Synthetic requests and what became of them. Times are minutes from now; the past is negative."""

from __future__ import annotations

import random

from anydoor.care.intake import REFERENCE_KEY
from anydoor.config.measuring.books import Books
from anydoor.config.measuring.county import Receiver, Worker
from anydoor.config.measuring.names import NEEDS, SENTENCES
from anydoor.config.measuring.people import Hold, Household, One
from anydoor.config.measuring.tables import NO, NULL, YES, Calendar, listed
from anydoor.rules import reference

DAY = 24 * 60
OPEN_SHARE, TAKEN_UP_SHARE, RICH_SHARE = 0.35, 0.38, 0.05
STAGES = ("received", "read", "read", "decided", "handing_over")
DOORS = ("web", "web", "phone", "text", "walk_in", "email", "professional", "professional", "event")
NOT_ONE = (NULL, NULL)


class RequestWriter:
    """Writes requests, handovers, episodes and contacts of a family, and keeps its standing in mind."""

    def __init__(self, books: Books, calendar: Calendar, chance: random.Random) -> None:
        self.books, self.calendar, self.chance = books, calendar, chance

    def request(self, home: Household, *, newest: bool) -> None:
        """One request: still open (only the newest can be), taken up by a service, or ended."""
        who = self.chance.choice(home.adults)
        holder: Worker = self.chance.choice(home.door.workers)
        if newest and self.chance.random() < OPEN_SHARE:
            self._open(home, who, holder)
        elif self.chance.random() < TAKEN_UP_SHARE:
            self._taken_up(home, who, holder)
        else:
            self._ended(home, who, holder)

    # ---- the three fates

    def _open(self, home: Household, who: One, holder: Worker) -> None:
        came = -int(self.chance.random() * 40 * DAY) - 30
        stage = self.chance.choice(STAGES)
        due = int((self.chance.random() * 12 - 2) * DAY)
        waits = {"received": ["read"], "read": ["decide"]}.get(stage, [])
        turn = self.chance.random()
        if turn < 0.01:
            waits.append("danger")
        elif turn < 0.04 and stage != "received":
            waits.append("not_reached")
        elif turn < 0.06:
            waits.append("match")
        in_danger = "danger" in waits
        # The nearest clock of the request or its handover, but danger goes before all others.
        clocks = {kind: due + (0 if number == 0 else 30) for number, kind in enumerate(waits)}
        if in_danger:
            clocks["danger"] = int(self.chance.random() * 30)
        answer_due = int((self.chance.random() * 12 - 1) * DAY)
        all_clocks = [*clocks.values(), *([answer_due] if stage == "handing_over" else [])]
        shown = clocks["danger"] if in_danger else min(all_clocks, default=due)
        due = min(all_clocks, default=due)
        key = f"{0 if in_danger else 1}|{self.calendar.key(shown)}|{self.books.referral.last + 1:012d}"
        referral = self._referral(home, who, stage, came, (holder.id, home.door.team_id), due=due, key=key)
        self._hold(home, who, holder, home.door.team_id, came, referral=referral)
        home.begun.append((came, who.id))
        for kind, when in clocks.items():
            self._wait(home, kind, holder.id, home.door.team_id, came, when, referral=referral)
        if "match" in waits:
            other = 1 + int(self.chance.random() * max(who.id - 1, 1))
            self.books.match.add(referral, other, listed("Same phone or email"))
        if stage in {"decided", "handing_over"}:
            receiver = self._decided(home, referral, holder, came + 20)
            if stage == "handing_over":
                self._handing_over(home, who, referral, holder, receiver, came + 25, answer_due)

    def _ended(self, home: Household, who: One, holder: Worker) -> None:
        came = -DAY * (40 + int(self.chance.random() * 660))
        ended = came + DAY * (1 + int(self.chance.random() * 30))
        referral = self._referral(
            home, who, "ended", came, NOT_ONE, ended=ended, end=("not_started", "said_no")
        )
        self._hold(home, who, holder, home.door.team_id, came, referral=referral, until=ended)
        self._note(home, "ended", "Ended: they say no to this.", holder, ended, referral=referral)

    def _taken_up(self, home: Household, who: One, holder: Worker) -> None:
        came = -DAY * (60 + int(self.chance.random() * 640))
        met = came + DAY * (3 + int(self.chance.random() * 20))
        referral = self._referral(home, who, "taken_up", came, NOT_ONE, ended=met, end=("taken_up", ""))
        self._hold(home, who, holder, home.door.team_id, came, referral=referral, until=met)
        receiver = self._decided(home, referral, holder, came + 20)
        worker: Worker = self.chance.choice(receiver.workers)
        self._handover(home, who, referral, holder, receiver, worker, came + 25, "completed", met)
        self.episode(home, who, receiver, worker, began=met, referral=referral)

    # ---- on the way

    def _decided(self, home: Household, referral: int, holder: Worker, when: int) -> Receiver:
        chosen: Receiver = self.chance.choice(home.door.receivers)
        other: Receiver = self.chance.choice(home.door.receivers)
        decision = self.books.decision.add(
            *(referral, chosen.level, "You asked for one person to talk to.", "yes", holder.id),
            self.calendar.moment(when),
        )
        reasons = listed("Near you", "Short wait")
        self.books.offer.add(decision, referral, chosen.service_id, "suits", reasons, "yes")
        if other.service_id != chosen.service_id:
            self.books.offer.add(decision, referral, other.service_id, "possible", reasons, "no")
        self._note(home, "decided", f"{holder.name} decided: {chosen.name}.", holder, when, referral=referral)
        return chosen

    def _handing_over(
        self,
        home: Household,
        who: One,
        referral: int,
        holder: Worker,
        receiver: Receiver,
        when: int,
        due: int,
    ) -> None:
        stage = self.chance.choice(("proposed", "proposed", "accepted", "introduced"))
        worker: Worker = self.chance.choice(receiver.workers)
        handover = self._handover(home, who, referral, holder, receiver, worker, when, stage, None)
        if stage == "proposed":
            home.preview.add(receiver.team_id)
        else:
            home.working.setdefault(receiver.team_id, set()).add(who.id)
        home.services.setdefault(receiver.team_id, set()).add(receiver.service_id)
        if stage == "proposed":
            self._wait(home, "answer", None, receiver.team_id, when, due, handover=handover)
            return
        if stage == "accepted":
            self._wait(home, "introduce", holder.id, home.door.team_id, when, due, handover=handover)
        self._wait(home, "first_contact", worker.id, receiver.team_id, when, due, handover=handover)

    def _handover(
        self,
        home: Household,
        who: One,
        referral: int,
        holder: Worker,
        receiver: Receiver,
        worker: Worker,
        when: int,
        stage: str,
        met: int | None,
    ) -> int:
        asked, answered = self.calendar.moment(when), self.calendar.moment(when + 5)
        accepted = stage != "proposed"
        handover = self.books.handover.add(
            *(home.id, who.id, home.door.area_id, referral, receiver.service_id, stage),
            *(receiver.team_id, worker.id if accepted else NULL, holder.id, home.door.team_id),
            *("agreed", who.called, "Yes, that is fine.", asked, asked, self.calendar.moment(when + 7 * DAY)),
            *((answered, worker.name) if accepted else (NULL, "")),
            answered if stage in {"introduced", "completed"} else NULL,
            self.calendar.moment(when + 14 * DAY) if accepted else NULL,
            NULL if met is None else self.calendar.moment(met),
        )
        if (who.id, receiver.service_id) not in home.agreed:
            home.agreed.add((who.id, receiver.service_id))
            self.books.consent.add(
                *(who.id, home.id, "help", "service", receiver.organisation_id, receiver.service_id),
                *(receiver.name, listed("contact", "measures", "needs", "record", "story"), "given"),
                *(who.called, "self", "together", "Yes, that is fine.", asked, holder.id, asked),
            )
        asking = f"{holder.name} asked {receiver.name} to take over."
        self._note(home, "handover_proposed", asking, holder, when, referral=referral, handover=handover)
        if accepted:
            said = f"{worker.name} accepted for {receiver.name}."
            self._note(home, "accepted", said, worker, when + 5, referral=referral, handover=handover)
        return handover

    # ---- a service working with a family

    def episode(
        self,
        home: Household,
        who: One,
        receiver: Receiver,
        worker: Worker,
        *,
        began: int,
        referral: int | None,
    ) -> None:
        """An episode, four in ten still open, with the contacts of it."""
        is_open = self.chance.random() < 0.4
        ended = None if is_open else min(began + DAY * (30 + int(self.chance.random() * 120)), -60)
        episode = self.books.episode.add(
            *(home.id, who.id, home.door.area_id, referral or NULL, receiver.service_id),
            *("open" if is_open else "ended", receiver.level),
            *((worker.id, receiver.team_id) if is_open else NOT_ONE),
            self.calendar.moment(began),
            NULL if ended is None else self.calendar.moment(ended),
            *(("", "") if is_open else ("finished", "finished")),
        )
        self._hold(
            home, who, worker, receiver.team_id, began, episode=episode, until=ended, level=receiver.level
        )
        if is_open:
            home.services.setdefault(receiver.team_id, set()).add(receiver.service_id)
        times = 11 if self.chance.random() < RICH_SHARE else 1 + int(self.chance.random() * 2)
        step = max(((ended or -60) - began) // (times + 1), 1)
        for number in range(times):
            self._met(home, who, receiver, worker, episode, began + number * step)
        if is_open:
            home.begun.append((began, who.id))
            home.levels.append((receiver.level, receiver.strand))
            if self.chance.random() < 0.5:
                self._plan(home, who, receiver, worker, episode)

    def _met(
        self, home: Household, who: One, receiver: Receiver, worker: Worker, episode: int, when: int
    ) -> None:
        moment = self.calendar.moment(when)
        contact = self.books.contact.add(
            *(home.id, who.id, NULL, episode, NULL, receiver.team_id, worker.id, worker.name),
            *("phone", "attended", moment, "We spoke about the week.", moment),
        )
        headline = f"{worker.name} spoke with {who.called}."
        self._note(home, "contact", headline, worker, when, episode=episode, contact=contact)

    def _plan(self, home: Household, who: One, receiver: Receiver, worker: Worker, episode: int) -> None:
        when = 60 + int(self.chance.random() * 21 * DAY)
        self.books.contact.add(
            *(home.id, who.id, NULL, episode, NULL, receiver.team_id, worker.id, worker.name),
            *("home", "planned", self.calendar.moment(when), "", self.calendar.moment(-60)),
        )
        home.planned.append((when, "home"))

    # ---- single rows

    def _referral(
        self,
        home: Household,
        who: One,
        stage: str,
        came: int,
        holder: tuple[object, object],
        *,
        due: int | None = None,
        key: str = "",
        ended: int | None = None,
        end: tuple[str, str] = ("", ""),
    ) -> int:
        door = self.chance.choice(DOORS)
        need = self.chance.choice(NEEDS)
        told = " ".join(self.chance.sample(SENTENCES, 4))
        in_danger = key.startswith("0")
        read, received = self.calendar.moment(came + 15), self.calendar.moment(came)
        number = self.books.referral.last + 1
        referral = self.books.referral.add(
            *(reference.make(home.door.prefix, number, key=REFERENCE_KEY), home.door.area_id),
            *(home.door.team_id, home.id, who.id, door, stage, *holder, received, read),
            self.calendar.moment(came + 2 * DAY if due is None else due),
            self.calendar.moment(came + 2 * DAY),
            listed("better off without me") if in_danger else "{}",
            listed(need),
            "A health visitor" if door == "professional" else "",
            *end,
            NULL if ended is None else self.calendar.moment(ended),
            *(who.called, f"{who.role.replace('_', '-')}, {home.about}"[:120], told[:199]),
            listed("danger", need) if in_danger else listed(need),
            listed("father") if who.role != "mother" else "{}",
            *(home.door.district_name, home.door.district_code, key),
        )
        self.books.story.add(
            *(home.id, who.id, referral, "own", told, who.called, "by web form", received),
        )
        home.asked_for.add(who.id)
        words = f"{who.called} asked for help."
        self._note(home, "received", words, None, came, referral=referral, to_stage="received", moved=True)
        return referral

    def _hold(
        self,
        home: Household,
        who: One,
        worker: Worker,
        team: int,
        since: int,
        *,
        referral: int | None = None,
        episode: int | None = None,
        until: int | None = None,
        level: str = "",
    ) -> None:
        self.books.holding.add(
            *(home.id, referral or NULL, episode or NULL, worker.id, team, self.calendar.moment(since)),
            NULL if until is None else self.calendar.moment(until),
            "received at the front door" if referral else "first contact",
        )
        if until is not None:
            home.worked[team] = max(until, home.worked.get(team, until))
            home.knew.setdefault(team, set()).add(who.id)
        else:
            home.working.setdefault(team, set()).add(who.id)
            home.treated.add(who.id)
            of_id = referral or episode or 0
            home.holds.append(Hold(worker.id, team, level, since, referral is not None, of_id))

    def _wait(
        self,
        home: Household,
        kind: str,
        user: int | None,
        team: int,
        opened: int,
        due: int,
        *,
        referral: int | None = None,
        handover: int | None = None,
    ) -> None:
        urgent = kind == "danger"
        nudged = due < -DAY
        self.books.wait.add(
            *(kind, home.id, home.door.area_id, referral or NULL, handover or NULL, user or NULL, team),
            *("This waits on you.", YES if urgent else NO, self.calendar.moment(opened)),
            self.calendar.moment(due),
            self.calendar.moment(due + 60) if nudged else NULL,
            *(NULL, ""),
        )
        home.waits.append((not urgent, due, kind))
        home.stuck = home.stuck or nudged

    def _note(
        self,
        home: Household,
        kind: str,
        headline: str,
        worker: Worker | None,
        when: int,
        *,
        referral: int | None = None,
        handover: int | None = None,
        episode: int | None = None,
        contact: int | None = None,
        to_stage: str = "",
        moved: bool = False,
    ) -> None:
        self.books.happening.add(
            *(home.id, referral or NULL, handover or NULL, episode or NULL, contact or NULL, kind),
            *("", to_stage, headline, "", YES if moved else NO),
            *((worker.id, worker.name) if worker else (NULL, "A visitor")),
            self.calendar.moment(when),
        )
