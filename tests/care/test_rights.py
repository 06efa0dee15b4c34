"""Rights over a record: what is given and left out, what is held, and what is left after an erasure."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from psycopg import sql
from tests.web.scenes import held_by_grace, rosie
from tests.world import NOW, World, person

from anydoor.access.audit_check import verify
from anydoor.access.models import User
from anydoor.access.policy import standing_of
from anydoor.access.roles import Role
from anydoor.care import amend, episode
from anydoor.care.holders import count_holders
from anydoor.care.models import AccessRequest, Erasure, FamilyCare, Happening, Story, Wait
from anydoor.care.rights import asking, erasing, holds, objecting, one_person
from anydoor.care.rights.columns import FATES, OF_NO_FAMILY
from anydoor.messages.models import OutboxMessage
from anydoor.people import register
from anydoor.people.models import ContactPoint, FamilyMember, Person
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, WrongMoment

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)
SECRETS = ("Thackeray", "just feel scared", "900123", "DoNotRing", "spoke about sleep", "Elm Road")
WORDS = (models.CharField, models.TextField, models.JSONField)


# ---- the list of columns is whole


def models_of_families() -> list[type[models.Model]]:
    found = [one for room in ("people", "care", "messages") for one in apps.get_app_config(room).get_models()]
    assert len(found) > 40
    return [one for one in found if one not in OF_NO_FAMILY]


@pytest.mark.parametrize("model", models_of_families(), ids=lambda one: one.__name__)
def test_what_becomes_of_every_column_is_decided(model: type[models.Model]) -> None:
    mine = [fate for fate in FATES if fate.model is model]
    assert len(mine) == 1, f"say in care/rights/columns.py what becomes of {model.__name__} at an erasure"
    fate = mine[0]
    if fate.taken:
        return
    columns = {one.name for one in model._meta.concrete_fields}
    said = [*fate.emptied, *fate.kept, *fate.codes]
    assert sorted(said) == sorted(columns), f"{model.__name__}: each column once"
    for one in model._meta.concrete_fields:
        holds_words = isinstance(one, WORDS) or one.get_internal_type() == "ArrayField"
        if holds_words and one.name not in fate.emptied and one.name != "counts":
            assert one.name in fate.codes, f"{model.__name__}.{one.name} may hold words: empty it"


# ---- erasing


def told(world: World) -> int:
    """A family with something of everything, whose help has ended."""
    row = held_by_grace(world)
    amend.add_instruction(
        person=row.person, family_id=row.family_id, kind="safety", words="DoNotRing.", by=world.grace, at=NOW
    )
    episode.record_contact(
        thing=row, mode="home", outcome="attended", happens_at=NOW, place="Elm Road", words="We met.",
        purpose="treatment", by=world.grace, at=NOW,
    )  # fmt: skip
    return row.family_id


def ended(world: World) -> int:
    family_id = told(world)
    row = world.therapies.episodes.get(family=family_id)
    episode.end(thing=row, reason="finished", words="Done with Rosie Thackeray.", by=world.grace, at=LATER)
    Wait.objects.open().filter(family=family_id).update(done_at=LATER)
    return family_id


def leads(world: World) -> tuple[User, User]:
    return person("Ivy Gale", world.front_door, Role.IG_LEAD), person(
        "Una Dale", world.front_door, Role.IG_LEAD
    )


def left_in_the_database(words: str) -> list[str]:
    """Every table of the database with a row that has these words in any column."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            query = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text ILIKE %s").format(
                sql.Identifier(table)
            )
            cursor.execute(query, [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_an_erasure_leaves_no_word_in_any_table(world: World, tmp_path) -> None:
    family_id = ended(world)
    ivy, una = leads(world)
    before = {words: left_in_the_database(words) for words in SECRETS}
    assert all(before.values()), before
    events = Happening.objects.filter(family=family_id).count()
    row = erasing.ask(family_id=family_id, basis="asked", why="They asked us to.", by=ivy, at=LATER)
    done = erasing.erase(erasure_id=row.pk, words="Looked at.", by=una, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert {words: left_in_the_database(words) for words in SECRETS} == {words: [] for words in SECRETS}
    assert Happening.objects.filter(family=family_id).count() == events
    assert done.state == "done"
    assert done.counts["care_happening"] == events
    assert done.counts["people_person"] == FamilyMember.objects.filter(family=family_id).count()
    done.refresh_from_db()
    assert erasing.digest_of(done) == done.digest
    told = erasing.certificate(done)
    assert (told["asked_by"], told["erased_by"]) == ("Ivy Gale", "Una Dale")
    assert "backups" in told
    assert count_holders().all_well
    assert verify(tmp_path).all_well


def test_nobody_erases_alone_or_under_a_hold_or_while_something_is_open(world: World) -> None:
    ivy, una = leads(world)
    family_id = told(world)
    with pytest.raises(WrongMoment, match="holds them"):
        erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=NOW)
    row = world.therapies.episodes.get(family=family_id)
    episode.end(thing=row, reason="finished", words="Done.", by=world.grace, at=LATER)
    Wait.objects.open().filter(family=family_id).update(done_at=LATER)
    with pytest.raises(BadInput):
        erasing.ask(family_id=family_id, basis="whim", why="Asked.", by=ivy, at=LATER)
    asked = erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)
    with pytest.raises(NotAllowed):
        erasing.erase(erasure_id=asked.pk, by=ivy, at=LATER)
    held = holds.hold(family_id=family_id, reason="claim", words="A claim.", until=None, by=ivy, at=LATER)
    with pytest.raises(WrongMoment, match="legal hold"):
        erasing.erase(erasure_id=asked.pk, by=una, at=LATER)
    assert "Thackeray" in Person.objects.get(memberships__family=family_id, memberships__role="mother").name
    holds.lift(hold_id=held.pk, words="Settled.", by=una, at=LATER)
    erasing.erase(erasure_id=asked.pk, by=una, at=LATER)
    with pytest.raises(WrongMoment):
        erasing.erase(erasure_id=asked.pk, by=una, at=LATER)
    with pytest.raises(WrongMoment, match="erased already"):
        erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)


def test_whoever_is_in_another_family_keeps_their_own_record(world: World) -> None:
    family_id = ended(world)
    ivy, una = leads(world)
    mother = Person.objects.get(memberships__family=family_id, memberships__role="mother")
    other = world.refer(name="Nia Rowe", contact="07700 900777")
    FamilyMember.objects.create(family=other.family, person=mother, role="mother", joined_at=NOW)
    row = erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)
    erasing.erase(erasure_id=row.pk, by=una, at=LATER)
    mother.refresh_from_db()
    assert mother.name == "Rosie Thackeray"
    assert mother.contact_points.exists()


def refused_by_the_database(work: str, *values: object) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(work, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as fault:
        return str(fault)
    return "nothing was refused"


def test_the_database_opens_no_other_way_to_what_was_said(world: World) -> None:
    family_id = ended(world)
    ivy, una = leads(world)
    empty = (
        "UPDATE care_happening SET headline='Erased', words='', by_words='', facts='{}' WHERE family_id=%s"
    )
    assert "only added" in refused_by_the_database(empty, family_id)
    row = erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)
    assert "only added" in refused_by_the_database(empty, family_id)
    assert "erased_by_two" in refused_by_the_database(
        "UPDATE care_erasure SET state='erasing', decided_by_id=asked_by_id WHERE id=%s", row.pk
    )
    assert "transaction that begins it" in refused_by_the_database(
        "UPDATE care_erasure SET state='erasing', decided_by_id=%s WHERE id=%s", una.pk, row.pk
    )
    Erasure.objects.filter(pk=row.pk).update(state="erasing", decided_by=una)
    assert "only added" in refused_by_the_database(
        "UPDATE care_happening SET words='Something else' WHERE family_id=%s", family_id
    )
    assert "only added" in refused_by_the_database("DELETE FROM care_happening WHERE family_id=%s", family_id)
    Erasure.objects.filter(pk=row.pk).update(state="asked", decided_by=None)
    erasing.erase(erasure_id=row.pk, by=una, at=LATER)
    assert "kept as it is" in refused_by_the_database("UPDATE care_erasure SET why='' WHERE id=%s", row.pk)
    assert "kept as it is" in refused_by_the_database("DELETE FROM care_erasure WHERE id=%s", row.pk)


def test_another_areas_lead_and_an_unnamed_one_find_nothing(world: World) -> None:
    ivy, _ = leads(world)
    stranger = person("Odd Lead", world.pairs_team, Role.IG_LEAD)
    referral = rosie(world)
    day = date(2026, 3, 10)
    assert holds.governed(standing_of(ivy, day), referral.family_id, "answer_access").pk == referral.family_id
    for who in (stranger, world.grace, world.lead):
        with pytest.raises(NotFound):
            holds.governed(standing_of(who, day), referral.family_id, "answer_access")
    referral.family.care.sealed = True
    referral.family.care.save()
    with pytest.raises(NotFound):
        holds.governed(standing_of(ivy, day), referral.family_id, "answer_access")


# ---- asking for one's own record


def both_parents(world: World) -> tuple[int, Person, Person]:
    """Rosie and Sam in one family; Sam told something about himself, and something about Rosie."""
    row = held_by_grace(world)
    sam = Person.objects.create(name="Samuel Orchard", known_as="Sam")
    register.index_names(sam)
    FamilyMember.objects.create(family_id=row.family_id, person=sam, role="father", joined_at=NOW)
    ContactPoint.objects.create(
        person=sam, kind="mobile", typed="07700 900555", value="+447700900555", added_at=NOW
    )
    told = {"family_id": row.family_id, "how": "phone", "at": NOW, "recorded_by": world.grace}
    Story.objects.create(
        person=sam, kind="own", words="I cry in the garage.", told_by="Samuel Orchard", **told
    )
    Story.objects.create(
        person=row.person, kind="worker", words="She shouts at night.", told_by="Sam Orchard", **told
    )
    Story.objects.create(
        person=row.person,
        kind="worker",
        words="She fears Orchard. Ring 07700 900555.",
        told_by="Rosie",
        **told,
    )
    return row.family_id, row.person, sam


def asked(family_id: int, one: Person, ivy: User, **more: object) -> AccessRequest:
    return asking.open_request(
        **{
            "family_id": family_id, "person_id": one.pk, "asked_by": one.name, "asked_as": "self",
            "proof": "Passport seen", "asked_on": NOW.date(), "by": ivy, "at": NOW, **more,
        }
    )  # fmt: skip


def test_a_partners_request_never_opens_the_other_parents_record(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, sam = both_parents(world)
    who = standing_of(ivy, NOW.date())
    mine = json.dumps(asking.preview(asked(family_id, sam, ivy), who))
    assert "garage" in mine
    for secret in ("Thackeray", "just feel scared", "900123", "spoke about sleep", "shouts", "fears"):
        assert secret not in mine
    hers = json.dumps(asking.preview(asked(family_id, rosie_, ivy), who))
    assert "just feel scared" in hers
    for secret in ("garage", "900555", "shouts", "Orchard"):
        assert secret not in hers
    with pytest.raises(BadInput) as fault:
        asked(family_id, rosie_, ivy, asked_as="parent", asked_by="Samuel Orchard")
    assert fault.value.field == "asked_as"


def test_what_may_tell_of_others_is_looked_at_by_a_person_and_left_out_with_a_reason(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, _ = both_parents(world)
    who = standing_of(ivy, NOW.date())
    row = asked(family_id, rosie_, ivy)
    assert row.due_on == date(2026, 4, 10)
    lines = {one.entry.key: one for one in asking.bundle(row, who)}
    doubtful = next(one for one in lines.values() if "fears Orchard" in str(one.entry.lines))
    out = next(one for one in lines.values() if "shouts" in str(one.entry.lines))
    assert (doubtful.stands, out.stands) == ("look", "out")
    with pytest.raises(WrongMoment, match="to be looked at"):
        asking.send(request_id=row.pk, who=who, how="By hand", by=ivy, at=NOW)
    how = {"request_id": row.pk, "who": who, "by": ivy, "at": NOW}
    with pytest.raises(BadInput, match="does not say"):
        asking.choose(
            **how, key=doubtful.entry.key, of=doubtful.entry.digest, choice="part", reason="third_party",
            words="His number.", passages=["not there"],
        )  # fmt: skip
    with pytest.raises(BadInput, match="why it may be given"):
        asking.choose(**how, key=out.entry.key, of=out.entry.digest, choice="in")
    with pytest.raises(WrongMoment, match="changed"):
        asking.choose(**how, key=doubtful.entry.key, of="0" * 64, choice="in")
    for one in lines.values():
        if one.entry.key == doubtful.entry.key:
            asking.choose(
                **how, key=one.entry.key, of=one.entry.digest, choice="part", reason="third_party",
                words="His number.", passages=["Ring 07700 900555."],
            )  # fmt: skip
        elif one.stands == "look":
            asking.choose(
                **how,
                key=one.entry.key,
                of=one.entry.digest,
                choice="out",
                reason="confidential",
                words="Not hers.",
            )
    sent = asking.send(request_id=row.pk, who=who, how="By hand", by=ivy, at=NOW)
    text = json.dumps(sent.sent)
    assert "She fears Orchard. [left out]" in text
    assert "900555" not in text
    assert "It is about somebody else" in text
    assert asking.digest_of(sent.sent) == sent.digest
    with pytest.raises(WrongMoment):
        asking.send(request_id=row.pk, who=who, how="By hand", by=ivy, at=NOW)


def test_words_that_changed_after_a_decision_are_looked_at_again(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, _ = both_parents(world)
    who = standing_of(ivy, NOW.date())
    row = asked(family_id, rosie_, ivy)
    facts = asking.bundle(row, who)[0].entry
    asking.choose(request_id=row.pk, who=who, key=facts.key, of=facts.digest, choice="in", by=ivy, at=NOW)
    Person.objects.filter(pk=rosie_.pk).update(gp_practice="Another practice")
    assert asking.bundle(row, who)[0].stands == "look"


def test_more_time_is_taken_once(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, _ = both_parents(world)
    row = asked(family_id, rosie_, ivy)
    asking.more_time(request_id=row.pk, months=2, why="Very much to read.", by=ivy, at=NOW)
    row.refresh_from_db()
    assert row.due_on == date(2026, 6, 10)
    with pytest.raises(WrongMoment):
        asking.more_time(request_id=row.pk, months=1, why="More.", by=ivy, at=NOW)


# ---- one person's part


@pytest.mark.parametrize("model", models_of_families(), ids=lambda one: one.__name__)
def test_what_is_one_persons_of_every_table_is_decided(model: type[models.Model]) -> None:
    fate = next(one for one in FATES if one.model is model)
    assert one_person.is_decided(fate), f"say in care/rights/one_person.py whose {model.__name__} is"


def let_go(world: World, family_id: int) -> None:
    row = world.therapies.episodes.get(family=family_id)
    episode.end(thing=row, reason="finished", words="Done with Rosie Thackeray.", by=world.grace, at=LATER)
    Wait.objects.open().filter(family=family_id).update(done_at=LATER)


def test_erasing_one_parent_leaves_the_other_and_the_child_whole(world: World, tmp_path) -> None:
    ivy, una = leads(world)
    family_id, rosie_, sam = both_parents(world)
    amend.add_instruction(
        person=sam, family_id=family_id, kind="need", words="TwinsFather.", by=world.grace, at=NOW
    )
    baby = Person.objects.get(memberships__family=family_id, memberships__role="baby")
    due = baby.due_on
    let_go(world, family_id)
    with pytest.raises(BadInput) as fault:
        erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)
    assert fault.value.field == "person"
    before = {words: left_in_the_database(words) for words in ("Orchard", "garage", "900555", "TwinsFather")}
    assert all(before.values()), before
    asked_ = erasing.ask(
        family_id=family_id, person_id=sam.pk, basis="asked", why="They asked.", by=ivy, at=LATER
    )
    done = erasing.erase(erasure_id=asked_.pk, words="Looked at.", by=una, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for words in ("garage", "TwinsFather"):
        assert left_in_the_database(words) == [], words
    # What she told of him is hers, and what somebody told of her.
    for words in ("Orchard", "900555"):
        assert set(left_in_the_database(words)) <= {"care_story"}, words
    for words in ("Thackeray", "just feel scared", "900123", "spoke about sleep"):
        assert left_in_the_database(words), words
    rosie_.refresh_from_db()
    baby.refresh_from_db()
    assert (rosie_.name, baby.due_on) == ("Rosie Thackeray", due)
    assert erasing.digest_of(done) == done.digest
    assert erasing.certificate(done)["person"] == sam.pk
    care = FamilyCare.objects.get(pk=family_id)
    assert care.title == "Rosie Thackeray"
    assert "Sam" not in care.with_words
    assert holds.governed(standing_of(ivy, NOW.date()), family_id, "answer_access")
    assert verify(tmp_path).all_well
    with pytest.raises(WrongMoment, match="erased already"):
        erasing.ask(family_id=family_id, person_id=sam.pk, basis="asked", why="Asked.", by=ivy, at=LATER)
    # The rest can go later, when its own time is over.
    rest = erasing.ask(family_id=family_id, basis="over", why="Kept long enough.", by=ivy, at=LATER)
    erasing.erase(erasure_id=rest.pk, by=una, at=LATER)
    assert left_in_the_database("Thackeray") == []


def test_one_parent_goes_while_the_other_is_still_helped_and_never_the_other_way(world: World) -> None:
    ivy, una = leads(world)
    family_id, rosie_, sam = both_parents(world)
    with pytest.raises(WrongMoment, match="holds"):
        erasing.ask(family_id=family_id, person_id=rosie_.pk, basis="asked", why="Asked.", by=ivy, at=LATER)
    row = erasing.ask(family_id=family_id, person_id=sam.pk, basis="asked", why="Asked.", by=ivy, at=LATER)
    erasing.erase(erasure_id=row.pk, by=una, at=LATER)
    assert count_holders().all_well
    assert world.therapies.episodes.get(family=family_id).holder == world.grace
    assert Story.objects.filter(person=rosie_).count() == 3


def test_a_child_of_two_families_keeps_their_record_in_the_other(world: World) -> None:
    ivy, una = leads(world)
    family_id = ended(world)
    baby = Person.objects.get(memberships__family=family_id, memberships__role="baby")
    Person.objects.filter(pk=baby.pk).update(name="Wren Thackeray")
    father = world.refer(name="Nia Rowe", contact="07700 900777")
    FamilyMember.objects.create(family=father.family, person=baby, role="baby", joined_at=NOW)
    row = erasing.ask(family_id=family_id, basis="over", why="Over.", by=ivy, at=LATER)
    erasing.erase(erasure_id=row.pk, by=una, at=LATER)
    baby.refresh_from_db()
    assert baby.name == "Wren Thackeray"
    assert Person.objects.filter(name="Nia Rowe").exists()


def test_what_waits_in_the_outbox_is_cancelled_with_the_record(world: World) -> None:
    ivy, una = leads(world)
    family_id = ended(world)
    message = OutboxMessage.objects.filter(family=family_id).first()
    OutboxMessage.objects.filter(pk=message.pk).update(
        state="sending", body="Rosie Thackeray", address="a@b.example"
    )
    row = erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)
    erasing.erase(erasure_id=row.pk, by=una, at=LATER)
    message.refresh_from_db()
    assert (message.state, message.body, message.address) == ("cancelled", "", "")


def test_an_open_answer_stands_against_it(world: World) -> None:
    ivy, _ = leads(world)
    family_id = ended(world)
    mother = Person.objects.get(memberships__family=family_id, memberships__role="mother")
    objecting.say(
        person_id=mother.pk, family_id=family_id, kind="use", words="Erase it.", said_by="Rosie", how="phone",
        by=ivy, at=LATER,
    )  # fmt: skip
    with pytest.raises(WrongMoment, match="not right"):
        erasing.ask(family_id=family_id, basis="asked", why="Asked.", by=ivy, at=LATER)
