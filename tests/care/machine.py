"""The verbs of care as a machine that walks at random, with what must always hold after every step.

Each step is a verb with plausible or impossible arguments: a refusal (`AnydoorError`) is an answer and must
leave everything as it was; anything else that is raised is a fault. All walks begin in the middle of the
same county, made once; each is one transaction that is rolled back, so the deferred constraints of the
database are asked after every step instead of at commit.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.world import NOW, World, build

from anydoor.access.audit import VISITOR, Outsider
from anydoor.access.models import User
from anydoor.care import coordination, episode, events, handover, holding, joining, standing, sweep, triage
from anydoor.care.intake import Told, receive
from anydoor.care.models import (
    Contact,
    Episode,
    FamilyCare,
    Handover,
    PossibleMatch,
    Referral,
    Wait,
)
from anydoor.care.proposing import Agreement
from anydoor.care.triage import Shown
from anydoor.people.models import Person
from anydoor.rules.end_state import END_REASONS
from anydoor.rules.errors import AnydoorError
from anydoor.rules.pathway import DeclineReason

ANY = st.integers(min_value=0, max_value=10_000)
STORIES = ("I feel low.", "I cannot go on, they would be better off without me.", "He cries all night.", "x")
NUMBERS = ("999 000 0018", "999 000 0026", "")
OPEN_STAGES = ("received", "read", "decided", "handing_over")

# Whatever happened: each open thing has one holder with an open account, nothing closed is held, nothing open
# waits on nobody or on a closed account, and a handover was completed by a real contact.
BROKEN_RULES = """
SELECT 'referral ' || r.id || ' not held once' FROM care_referral r
WHERE r.ended_at IS NULL AND (SELECT count(*) FROM care_holding h JOIN access_user u ON u.id = h.user_id
    WHERE h.referral_id = r.id AND h.to_at IS NULL AND u.is_active) <> 1
UNION ALL
SELECT 'episode ' || e.id || ' not held once' FROM care_episode e
WHERE e.ended_at IS NULL AND (SELECT count(*) FROM care_holding h JOIN access_user u ON u.id = h.user_id
    WHERE h.episode_id = e.id AND h.to_at IS NULL AND u.is_active) <> 1
UNION ALL
SELECT 'closed but held ' || h.id FROM care_holding h
LEFT JOIN care_referral r ON r.id = h.referral_id LEFT JOIN care_episode e ON e.id = h.episode_id
WHERE h.to_at IS NULL AND coalesce(r.ended_at, e.ended_at) IS NOT NULL
UNION ALL
SELECT 'waits on nobody: ' || r.reference FROM care_referral r WHERE r.ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM care_wait w LEFT JOIN care_handover h ON h.id = w.handover_id
    WHERE w.done_at IS NULL AND (w.referral_id = r.id OR h.referral_id = r.id))
UNION ALL
SELECT 'open handover waits on nobody: ' || h.id FROM care_handover h
WHERE h.stage IN ('proposed', 'accepted', 'introduced', 'declined', 'at_meeting')
AND NOT EXISTS (SELECT 1 FROM care_wait w WHERE w.handover_id = h.id AND w.done_at IS NULL)
UNION ALL
SELECT 'waits on a closed account: ' || w.kind || w.id FROM care_wait w JOIN access_user u ON u.id = w.user_id
WHERE w.done_at IS NULL AND NOT u.is_active
UNION ALL
SELECT 'completed without a contact: ' || h.id FROM care_handover h WHERE h.stage = 'completed'
AND NOT EXISTS (SELECT 1 FROM care_contact c WHERE c.handover_id = h.id AND c.outcome = 'attended')
"""
# Everything that is compared, in one statement that is planned once: it is asked after every step.
LOOK = f"""
PREPARE look_around AS SELECT
    ARRAY(SELECT coalesce('referral ' || referral_id, 'episode ' || episode_id) || '=' || user_id
        FROM care_holding WHERE to_at IS NULL),
    (SELECT count(*) FROM care_story), (SELECT count(*) FROM care_happening),
    (SELECT count(*) FROM care_wait),
    ARRAY_REMOVE(ARRAY[
        CASE WHEN EXISTS (SELECT 1 FROM care_handover) THEN 'handover' END,
        CASE WHEN EXISTS (SELECT 1 FROM care_possiblematch) THEN 'match' END,
        CASE WHEN EXISTS (SELECT 1 FROM care_contact WHERE outcome = 'planned') THEN 'planned' END,
        CASE WHEN EXISTS (SELECT 1 FROM care_wait WHERE kind = 'danger') THEN 'danger' END], NULL),
    ARRAY({BROKEN_RULES})
"""  # noqa: S608  # our own words


class Seen(NamedTuple):
    """What there is: who holds what, how many rows, what can be acted on, and rules that are broken."""

    holders: dict[str, str]
    stories: int
    happenings: int
    waits: int
    there: frozenset[str]
    broken: list[str]

    @classmethod
    def now(cls) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("EXECUTE look_around")
            held, stories, happenings, waits, there, broken = cursor.fetchone()
        holders = dict(one.split("=") for one in held)
        return cls(holders, stories, happenings, waits, frozenset(there), broken)


class Begun(NamedTuple):
    """The county in the middle of things, from which every walk sets out."""

    world: World
    at: datetime


class CareMachine(RuleBasedStateMachine):
    """One small county, and everybody in it acting in any order."""

    steps_walked = 0
    begun: Begun

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @classmethod
    def begin(cls) -> None:
        """Make the county, in the middle of things, and get ready to look at it."""
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(LOOK)
        machine = cls.__new__(cls)
        machine.world, machine.now = build(), NOW
        machine.seen = Seen.now()
        for story in STORIES:
            machine.world.refer(story=story)
        machine.seen = Seen.now()
        # So that short walks reach the end of the pathway.
        world = machine.world
        for number, chosen in enumerate((world.therapies, world.pairs, world.outside)):
            machine.decides(6 * number, list(type(chosen).objects.order_by("pk")).index(chosen) or 1, "yes")
            machine.proposes(6 * number + 1, 1, "agreed", 0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        cls.begun = Begun(machine.world, machine.now)

    @initialize()
    def found(self) -> None:
        self.world, self.now = deepcopy(self.begun.world), self.begun.at
        self.seen = self.told = Seen.now()
        self.looked = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # ---- choosing

    def one(self, rows: Any, number: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    def likely(self, rows: Any, number: int, *stages: str) -> Any:
        """Mostly one at which the verb makes sense; one time in six any, to be refused."""
        fitting = rows.filter(stage__in=stages) if number % 6 else rows
        return self.one(fitting, number // 6) or self.one(rows, number)

    def staff(self, number: int) -> User:
        return self.one(User.objects.all(), number)

    def thing(self, number: int, *, any_stage: bool = False) -> Referral | Episode | None:
        referrals, episodes = Referral.objects.all(), Episode.objects.all()
        if not any_stage:
            referrals, episodes = referrals.filter(stage__in=OPEN_STAGES), episodes.filter(stage="open")
        found = [*referrals.order_by("pk"), *episodes.order_by("pk")]
        return found[number % len(found)] if found else None

    def service(self, number: int) -> Any:
        return self.one(type(self.world.pairs).objects.all(), number)

    def do(self, work: Callable[[], object], *, moves: bool = False) -> None:
        """Run a verb. `moves` says that this verb may change who holds; all others must not."""
        type(self).steps_walked += 1
        self.now += timedelta(minutes=37)
        before = self.seen
        refused = False
        try:
            with transaction.atomic():
                work()
        except AnydoorError:
            refused = True
        self.seen = after = Seen.now()
        if refused:
            assert after.holders == before.holders, "a refused verb changed who holds"
            assert after[1:4] == before[1:4], "a refused verb left something behind"
        if not moves:
            kept = {thing: who for thing, who in after.holders.items() if thing in before.holders}
            assert kept == {thing: before.holders[thing] for thing in kept}, (
                "the holder changed outside a handover"
            )

    # ---- doors

    @rule(story=st.sampled_from(STORIES), number=st.sampled_from(NUMBERS), row=st.integers(0, 5), age=ANY)
    def somebody_asks(self, story: str, number: str, row: int, age: int) -> None:
        told = Told(
            story=story,
            door="web" if row else "phone",
            contact=f"07700 9001{row:02}",
            name="Rosie Thackeray" if row % 2 else "",
            nhs_number=number,
            born_on=NOW.date() - timedelta(days=9_000 + age % 3) if row else None,
            due_on=NOW.date() + timedelta(days=60) if row == 3 else None,
        )
        by = VISITOR if row else self.world.sunita
        ref = f"row:{row}:{age % 40}" if row > 3 else None
        self.do(lambda: receive(told=told, area=self.world.area, by=by, at=self.now, source_ref=ref))

    # ---- the front door

    @rule(n=ANY, who=ANY)
    def reads(self, n: int, who: int) -> None:
        if referral := self.likely(Referral.objects.all(), n, "received"):
            self.do(lambda: triage.read(referral=referral, by=self.staff(who), at=self.now))

    def _takes(self, n: int, who: int) -> None:
        colleagues = [self.world.sunita, self.world.tom, self.world.priya]
        by = User.objects.get(pk=colleagues[who % 3].pk)
        if referral := self.one(Referral.objects.all(), n):
            self.do(lambda: triage.take(referral=referral, by=by, at=self.now), moves=True)

    @rule(n=ANY, which=ANY, answer=st.sampled_from(["yes", "some", "not_asked", "no", ""]))
    def decides(self, n: int, which: int, answer: str) -> None:
        referral, chosen = self.likely(Referral.objects.all(), n, "read", "received"), self.service(which)
        if referral:
            self.do(
                lambda: triage.decide(
                    referral=referral,
                    level="targeted",
                    words="It may help.",
                    answer=answer,
                    shown=[Shown(chosen.pk, chosen.name, "suits", ("Near",), (), which % 3 > 0)],
                    by=self.world.sunita,
                    at=self.now,
                )
            )

    def _pauses(self, n: int, days: int) -> None:
        if referral := self.one(Referral.objects.all(), n):
            until = self.now.date() + timedelta(days=days)
            self.do(
                lambda: triage.pause(
                    referral=referral, until=until, words="", by=self.world.sunita, at=self.now
                )
            )

    def _decides_match(self, n: int, same: bool) -> None:
        if match := self.one(PossibleMatch.objects.all(), n):
            self.do(lambda: joining.decide_match(match=match, same=same, by=self.world.sunita, at=self.now))

    def _acknowledges(self, n: int, words: str) -> None:
        if wait := self.one(Wait.objects.filter(kind="danger"), n):
            self.do(
                lambda: triage.acknowledge_danger(wait=wait, words=words, by=self.world.sunita, at=self.now)
            )

    # ---- handovers

    @rule(n=ANY, which=ANY, agreed=st.sampled_from(["agreed", "reason", "same"]), kind=ANY)
    def proposes(self, n: int, which: int, agreed: str, kind: int) -> None:
        chosen = self.service(which)
        decided = self.likely(Referral.objects.all(), n, "decided")
        thing = decided if n % 3 else self.thing(n, any_stage=n % 7 == 0)
        agreement = Agreement(
            agreed,
            by="Rosie",
            words="Yes",
            at=self.now,
            reason="A child may be hurt, I told her so.",
            authority="child_safety",
        )
        kinds = ("handover", "step_up", "step_down", "alongside")
        if thing:
            self.do(
                lambda: handover.propose(
                    thing=thing,
                    service=chosen,
                    agreement=agreement,
                    words="",
                    by=self.world.sunita,
                    at=self.now,
                    kind=kinds[kind % 4],
                )
            )

    def answerer(self, row: Handover, who: int) -> User | Outsider:
        if row.to_team_id is None:
            return Outsider("Ann", "receiver")
        if who % 5 == 0:
            return self.staff(who)
        team = self.one(User.objects.filter(memberships__team=row.to_team_id, is_active=True), who)
        return team or self.staff(who)

    @precondition(lambda self: "handover" in self.seen.there)
    @rule(n=ANY, who=ANY)
    def accepts(self, n: int, who: int) -> None:
        if row := self.likely(Handover.objects.all(), n, "proposed"):
            self.do(lambda: handover.accept(handover=row, by=self.answerer(row, who), at=self.now))

    @precondition(lambda self: "handover" in self.seen.there)
    @rule(n=ANY, who=ANY, which=ANY, reason=st.sampled_from([*DeclineReason, "because"]))
    def declines(self, n: int, who: int, which: int, reason: str) -> None:
        if row := self.likely(Handover.objects.all(), n, "proposed", "accepted"):
            self.do(
                lambda: handover.decline(
                    handover=row,
                    reason=str(reason),
                    words="Not for us.",
                    by=self.answerer(row, who),
                    at=self.now,
                    alternative=self.service(which),
                )
            )

    @precondition(lambda self: "handover" in self.seen.there)
    @rule(n=ANY)
    def introduces(self, n: int) -> None:
        if row := self.likely(Handover.objects.all(), n, "accepted"):
            self.do(lambda: handover.introduce(handover=row, words="", by=self.world.sunita, at=self.now))

    @precondition(lambda self: "handover" in self.seen.there)
    @rule(n=ANY, who=ANY)
    def meets(self, n: int, who: int) -> None:
        if row := self.likely(Handover.objects.all(), n, "accepted", "introduced"):
            self.do(
                lambda: handover.first_contact(
                    handover=row, mode="phone", words="Spoke.", by=self.answerer(row, who), at=self.now
                ),
                moves=True,
            )

    @precondition(lambda self: "handover" in self.seen.there)
    @rule(n=ANY, way=st.sampled_from(["alternative", "other", "back", "meeting"]), which=ANY)
    def looks_again(self, n: int, way: str, which: int) -> None:
        row = self.likely(Handover.objects.all(), n, "declined", "at_meeting")
        if row is None:
            return
        priya = self.world.priya
        ways: dict[str, Callable[[], object]] = {
            "alternative": lambda: coordination.take_alternative(handover=row, by=priya, at=self.now),
            "other": lambda: coordination.take_alternative(
                handover=row,
                by=priya,
                at=self.now,
                service=self.service(which),
                words="All agreed on this.",
                authority="adult_safety",
            ),
            "back": lambda: coordination.put_back(handover=row, reason="It fits.", by=priya, at=self.now),
            "meeting": lambda: coordination.decide_together(handover=row, by=priya, at=self.now),
        }
        self.do(ways[way])

    @precondition(lambda self: "handover" in self.seen.there)
    @rule(n=ANY)
    def withdraws(self, n: int) -> None:
        if row := self.likely(Handover.objects.all(), n, "proposed", "declined"):
            self.do(lambda: handover.withdraw(handover=row, why="No.", by=self.world.sunita, at=self.now))

    # ---- with a service

    @rule(n=ANY, who=ANY, outcome=st.sampled_from(["attended", "not_reached", "could_not_come", "planned"]))
    def records_contact(self, n: int, who: int, outcome: str) -> None:
        ahead = timedelta(days=3) if outcome == "planned" else timedelta()
        if thing := self.thing(n, any_stage=n % 7 == 0):
            self.do(
                lambda: episode.record_contact(
                    thing=thing,
                    mode="phone",
                    outcome=outcome,
                    words="We spoke.",
                    by=self.staff(who),
                    at=self.now,
                    happens_at=self.now + ahead,
                )
            )

    @precondition(lambda self: "planned" in self.seen.there)
    @rule(n=ANY, outcome=st.sampled_from(["attended", "could_not_come"]), moved=st.booleans())
    def says_what_happened(self, n: int, outcome: str, moved: bool) -> None:
        row = self.one(Contact.objects.filter(outcome="planned"), n)
        if row is None:
            return
        to = self.now + timedelta(days=2)
        if moved:
            self.do(
                lambda: episode.move_contact(contact=row, to=to, why="", by=self.world.sunita, at=self.now)
            )
        elif thing := (row.episode or row.referral):
            self.do(
                lambda: episode.record_contact(
                    thing=thing,
                    planned=row,
                    mode="phone",
                    outcome=outcome,
                    words="We spoke.",
                    by=self.world.sunita,
                    at=self.now,
                )
            )

    @rule(n=ANY, reason=st.sampled_from([*END_REASONS, "tired"]))
    def ends(self, n: int, reason: str) -> None:
        if thing := self.thing(n, any_stage=n % 7 == 0) if n % 3 else None:
            self.do(
                lambda: episode.end(
                    thing=thing, reason=reason, words="It ended.", by=self.world.sunita, at=self.now
                )
            )

    @rule(n=ANY, who=ANY)
    def reopens(self, n: int, who: int) -> None:
        if referral := self.likely(Referral.objects.all(), n, "ended", "taken_up"):
            self.do(
                lambda: episode.reopen(
                    referral=referral,
                    why="They rang.",
                    by=self.staff(who),
                    team=self.world.front_door,
                    at=self.now,
                ),
                moves=True,
            )

    @rule(n=ANY, kind=st.sampled_from([*events.KINDS]), which=ANY)
    def something_happens(self, n: int, kind: str, which: int) -> None:
        care = self.one(FamilyCare.objects.all(), n)
        if care is None:
            return
        babies = Person.objects.filter(memberships__family=care.family_id, memberships__role="baby")
        self.do(
            lambda: events.record_event(
                family_id=care.pk,
                kind=kind,
                on=self.now.date(),
                by=self.world.sunita,
                at=self.now,
                baby=self.one(babies, which) if which % 2 else None,
                loss_kind="stillbirth",
                new_area=self.world.area,
            )
        )

    # ---- people come and go

    def _moves_holding(self, n: int, to: int) -> None:
        if (thing := self.thing(n)) and thing.holder_team:
            self.do(
                lambda: holding.move_holding(
                    thing=thing,
                    to=self.staff(to),
                    team=thing.holder_team,
                    why="She is nearer.",
                    by=self.world.lead,
                    at=self.now,
                ),
                moves=True,
            )

    def _goes_on_leave(self, who: int, cover: int, days: int) -> None:
        first = self.now.date()
        self.do(
            lambda: holding.record_leave(
                user=self.staff(who),
                starts_on=first,
                ends_on=first + timedelta(days=days),
                cover=self.staff(cover),
                by=self.world.lead,
                at=self.now,
            ),
            moves=True,
        )

    def _leaves_for_good(self, who: int) -> None:
        if User.objects.filter(is_active=True).count() > 5:
            leaver = self.staff(who)
            if who % 4 and leaver.pk == self.world.tom.pk:
                return
            self.do(lambda: holding.close_account(user=leaver, by=self.world.lead, at=self.now), moves=True)

    def _family_chooses(self, n: int, who: int) -> None:
        if care := self.one(FamilyCare.objects.all(), n):
            self.do(
                lambda: holding.choose_lead(
                    family_id=care.pk, lead=self.staff(who), words="", by=self.world.sunita, at=self.now
                )
            )

    @rule(days=st.integers(0, 6))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.do(lambda: sweep.run(at=self.now), moves=True)

    @rule(n=ANY, m=ANY, days=st.integers(-3, 200), same=st.booleans(), side=st.integers(0, 7))
    def something_beside(self, n: int, m: int, days: int, same: bool, side: int) -> None:
        """The smaller verbs share one rule, so that walks spend their steps on the pathway."""
        beside: tuple[Callable[[], None], ...] = (
            lambda: self._takes(n, m),
            lambda: self._pauses(n, days),
            lambda: self._decides_match(n, same),
            lambda: self._acknowledges(n, "I rang, he is safe now." if same else ""),
            lambda: self._goes_on_leave(n, m, days % 11),
            lambda: self._leaves_for_good(n),
            lambda: self._family_chooses(n, m),
            lambda: self._moves_holding(n, m),
        )
        beside[side]()

    # ---- what must always hold

    @invariant()
    def the_database_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def no_rule_of_the_house_is_broken(self) -> None:
        assert self.seen.broken == []

    @invariant()
    def nothing_told_is_lost(self) -> None:
        assert self.seen.stories >= self.told.stories
        assert self.seen.happenings >= self.told.happenings
        self.told = self.seen

    @invariant()
    def the_lists_tell_the_truth(self) -> None:
        self.looked += 1
        if self.looked % 3 == 0 and (
            care := self.one(FamilyCare.objects.select_related("family"), self.looked)
        ):
            assert standing.compare(care.family, at=self.now) == []
