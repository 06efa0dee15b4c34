"""Area files in the database: the same slug is the same row, faults load nothing, what is gone is closed."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from anydoor.access.audit import Outsider
from anydoor.access.models import AuditEntry, Organisation, Team, User
from anydoor.directory.area_files import AREAS, AreaFaults
from anydoor.directory.loading import Loaded, load_area, load_areas
from anydoor.directory.models import Area, District, Place, Service, uid_of
from anydoor.rules.errors import BadInput, NotFound

BY = Outsider("A test", "import")


def _copy(tmp_path: Path, old: str, new: str) -> Path:
    """North Lincolnshire's file with one text replaced wherever it stands."""
    text = (AREAS / "north-lincolnshire.toml").read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new)
    file = tmp_path / "north-lincolnshire.toml"
    file.write_text(text, encoding="utf-8")
    return file


def _without_service(tmp_path: Path, slug: str) -> Path:
    parts = (AREAS / "north-lincolnshire.toml").read_text(encoding="utf-8").split("[[service]]")
    kept = [part for part in parts if f'slug = "{slug}"' not in part]
    assert len(kept) == len(parts) - 1
    file = tmp_path / "north-lincolnshire.toml"
    file.write_text("[[service]]".join(kept), encoding="utf-8")
    return file


def test_the_four_areas_load(four_areas: list[Loaded]) -> None:
    assert [loaded.area.slug for loaded in four_areas] == sorted(loaded.area.slug for loaded in four_areas)
    assert Area.objects.count() == 4
    assert {loaded.area.slug: loaded.created["service"] for loaded in four_areas} == {
        slug: Service.objects.filter(area__slug=slug).count()
        for slug in Area.objects.values_list("slug", flat=True)
    }
    assert Team.objects.filter(kind="front_door").count() == 4
    assert not Service.objects.filter(footprint__isnull=True).exists()


def test_a_service_is_read_whole(four_areas: list[Loaded]) -> None:
    pairs = Service.objects.get(slug="pairs")
    assert (pairs.strand, pairs.level, pairs.state) == ("pir", "specialist", "offered")
    assert (pairs.pregnancy_from_week, pairs.pregnancy_to_week) == (None, None)
    assert (pairs.child_from_days, pairs.child_to_days) == (0, 1461)
    assert set(pairs.invented) >= {"capacity", "wait_days"}
    assert pairs.organisation.name
    assert pairs.team is not None
    assert pairs.source.startswith("norfolk-")
    massage = Service.objects.get(slug="norfolk-infant-massage-dads")
    assert massage.when
    assert massage.places.exists()
    closed = Service.objects.get(slug="nn-norpip")
    assert (closed.state, closed.team) == ("closed", None)


def test_the_front_door_has_hours_and_a_fallback(four_areas: list[Loaded], fallback: User) -> None:
    area = Area.objects.get(slug="norfolk")
    assert area.front_door.slug == "norfolk-front-door"
    assert (area.front_door.opens, area.front_door.closes) == (time(8), time(18))
    assert area.front_door.fallback == fallback
    assert (area.triage_days, area.tries, area.danger_minutes) == (2, 3, 15)
    assert "Dereham" in area.places_near


def test_lowestoft_is_served_and_not_norfolks(four_areas: list[Loaded]) -> None:
    norfolk = Area.objects.get(slug="norfolk")
    lowestoft = District.objects.get(code="E07000244")
    assert lowestoft not in norfolk.districts.all()
    team = Service.objects.get(slug="norfolk-perinatal-community-team")
    assert lowestoft in team.footprint.all()
    assert team.postcode_districts == {"E07000244": ["NR32", "NR33", "NR34"]}


def test_loading_again_changes_nothing(four_areas: list[Loaded], now: datetime) -> None:
    before = {model: model.objects.count() for model in (Organisation, Team, Place, Service, District)}
    again = load_area(area="norfolk", by=BY, at=now)
    assert sum(again.created.values()) == 0
    assert sum(again.changed.values()) == 0
    assert again.closed == ()
    assert {model: model.objects.count() for model in before} == before


def test_the_file_wins_and_what_it_does_not_know_stays(
    four_areas: list[Loaded], now: datetime, fallback: User
) -> None:
    lead = User.objects.create_user("lead@norfolk-hubs.example", name="Oda Lund")
    Service.objects.filter(slug="pairs").update(name="Edited", capacity=1, lead=lead)
    Team.objects.filter(slug="norfolk-front-door").update(lead=lead)
    Service.objects.get(slug="pairs").footprint.clear()
    again = load_area(area="norfolk", by=BY, at=now)
    pairs = Service.objects.get(slug="pairs")
    assert again.changed["service"] == 1
    assert pairs.name == "Parent and Infant Relationship Service (PAIRS)"
    assert pairs.capacity == 40
    assert pairs.lead == lead
    assert pairs.footprint.count() >= 7
    door = Team.objects.get(slug="norfolk-front-door")
    assert (door.lead, door.fallback) == (lead, fallback)


def test_another_fallback_can_be_named(four_areas: list[Loaded], now: datetime) -> None:
    other = User.objects.create_user("other@norfolk-hubs.example", name="Ines Roth")
    load_area(area="norfolk", by=BY, at=now, fallback=other)
    assert Team.objects.get(slug="norfolk-front-door").fallback == other
    assert Team.objects.get(slug="cw-front-door").fallback != other


def test_what_is_gone_from_the_file_is_closed_with_a_note(
    four_areas: list[Loaded], now: datetime, tmp_path: Path
) -> None:
    file = _without_service(tmp_path, "nl-vig")
    loaded = load_area(area=file, by=BY, at=now)
    assert loaded.closed == ("nl-vig",)
    vig = Service.objects.get(slug="nl-vig")
    assert (vig.state, vig.state_until) == ("closed", now.date())
    assert vig.state_note == "No longer in the area file since 10 March 2026."
    assert load_area(area=file, by=BY, at=now).closed == ()
    load_area(area="north-lincolnshire", by=BY, at=now)
    assert Service.objects.get(slug="nl-vig").state == "offered"


def test_what_was_made_in_the_pages_is_not_closed(four_areas: list[Loaded], now: datetime) -> None:
    made = Service.objects.get(slug="nl-vig")
    made.pk, made.uid, made.slug, made.source = (
        None,
        uid_of("service", "made-here"),
        "made-here",
        "Told by the hub",
    )
    made.save()
    assert load_area(area="north-lincolnshire", by=BY, at=now).closed == ()
    made.refresh_from_db()
    assert made.state == "offered"


def test_one_fault_loads_nothing(fallback: User, now: datetime, tmp_path: Path) -> None:
    file = _copy(tmp_path, 'strand = "pir"', 'strand = "pirr"')
    with pytest.raises(AreaFaults) as caught:
        load_areas(areas=["cornwall", file], by=BY, at=now, fallback=fallback)
    assert len(caught.value.faults) >= 5
    assert {fault.key for fault in caught.value.faults} == {"strand"}
    assert not Area.objects.exists()
    assert not Organisation.objects.exists()


def test_another_areas_slug_and_prefix_are_not_taken(
    four_areas: list[Loaded], fallback: User, now: datetime, tmp_path: Path
) -> None:
    file = _copy(tmp_path, 'slug = "north-lincolnshire"', 'slug = "elsewhere"')
    with pytest.raises(AreaFaults) as caught:
        load_area(area=file, by=BY, at=now, fallback=fallback)
    words = caught.value.message
    assert "area, reference_prefix: is already used by north-lincolnshire" in words
    assert "service nl-piew, slug: already belongs to another area" in words
    assert "place nl-brigg-hub, slug: already belongs to another area" in words
    assert not Area.objects.filter(slug="elsewhere").exists()


@pytest.mark.django_db
def test_a_new_front_door_needs_a_fallback_with_an_open_account(now: datetime) -> None:
    with pytest.raises(AreaFaults, match="norfolk-front-door, fallback"):
        load_area(area="norfolk", by=BY, at=now)
    gone = User.objects.create_user(
        "gone@norfolk-hubs.example", name="Gil Orr", is_active=False, closed_at=now
    )
    with pytest.raises(BadInput, match="account is closed"):
        load_area(area="norfolk", by=BY, at=now, fallback=gone)
    assert not Team.objects.exists()


def test_loading_is_in_the_audit(four_areas: list[Loaded]) -> None:
    entry = AuditEntry.objects.get(action="load_area", subject_id=Area.objects.get(slug="norfolk").pk)
    assert (entry.actor, entry.purpose) == ("A test", "directory")


def test_loading_takes_few_queries(
    four_areas: list[Loaded], now: datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator] # pytest-django's fixture
        load_area(area="norfolk", by=BY, at=now)


@pytest.mark.django_db
def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str], fallback: User) -> None:
    call_command("load", "areas", "cornwall", "--fallback", fallback.email.upper())
    assert "Cornwall: 23 services new, 0 changed, 0 as they were" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["areas", "nowhere"], 2, "There is no area file 'nowhere'"),
        (["areas", "cornwall", "--fallback", "no@one.example"], 2, "Nobody here has that e-mail"),
        (["areas", "cornwall"], 1, "cornwall.toml: team cw-front-door, fallback"),
        (["postcodes", "nowhere.csv"], 2, "There is no file"),
    ],
)
def test_the_commands_exit_codes(words: list[str], code: int, says: str) -> None:
    with pytest.raises(CommandError, match=says) as caught:
        call_command("load", *words)
    assert caught.value.returncode == code


def test_an_unknown_slug_is_not_found(now: datetime) -> None:
    with pytest.raises(NotFound):
        load_area(area="atlantis", by=BY, at=now)
