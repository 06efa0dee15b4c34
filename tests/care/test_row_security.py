"""The second wall: what the database itself shows of families, whatever a page forgot to ask."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest, StreamingHttpResponse
from tests.web.marked import Marked, State, viewers
from tests.world import NOW, World

from anydoor.access import audit, wall
from anydoor.access.models import ApiToken, AuditEntry, FirstLink, User
from anydoor.access.policy import Standing, standing_of
from anydoor.access.roles import Role
from anydoor.care.models import FamilyCare, Referral, Sight, Story
from anydoor.config.walled import BehindTheWall
from anydoor.people.models import ContactPoint, Family, FamilyMember, Person

pytestmark = pytest.mark.django_db

OURS = {"access", "people", "directory", "anydoor_messages", "care"}
# Columns that tie a row to somebody we help.
THEIRS = {
    "family_id",
    "person_id",
    "referral_id",
    "episode_id",
    "child_id",
    "measure_id",
    "goal_id",
    "seal_id",
}
# Tables with such a column and without row security, each for a reason.
OPEN = {
    "care_sight": "numbers of families and teams: what the policies read",
    "access_personalsight": "numbers of families: read with the account, before anybody's eyes are known",
    "access_personalsightchange": "the same, as it was",
    "care_apireceipt": "a key of a partner system and the request it made; asked for by that key alone",
}
OPEN_STATE = State(sealed=False, agreed=True, accepted=True)


def guarded() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        return {name for (name,) in cursor.fetchall()}


def seen(who: Standing, table: str) -> int:
    with wall.raised():
        wall.see_as(who)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 a table of ours
            (count,) = cursor.fetchone() or (0,)
            return int(count)


WhoIs = Callable[[str, Role], Standing]


@pytest.fixture
def who_is(world: World) -> WhoIs:
    everybody = {one.key: one.user for one in viewers(world)}

    def found(place: str, role: Role) -> Standing:
        return standing_of(User.objects.get(pk=everybody[place, role].pk), NOW.date(), NOW)

    return found


def test_every_table_that_names_somebody_is_behind_it() -> None:
    named = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and THEIRS & {field.column for field in model._meta.concrete_fields}
    }
    assert named - guarded() - set(OPEN) == set()
    assert set(OPEN) & guarded() == set()
    assert {"people_person", "people_family", "access_auditentry"} <= guarded()


def test_a_question_without_a_scope_is_answered_as_by_the_scope(world: World, who_is: WhoIs) -> None:
    Marked(world, OPEN_STATE)
    helps, beside = who_is("holder", Role.PRACTITIONER), who_is("beside", Role.PRACTITIONER)
    for model in (Family, FamilyMember, Person, ContactPoint, FamilyCare, Referral, Story):
        there = model.objects.count()
        assert there > 0
        assert seen(helps, model._meta.db_table) == there
        assert seen(beside, model._meta.db_table) == 0
    with wall.raised():
        assert list(Family.objects.all()) == []


def test_who_is_asked_sees_the_request_and_no_story(world: World, who_is: WhoIs) -> None:
    Marked(world, State(sealed=False, agreed=True, accepted=False))
    asked = who_is("asked", Role.PRACTITIONER)
    assert seen(asked, "care_handover") == 1
    assert seen(asked, "care_referral") == 1
    assert seen(asked, "care_story") == seen(asked, "care_happening") == seen(asked, "care_measure") == 0


def test_a_seal_shuts_it_and_a_name_opens_it(world: World, who_is: WhoIs) -> None:
    marked = Marked(world, State(sealed=True, agreed=True, accepted=True))
    lead = who_is("holder", Role.TEAM_LEAD)
    assert seen(lead, "people_family") == 0
    holder = FamilyCare.objects.get(pk=marked.family_id).lead
    assert holder is not None
    assert seen(standing_of(holder, NOW.date(), NOW), "care_story") > 0


def test_what_is_kept_from_somebody_is_seen_by_no_way(world: World, who_is: WhoIs) -> None:
    marked = Marked(world, OPEN_STATE)
    helps = who_is("holder", Role.PRACTITIONER)
    with wall.raised(wall.Wall(teams=helps.family_team_ids, kept_from=frozenset({marked.family_id}))):
        wall.see_also(marked.family_id)
        assert Family.objects.count() == Story.objects.count() == 0


def test_behind_it_only_for_as_long_as_a_verb_lasts(world: World) -> None:
    marked = Marked(world, OPEN_STATE)
    with wall.raised():
        with wall.working():
            assert Family.objects.count() == 1
            wall.see_also(marked.family_id)
            with wall.lifted("inside"):
                assert Family.objects.count() == 1
            assert Family.objects.count() == 1
        assert Family.objects.count() == 1  # what became known meanwhile stays known
    with wall.raised():
        assert Family.objects.count() == 0
    assert Family.objects.count() == 1


def test_after_a_rollback_it_stands_as_before(world: World) -> None:
    Marked(world, OPEN_STATE)
    with wall.raised():
        assert Family.objects.count() == 0
        with contextlib.suppress(RuntimeError), wall.working():
            assert Family.objects.count() == 1
            raise RuntimeError
        assert Family.objects.count() == 0
        with wall.lifted("to fail"), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute("SELECT 1 / 0")
        assert Family.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_after_an_error_that_was_caught_it_stands_as_before(world: World) -> None:
    Marked(world, OPEN_STATE)
    with wall.raised():
        with wall.lifted("to be what the server goes back to"):
            assert Family.objects.count() == 1
        with transaction.atomic():
            assert Family.objects.count() == 0
            with contextlib.suppress(DatabaseError):
                connection.cursor().execute("SELECT 1 / 0")
        assert Family.objects.count() == 0  # the commit was a rollback, and nobody said so


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_an_error_of_the_database_and_the_next_is_behind_it_too(world: World) -> None:
    Marked(world, OPEN_STATE)
    with wall.raised():
        assert Family.objects.count() == 0
        connection.connection.close()
        with wall.lifted("to lose it"), pytest.raises(OperationalError):
            Family.objects.count()
        connection.close()
        assert Family.objects.count() == 0


def test_nobody_writes_past_it(world: World) -> None:
    marked = Marked(world, OPEN_STATE)
    with wall.raised():
        assert Story.objects.all().update(words="Other words") == 0
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Sight.objects.filter(family_id=marked.family_id).update(level="full")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Family.objects.create()
    with wall.raised(), pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
        connection.cursor().execute("ALTER TABLE people_family DISABLE ROW LEVEL SECURITY")


def test_a_page_makes_no_way_in(world: World) -> None:
    refused = pytest.raises(DatabaseError, match="permission denied")
    with wall.raised(), refused, transaction.atomic():
        ApiToken.objects.create(
            name="Mine", digest="0" * 64, user=world.grace, team=world.therapies_team, created_at=NOW
        )
    with wall.raised(), refused, transaction.atomic():
        FirstLink.objects.create(user=world.grace, digest="0" * 64, sent_at=NOW, expires_at=NOW)


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE access_auditentry SET why = ''",
        "DELETE FROM access_auditseal",
        "DELETE FROM access_auditunsealed",
    ],
)
def test_neither_role_changes_the_audit(world: World, words: str) -> None:
    refused = pytest.raises(DatabaseError, match="permission denied")
    with wall.raised(), wall.lifted("to try"), refused, transaction.atomic():
        connection.cursor().execute(words)


def test_a_look_is_kept_whatever_is_seen(world: World, who_is: WhoIs) -> None:
    marked = Marked(world, OPEN_STATE)
    beside = who_is("beside", Role.PRACTITIONER)
    before = AuditEntry.objects.filter(user_id=beside.user_id).count()
    user = User.objects.get(pk=beside.user_id)
    with wall.raised():
        wall.see_as(beside)
        audit.record(
            action="tried", subject="family", subject_id=1, by=user, at=NOW, family_id=marked.family_id
        )
        of_them = AuditEntry.objects.filter(family_id=marked.family_id)
        assert set(of_them.values_list("user_id", flat=True)) == {beside.user_id}
    assert AuditEntry.objects.filter(user_id=beside.user_id).count() == before + 1


def test_what_is_sent_piece_by_piece_is_read_before_it_too(world: World) -> None:
    Marked(world, OPEN_STATE)
    pieces = (str(Family.objects.count()) for _ in range(2))
    answer = BehindTheWall(lambda request: StreamingHttpResponse(pieces))(HttpRequest())
    assert b"".join(answer.streaming_content) == b"00"  # type: ignore[attr-defined]  # a streaming response
    assert Family.objects.count() == 1
