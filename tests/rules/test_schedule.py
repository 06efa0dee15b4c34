"""The schedule: the published windows as worked examples, and what must hold for every date."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.schedule import (
    Course,
    Planned,
    Stay,
    has_older,
    plan,
    pregnancies,
    stands,
    timing,
)
from anydoor.rules.schedule_contacts import ALL, BY_KEY, NATIONAL, Age, add_months
from anydoor.rules.schedule_local import schedule_of, schedules

DUE = date(2026, 6, 1)  # 40+0; so 28+0 is 9 March 2026
BORN = date(2026, 1, 31)


def planned(course: Course, key: str) -> Planned:
    return next(one for one in plan(course) if one.key == key)


def window(course: Course, key: str) -> tuple[date, date]:
    one = planned(course, key)
    return one.opens_on, one.closes_on


# ---------------------------------------------------------------- the published windows


@pytest.mark.parametrize(
    ("key", "opens", "closes"),
    [
        ("MW-BK", date(2025, 8, 25), date(2025, 11, 3)),  # by 10+0
        ("SCAN-1", date(2025, 11, 12), date(2025, 12, 2)),  # 11+2 to 14+1
        ("MW-16", date(2025, 12, 1), date(2026, 1, 4)),  # 14 to 18 weeks
        ("SCAN-2", date(2025, 12, 29), date(2026, 1, 18)),  # 18+0 to 20+6
        ("MW-25", date(2026, 2, 16), date(2026, 2, 22)),
        ("MW-28", date(2026, 3, 9), date(2026, 3, 15)),
        ("MW-31", date(2026, 3, 30), date(2026, 4, 5)),
        ("MW-34", date(2026, 4, 20), date(2026, 4, 26)),
        ("MW-36", date(2026, 5, 4), date(2026, 5, 10)),
        ("MW-38", date(2026, 5, 18), date(2026, 5, 24)),
        ("MW-40", date(2026, 6, 1), date(2026, 6, 7)),
        ("MW-41", date(2026, 6, 8), date(2026, 6, 14)),
        ("HV1", date(2026, 3, 9), date(2026, 6, 15)),  # from 28+0; not born: until 42+0
    ],
)
def test_windows_of_a_pregnancy(key: str, opens: date, closes: date) -> None:
    assert window(Course(due_on=DUE, first="yes"), key) == (opens, closes)


@pytest.mark.parametrize(
    ("key", "opens", "closes"),
    [
        ("MW-PN", date(2026, 2, 10), date(2026, 2, 28)),  # 10 to 28 days
        ("HV2", date(2026, 2, 7), date(2026, 2, 14)),  # day 7 to day 14 (C2)
        ("HV3", date(2026, 3, 14), date(2026, 3, 28)),  # 6 to 8 weeks (C8i)
        ("GP", date(2026, 3, 14), date(2026, 3, 28)),
        ("HV4", date(2026, 10, 31), date(2027, 4, 30)),  # 9 to 15 months; April has no 31st
        ("HV5", date(2028, 1, 31), date(2028, 7, 31)),  # 24 to 30 months
    ],
)
def test_windows_after_a_birth(key: str, opens: date, closes: date) -> None:
    assert window(Course(born_on=BORN), key) == (opens, closes)


def test_a_birth_on_the_29th_of_february_and_short_months() -> None:
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert window(Course(born_on=date(2024, 2, 29)), "HV5") == (date(2026, 2, 28), date(2026, 8, 29))


def test_the_extra_visits_are_least_sure_and_only_where_an_area_wants_them() -> None:
    keys = {one.key for one in plan(Course(born_on=BORN))}
    assert "HV-EX-3" not in keys
    assert BY_KEY["HV-EX-3"].is_unverified
    local = schedule_of({"contacts": {"HV-EX-3": {"source": "Programme board, 4 May 2026"}}})
    assert {one.key for one in plan(Course(born_on=BORN), local)} == keys | {"HV-EX-3"}


def test_gad_2_belongs_to_the_contacts_that_are_audited() -> None:
    asked = {key for key, contact in NATIONAL.contacts.items() if "GAD-2" in contact.screens}
    assert asked == {"MW-BK", "MW-28", "HV1", "MW-PN", "HV2", "HV3", "HV4"}


def test_every_instrument_asked_is_known_and_every_window_says_its_source() -> None:
    for contact in ALL:
        assert contact.source
        for ask in contact.asks:
            assert set(ask.instruments) <= set(PRESENT), contact.key


# ---------------------------------------------------------------- who has which


def test_some_appointments_are_only_in_a_first_pregnancy() -> None:
    only_first = {"MW-25", "MW-31", "MW-40"}
    for first, verdict in (("yes", "wanted"), ("no", "not_needed"), ("not_asked", "not_needed")):
        rows = [one for one in plan(Course(due_on=DUE, first=first)) if one.key in only_first]
        assert {(one.verdict, one.counted) for one in rows} == {(verdict, verdict == "wanted")}, first
        assert len(rows) == 3


def test_a_birth_at_31_weeks_leaves_nothing_undone_that_could_not_be_done() -> None:
    born = date(2026, 3, 31)  # 31+1
    course = Course(due_on=DUE, born_on=born, first="yes")
    wanted = {one.key for one in plan(course) if one.verdict == "wanted" and one.contact.is_antenatal}
    assert wanted == {"MW-BK", "SCAN-1", "MW-16", "SCAN-2", "MW-25", "MW-28", "HV1"}
    assert planned(course, "MW-31").why == "born_before"
    assert not planned(course, "MW-34").counted
    assert window(course, "HV1") == (date(2026, 3, 9), born)
    assert window(course, "HV2") == (born + timedelta(days=7), born + timedelta(days=14))


def test_a_birth_before_28_weeks_needs_no_health_visitor_before_birth() -> None:
    assert planned(Course(due_on=DUE, born_on=date(2026, 3, 9)), "HV1").verdict == "not_needed"


def test_before_the_birth_the_reviews_are_only_estimated() -> None:
    one = planned(Course(due_on=DUE), "HV2")
    assert one.estimated
    assert (one.opens_on, one.closes_on) == (date(2026, 6, 8), date(2026, 6, 15))
    assert not planned(Course(due_on=DUE), "MW-28").estimated


def test_twins_share_the_pregnancy_and_have_reviews_of_their_own() -> None:
    twins = [Course(due_on=DUE), Course(due_on=DUE)]
    assert pregnancies(twins) == [0, 0]
    second = {one.key for one in plan(Course(due_on=DUE, leads=False))}
    assert second == {"HV2", "HV3", "HV4", "HV5"}


def test_the_living_twin_leads_after_the_other_was_lost() -> None:
    lost = Course(due_on=DUE, lost_on=date(2026, 2, 1))
    assert pregnancies([lost, Course(due_on=DUE)]) == [1, 1]


def test_children_years_apart_are_two_pregnancies_and_the_second_is_not_a_first() -> None:
    older, younger = Course(born_on=date(2024, 1, 1)), Course(due_on=DUE)
    assert pregnancies([older, younger]) == [0, 1]
    assert has_older(younger, [older])
    assert not has_older(older, [younger])
    twin = Course(born_on=date(2026, 6, 1))
    assert not has_older(Course(born_on=date(2026, 6, 2)), [twin])


# ---------------------------------------------------------------- reasons that are nobody's failure


def test_a_loss_closes_everything_and_what_was_missed_before_stays_counted() -> None:
    course = Course(born_on=BORN, lost_on=date(2026, 3, 1))
    rows = {one.key: one for one in plan(course)}
    assert {one.verdict for one in rows.values()} == {"excluded"}
    assert {one.why for one in rows.values()} == {"bereaved"}
    assert rows["HV2"].counted  # its window closed on 14 February
    assert not rows["HV3"].counted


@pytest.mark.parametrize(
    ("stay", "verdict", "counted"),
    [
        (Stay(BORN), "excluded", False),
        (Stay(BORN, date(2026, 2, 14)), "wanted", True),  # home on the day the window closes
        (Stay(BORN, date(2026, 2, 15)), "wanted", False),  # in care on that day; home the day after
        (Stay(date(2026, 2, 15)), "wanted", True),  # taken in after it had closed
    ],
)
def test_a_baby_in_neonatal_care_when_the_window_closes(stay: Stay, verdict: str, counted: bool) -> None:
    one = planned(Course(born_on=BORN, stays=(stay,)), "HV2")
    assert (one.verdict, one.counted) == (verdict, counted)


def test_once_home_there_are_as_many_days_again() -> None:
    home = date(2026, 3, 20)
    one = planned(Course(born_on=BORN, stays=(Stay(BORN, home),)), "HV2")
    assert (one.opens_on, one.closes_on, one.why) == (home, date(2026, 3, 27), "neonatal")


def test_a_window_that_closed_before_we_knew_them_is_not_ours() -> None:
    course = Course(born_on=BORN, known_from=date(2026, 2, 15))
    assert planned(course, "HV2").verdict == "not_ours"
    assert planned(course, "MW-PN").verdict == "wanted"


def test_a_move_takes_out_what_closes_after_it_and_keeps_the_count_of_what_closed_before() -> None:
    course = Course(born_on=BORN, left_on=date(2026, 3, 1))
    assert planned(course, "HV2").counted
    assert (planned(course, "HV3").why, planned(course, "HV3").counted) == ("moved_out", False)


# ---------------------------------------------------------------- done, and when


@pytest.mark.parametrize(
    ("day", "when", "met"),
    [
        (0, "in_time", ("C2", "C3")),
        (6, "in_time", ("C2", "C3")),
        (14, "in_time", ("C2", "C3")),
        (15, "late", ("C3",)),
        (30, "late", ("C3",)),
        (31, "late", ()),
    ],
)
def test_a_new_baby_review_on_each_day(day: int, when: str, met: tuple[str, ...]) -> None:
    one = planned(Course(born_on=BORN), "HV2")
    found = timing(
        one.contact,
        done_on=BORN + timedelta(days=day),
        counts_from=one.counts_from,
        closes_on=one.closes_on,
        born_on=BORN,
    )
    assert (found.when, found.met) == (when, met)


def test_a_review_before_its_window_is_early_and_meets_nothing() -> None:
    one = planned(Course(born_on=BORN), "HV3")
    found = timing(
        one.contact,
        done_on=BORN + timedelta(days=41),
        counts_from=one.counts_from,
        closes_on=one.closes_on,
        born_on=BORN,
    )
    assert (found.when, found.met) == ("early", ())


def test_how_it_stands_on_each_day() -> None:
    opens, closes, lapses = date(2026, 3, 9), date(2026, 3, 15), date(2026, 4, 19)
    days = {
        date(2026, 3, 8): "later",
        opens: "due",
        closes: "due",
        date(2026, 3, 16): "overdue",
        lapses: "overdue",
        date(2026, 4, 20): "missed",
    }
    assert {day: stands(opens, closes, lapses, day) for day in days} == days


# ---------------------------------------------------------------- for every date

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
gaps = st.integers(-120, 30)


@settings(max_examples=60, deadline=None)
@given(due=days, gap=st.none() | gaps, first=st.sampled_from(["yes", "no", "not_asked"]), leads=st.booleans())
def test_every_date_gives_windows_in_order(due: date, gap: int | None, first: str, leads: bool) -> None:
    born = due + timedelta(days=gap) if gap is not None else None
    rows = plan(Course(due_on=due, born_on=born, first=first, leads=leads))
    assert len({one.key for one in rows}) == len(rows)
    assert list(rows) == sorted(rows, key=lambda one: (one.opens_on, one.closes_on, one.key))
    for one in rows:
        assert one.counts_from <= one.opens_on <= one.closes_on <= one.lapses_on
        assert one.verdict == "wanted" or not one.counted
    for key in ("MW", "HV"):
        same = [one for one in rows if one.key.startswith(key) and one.verdict == "wanted"]
        same.sort(key=lambda one: one.opens_on)
        for before, after in itertools.pairwise(same):
            assert before.closes_on <= after.closes_on
            assert before.opens_on < after.opens_on


@settings(max_examples=60, deadline=None)
@given(due=days, later=st.integers(-60, 60))
def test_another_due_date_moves_every_window_by_as_much(due: date, later: int) -> None:
    moved = timedelta(days=later)
    before = {one.key: one for one in plan(Course(due_on=due)) if one.contact.is_antenatal}
    after = {one.key: one for one in plan(Course(due_on=due + moved)) if one.contact.is_antenatal}
    assert {key: one.opens_on + moved for key, one in before.items()} == {
        key: one.opens_on for key, one in after.items()
    }


@settings(max_examples=60, deadline=None)
@given(born=days, lost=st.integers(0, 1200))
def test_after_a_loss_nothing_is_wanted_and_nothing_later_counts(born: date, lost: int) -> None:
    day = born + timedelta(days=lost)
    for one in plan(Course(born_on=born, lost_on=day)):
        assert one.verdict == "excluded"
        assert one.counted == (one.closes_on < day)


# ---------------------------------------------------------------- what an area sets


def test_an_area_moves_a_window_and_it_says_who_decided() -> None:
    local = schedule_of(
        {"contacts": {"MW-28": {"opens": "27+0", "closes": "29+6", "source": "Guideline 12, 2026"}}}
    )
    one = next(one for one in plan(Course(due_on=DUE), local) if one.key == "MW-28")
    assert (one.opens_on, one.closes_on) == (date(2026, 3, 2), date(2026, 3, 22))
    assert one.contact.local == "Guideline 12, 2026"


def test_an_area_switches_a_contact_off_and_names_its_services() -> None:
    local = schedules(
        {
            "norfolk": {
                "contacts": {"MW-16": {"on": False, "source": "Guideline 12"}},
                "services": {"midwife": ["nnuh-community-midwifery"]},
            }
        }
    )["norfolk"]
    assert "MW-16" not in local.contacts
    assert local.services["midwife"] == ("nnuh-community-midwifery",)


@pytest.mark.parametrize(
    "table",
    [
        {"contacts": {"MW-28": {"opens": "27+0"}}},  # nobody decided it
        {"contacts": {"MW-28": {"opens": "27+7", "source": "x"}}},
        {"contacts": {"MW-28": {"opens": "9 months", "source": "x"}}},
        {"contacts": {"HV2": {"closes": "30+0", "source": "x"}}},
        {"contacts": {"HV2": {"closes": "1 days", "source": "x"}}},
        {"contacts": {"HV3": {"closes": "12 months", "source": "x"}}},  # after it lapses
        {"contacts": {"HV2": {"on": "yes", "source": "x"}}},
        {"contacts": {"HV9": {"source": "x"}}},
        {"services": {"doctor": ["x"]}},
        {"services": {"gp": "x"}},
        {"services": {"gp": ["Not A Slug"]}},
        {"teams": {}},
        [],
        {"contacts": {"MW-28": {"opens": 10**30, "source": "x"}}},
        {"contacts": {"MW-28": {"source": "\x00" * 300}}},
    ],
)
def test_what_an_area_cannot_set_is_refused_by_name(table: object) -> None:
    with pytest.raises(BadInput):
        schedule_of(table, "norfolk")


def test_an_age_in_words() -> None:
    assert [str(age) for age in (Age(days=10), Age(days=14), Age(days=56), Age(months=9))] == [
        "10 days",
        "14 days",
        "8 weeks",
        "9 months",
    ]
