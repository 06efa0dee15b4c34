"""The open feed: what a client, the official description and the Department's importer make of it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.directory.areas import load_examples

from anydoor.config.environ import CHECKOUT
from anydoor.directory.models import Place, Postcode, Service, Session

jsonschema = pytest.importorskip("jsonschema")

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
STUB = "/openreferral/v3"
STANDARD = CHECKOUT.parent / "shared" / "standards" / "open-referral-uk"
ENVELOPE = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
    "contents": list,
}

pytestmark = pytest.mark.django_db


def get(path: str = "", **asked: str | int) -> Any:
    """A client that knows only the address, and follows nothing."""
    answer = Client().get(f"{STUB}{path}", asked)
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer


def page(path: str, **asked: str | int) -> dict[str, Any]:
    answer = get(path, **asked)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/json"
    found = answer.json()
    assert {key: type(value) for key, value in found.items()} == ENVELOPE
    assert list(found) == list(ENVELOPE)
    assert found["size"] == len(found["contents"])
    assert found["empty"] is (not found["contents"])
    return found  # type: ignore[no-any-return]  # what JSON gives


def walk(path: str, per_page: int = 50) -> Iterator[dict[str, Any]]:
    number = 1
    while True:
        found = page(path, page=number, per_page=per_page)
        assert found["page_number"] == number
        assert found["first_page"] is (number == 1)
        assert found["last_page"] is (number >= found["total_pages"])
        yield from found["contents"]
        if found["last_page"]:
            return
        number += 1


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The four areas, once for all tests here: each takes back what it changed itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_examples(NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def county(loaded: None, db: None) -> None:
    """The four areas."""


@cache
def schema(name: str) -> Any:
    file = STANDARD / "schemas" / f"{name}.json"
    if not file.is_file():
        pytest.skip("the published schemas are not beside the checkout")
    found = json.loads(file.read_text())
    for key in ("taxonomy_terms",):  # refers to its neighbour's file
        if found.get("properties", {}).get(key, {}).get("items", {}).get("$ref"):
            found["properties"][key]["items"] = json.loads(
                (STANDARD / "schemas" / "taxonomy_term.json").read_text()
            )
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())


def must_fit(document: dict[str, Any], name: str) -> None:
    faults = [
        f"{'/'.join(map(str, each.path))}: {each.message}" for each in schema(name).iter_errors(document)
    ]
    assert faults == []


def says_nothing(value: Any) -> bool:
    """Whether somewhere in it stands null, empty text, an empty list or an empty object."""
    if value in (None, "", [], {}):
        return True
    if isinstance(value, dict):
        return any(map(says_nothing, value.values()))
    return isinstance(value, list) and any(map(says_nothing, value))


def ids_in(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "id" or name.endswith("_id"):
                yield name, each
            yield from ids_in(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from ids_in(each, key)


# ---------------------------------------------------------------- the standard


def test_the_root_names_the_version(county: None) -> None:
    for path in ("", "/"):
        found = get(path)
        assert found.status_code == 200
        assert found.json()["version"] == "HSDS-UK-3.0"
        assert set(found.json()) == {"version", "profile", "openapi_url"}


LISTS = {
    "/services": ("service_list", "service"),
    "/service_at_locations": ("service_at_location_list", "service_at_location"),
    "/taxonomies": ("taxonomy", "taxonomy"),
    "/taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}


@pytest.mark.parametrize("path", LISTS)
def test_every_page_and_every_entry_fits_the_published_schema(path: str, county: None) -> None:
    listed, nested = LISTS[path]
    found = list(walk(path, per_page=100))
    assert found
    assert len({each["id"] for each in found}) == len(found)
    for each in found:
        must_fit(each, listed)
        assert not says_nothing(each)
    for each in found[:: max(len(found) // 25, 1)]:
        whole = get(f"{path}/{each['id']}")
        assert whole.status_code == 200
        assert whole.json()["id"] == each["id"]
        must_fit(whole.json(), nested)
        assert not says_nothing(whole.json())
        for name, value in ids_in(whole.json()):
            assert str(uuid.UUID(value)) == value, name


def test_a_service_at_a_location_fits_the_slip_of_the_official_description_too(county: None) -> None:
    """It binds this address to the schema of a service."""
    for each in page("/service_at_locations", per_page=20)["contents"]:
        must_fit(get(f"/service_at_locations/{each['id']}").json(), "service")


def test_the_ids_in_a_service_lead_on(county: None) -> None:
    """Whatever a document refers to can be asked for."""
    for each in page("/services", per_page=100)["contents"][::9]:
        whole = get(f"/services/{each['id']}").json()
        for link in whole.get("service_at_locations", []):
            assert get(f"/service_at_locations/{link['id']}").status_code == 200
        for attribute in whole["attributes"]:
            term = get(f"/taxonomy_terms/{attribute['taxonomy_term']['id']}")
            assert term.json() == attribute["taxonomy_term"]
            assert get(f"/taxonomies/{attribute['taxonomy_term']['taxonomy_id']}").status_code == 200
        assert get(f"/organizations/{whole['organization_id']}").status_code == 200


def test_the_importer_of_the_department_can_read_it(county: None) -> None:
    """It reads the first page, then each service, into strict classes: see the facts it insists on."""
    first = page("/services")
    assert len(first["contents"]) >= min(50, first["total_items"])
    for each in first["contents"][::5]:
        whole = get(f"/services/{each['id']}").json()
        for key in ("minimum_age", "maximum_age"):
            if key in whole:
                assert type(whole[key]) is int
                assert 0 <= whole[key] <= 255
        assert whole["organization"]["name"]
        assert whole["organization"]["description"]
        for attribute in whole["attributes"]:
            assert attribute["link_entity"] == "service"
            assert {"code", "name", "description"} <= attribute["taxonomy_term"].keys()
        for link in whole.get("service_at_locations", []):
            assert link["location"]["location_type"] == "physical"
            for address in link["location"].get("addresses", []):
                assert {
                    "address_1",
                    "city",
                    "state_province",
                    "postal_code",
                    "country",
                    "address_type",
                } <= set(address)
        for schedule in whole.get("schedules", []):
            for key in ("opens_at", "closes_at"):
                assert re.fullmatch(r"\d\d:\d\d:\d\d", schedule[key])
                time.fromisoformat(schedule[key])
            for key in ("valid_from", "valid_to", "dtstart"):
                if key in schedule:
                    date.fromisoformat(schedule[key])


# ---------------------------------------------------------------- pages


def test_pages_hold_each_service_once_in_a_stable_order(county: None) -> None:
    names = [each["id"] for each in walk("/services", per_page=7)]
    assert names == [each["id"] for each in walk("/services", per_page=100)]
    assert len(names) == Service.objects.live(date(2026, 3, 10)).count()


def test_a_page_says_where_its_neighbours_are(county: None) -> None:
    links = get("/services", page=2, per_page=10, search="a")["Link"]
    by_name = {name: address for address, name in re.findall(r'<([^>]+)>; rel="(\w+)"', links)}
    assert set(by_name) == {"first", "prev", "next", "last"}
    assert "page=3" in by_name["next"]
    assert "per_page=10" in by_name["next"]
    assert "search=a" in by_name["next"]


@pytest.mark.parametrize(
    ("asked", "size"), [({}, 100), ({"per_page": 1}, 1), ({"per_page": 100}, 100), ({"per_page": 5000}, 100)]
)
def test_a_page_has_at_most_a_hundred(asked: dict[str, int], size: int, county: None) -> None:
    found = page("/services", **asked)
    assert found["size"] == size
    assert found["total_pages"] == -(-found["total_items"] // size)


def test_behind_the_last_page_there_is_an_empty_one(county: None) -> None:
    found = page("/services", page=9999)
    assert (found["size"], found["empty"], found["last_page"], found["first_page"]) == (0, True, True, False)
    assert found["total_items"] > 0


def test_an_empty_directory_is_a_feed_too(county: None) -> None:
    Service.objects.update(visible_until=date(2020, 1, 1))
    found = page("/services")
    assert found == {
        "total_items": 0,
        "total_pages": 0,
        "page_number": 1,
        "size": 0,
        "first_page": True,
        "last_page": True,
        "empty": True,
        "contents": [],
    }


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page": "two"}, "page"),
        ({"page": "1.5"}, "page"),
        ({"page": "9" * 40}, "page"),
        ({"per_page": "0"}, "per_page"),
        ({"per_page": "many"}, "per_page"),
        ({"taxonomy_term_id": "mood"}, "taxonomy_term_id"),
        ({"taxonomy_id": "1"}, "taxonomy_id"),
        ({"minimum_age": "old"}, "minimum_age"),
        ({"maximum_age": "-1"}, "maximum_age"),
        ({"start_time": "25:00"}, "start_time"),
        ({"end_time": "noon"}, "end_time"),
        ({"day": "Someday"}, "day"),
        ({"search": "a\x00b"}, "search"),
        ({"search": "x" * 300}, "search"),
        ({"full": "maybe"}, "full"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(asked: dict[str, str], field: str, db: None) -> None:
    answer = get("/services", **asked)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field
    assert field in answer.json()["detail"]


def test_parameters_that_the_standard_does_not_know_are_passed_over(county: None) -> None:
    assert page("/services", utm_source="x")["total_items"] == page("/services")["total_items"]


@pytest.mark.parametrize("path", [*LISTS, "/organizations"])
@pytest.mark.parametrize("uid", ["00000000-0000-4000-8000-000000000000", "x", "1", "%00", "a/b"])
def test_an_id_that_is_not_there(path: str, uid: str, db: None) -> None:
    answer = get(f"{path}/{uid}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "/", *LISTS, *(f"{each}/" for each in LISTS), "/organizations"])
def test_with_and_without_a_slash_and_never_sent_on(path: str, county: None) -> None:
    assert get(path).status_code == 200
    assert Client().head(f"{STUB}{path}").status_code == 200
    asked = Client().options(f"{STUB}{path}", headers={"Origin": "https://council.example"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(enforce_csrf_checks=True), method)(f"{STUB}{path}").status_code == 405


# ---------------------------------------------------------------- filters


def _one(**columns: Any) -> Service:
    """A service of the county changed to be recognised."""
    row = Service.objects.live(date(2026, 3, 10)).order_by("pk")[0]
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    return row


def _ids(**asked: str | int) -> set[str]:
    return {each["id"] for each in page("/services", **asked)["contents"]}


def test_words_are_looked_for_in_name_and_summary(county: None) -> None:
    row = _one(name="Zebra dads", summary="Quaggas welcome")
    assert _ids(search="zebra QUAGGAS") == {str(row.uid)}
    assert _ids(search="zebra unicorn") == set()
    assert _ids(search="100%_") == set()


def test_terms_and_taxonomies(county: None) -> None:
    terms = {each["code"]: each for each in walk("/taxonomy_terms", per_page=100)}
    for code, column in [("level:specialist", "level"), ("strand:pir", "strand")]:
        found = _ids(taxonomy_term_id=terms[code]["id"], per_page=100)
        want = Service.objects.live(date(2026, 3, 10)).filter(**{column: code.split(":")[1]})
        assert found == {str(row.uid) for row in want}
    fathers = _ids(taxonomy_term_id=terms["audience:father"]["id"], per_page=100)
    assert fathers
    for uid in list(fathers)[:5]:
        assert "father" in Service.objects.get(uid=uid).audience
    strands = _ids(taxonomy_id=terms["strand:pir"]["taxonomy_id"], per_page=100)
    assert (
        strands == {str(row.uid) for row in Service.objects.live(date(2026, 3, 10)).exclude(strand="")}
        or len(strands) == 100
    )
    assert _ids(taxonomy_term_id="00000000-0000-4000-8000-000000000000") == set()


def test_ages_are_those_that_are_shown(county: None) -> None:
    everything = [
        get(f"/services/{each['id']}").json() for each in page("/services", per_page=40)["contents"]
    ]
    for asked, fits in [
        ({"minimum_age": 1}, lambda each: each.get("minimum_age", -1) >= 1),
        ({"maximum_age": 2}, lambda each: each.get("maximum_age", 999) <= 2),
        ({"minimum_age": 0, "maximum_age": 1}, lambda each: 0 <= each.get("maximum_age", 999) <= 1),
    ]:
        found = _walk_ids(asked)
        for each in everything:
            assert (each["id"] in found) is fits(each), (
                asked,
                each.get("minimum_age"),
                each.get("maximum_age"),
            )


def _walk_ids(asked: dict[str, int]) -> set[str]:
    found: set[str] = set()
    number = 1
    while True:
        one = page("/services", per_page=100, page=number, **asked)
        found |= {each["id"] for each in one["contents"]}
        if one["last_page"]:
            return found
        number += 1


def test_day_and_time_are_those_of_one_session(county: None) -> None:
    Session.objects.all().delete()
    row = _one()
    Session.objects.create(service=row, weekday=5, starts=time(10), ends=time(12))
    Session.objects.create(service=row, weekday=2, starts=time(18), ends=time(19))
    mine = {str(row.uid)}
    assert _ids(day="SA") == _ids(day="Saturday") == mine
    assert _ids(day="SA", start_time="09:30", end_time="12:00") == mine
    assert _ids(day="SA", start_time="17:00") == set()
    assert _ids(start_time="17:00:00") == mine
    assert _ids(day="SU") == set()
    Session.objects.filter(weekday=5).delete()
    Session.objects.create(service=row, on_date=date(2026, 3, 14), starts=time(10), ends=time(12))
    assert _ids(day="SA") == mine


def test_near_a_postcode(county: None) -> None:
    place = Place.objects.filter(services__isnull=False).exclude(postcode="")[0]
    near = page("/service_at_locations", postcode=place.postcode, proximity=500)
    assert str(place.uid) in {each["location_id"] for each in near["contents"]}
    far = page("/service_at_locations", postcode=place.postcode, proximity=200_000)
    assert far["total_items"] > near["total_items"]
    covered = page("/service_at_locations", postcode=place.postcode)
    district = Postcode.objects.get(pk=place.postcode).district_id
    for each in covered["contents"]:
        assert Service.objects.get(uid=each["service_id"]).footprint.filter(pk=district).exists()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"proximity": 100}, "proximity"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"postcode": "ZZ99 3VZ"}, "postcode"),
        ({"postcode": "NR1 3DD", "proximity": "far"}, "proximity"),
    ],
)
def test_a_place_that_cannot_be_read(asked: dict[str, str], field: str, county: None) -> None:
    answer = get("/service_at_locations", **asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


# ---------------------------------------------------------------- what is told


def test_what_families_cannot_see_is_not_there(county: None) -> None:
    row = _one()
    assert get(f"/services/{row.uid}").status_code == 200
    for hidden in (
        {"state": "closed"},
        {"state": "planned"},
        {"state": "offered", "visible_from": date(2999, 1, 1)},
        {"visible_from": None, "visible_until": date(2020, 1, 1)},
        {"visible_until": None, "state_from": None, "state_until": date(2020, 1, 1)},
    ):
        _changed(row, **hidden)
        assert get(f"/services/{row.uid}").status_code == 404, hidden
        assert str(row.uid) not in _walk_ids({})


def _changed(row: Service, **columns: Any) -> None:
    Service.objects.filter(pk=row.pk).update(**columns)


def test_nothing_that_is_not_public_is_told(county: None) -> None:
    row = _one(
        lead_name="Zelda Private",
        lead_title="Secret lead",
        outside_email="back.door@private.example",
        outside_phone="01632 960999",
        state_note="Not for families",
        source="private-source:1",
    )
    for path in (f"/services/{row.uid}", "/services", "/service_at_locations", "/organizations"):
        told = get(path).content.decode()
        for secret in ("Zelda", "Secret lead", "back.door", "960999", "Not for families", "private-source"):
            assert secret not in told


def test_closed_for_a_time_is_said(county: None) -> None:
    row = _one(closed_from=date(2020, 1, 1), closed_until=None, closed_note="The boiler is broken.")
    told = get(f"/services/{row.uid}").json()
    assert (told["status"], told["alert"]) == ("temporarily closed", "The boiler is broken.")


def test_sessions_are_schedules(county: None) -> None:
    row = _one()
    row.sessions.all().delete()
    place = row.places.first() or Place.objects.filter(area=row.area)[0]
    for weekday in (0, 3):
        Session.objects.create(service=row, place=place, weekday=weekday, starts=time(9, 30), ends=time(11))
    Session.objects.create(
        service=row,
        weekday=0,
        starts=time(18),
        ends=time(19),
        every_weeks=2,
        from_on=date(2026, 3, 11),
        online=True,
    )
    told = get(f"/services/{row.uid}").json()["schedules"]
    weekly = next(each for each in told if each["interval"] == 1)
    assert (weekly["freq"], weekly["byday"], weekly["opens_at"]) == ("WEEKLY", "MO,TH", "09:30:00")
    assert weekly["description"] == "Mondays and Thursdays, 09:30 to 11:00"
    fortnightly = next(each for each in told if each["interval"] == 2)
    # From a Wednesday on, the first Monday is the 16th; the standard counts from there.
    assert (fortnightly["dtstart"], fortnightly["attending_type"]) == ("2026-03-16", "online")


# ---------------------------------------------------------------- what it costs


def test_a_page_of_a_hundred_takes_few_queries(county: None) -> None:
    for path, most in [("/services", 2), ("/service_at_locations", 8), ("/organizations", 2)]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(path, per_page=100)
        assert len(queries) <= most, [each["sql"][:120] for each in queries]
    with CaptureQueriesContext(connection) as queries:
        page("/services", per_page=100, full="true")
    assert len(queries) <= 7


def test_in_full_each_is_what_it_is_alone(county: None) -> None:
    for each in page("/services", per_page=20, full="true")["contents"]:
        assert each == get(f"/services/{each['id']}").json()
