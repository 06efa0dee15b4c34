"""Nothing arrives at nobody: every hour of the week, leave, cover in circles, closed accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import duty, working_time
from anydoor.rules.duty import Duty, Leave, Turn
from anydoor.rules.working_time import LONDON

AMA, BEA, CLEO, DEV, BOSS = 1, 2, 3, 4, 9
EVERYONE = frozenset({AMA, BEA, CLEO, DEV, BOSS})
NINE, ONE, FIVE = time(9), time(13), time(17)
ROTA = (
    Turn(0, NINE, FIVE, AMA),
    Turn(1, NINE, FIVE, BEA),
    Turn(2, NINE, ONE, AMA),
    Turn(2, ONE, FIVE, CLEO),
    Turn(3, NINE, FIVE, BEA, order=1),
    Turn(3, NINE, FIVE, DEV, order=2),
    Turn(4, time(12), FIVE, CLEO),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def find(
    moment: str,
    *,
    rota: Sequence[Turn] = ROTA,
    leave: Sequence[Leave] = (),
    cover: Mapping[int, int] | None = None,
    active: Collection[int] = EVERYONE,
) -> Duty:
    return duty.on_duty(at(moment), rota=rota, leave=leave, cover=cover, active=active, fallback=BOSS)


@pytest.mark.parametrize(
    ("moment", "worker", "reads", "why"),
    [
        ("2026-03-02 10:00", AMA, "2026-03-02 10:00", duty.ON_TURN),
        ("2026-03-02 09:00", AMA, "2026-03-02 09:00", duty.ON_TURN),
        ("2026-03-02 16:59", AMA, "2026-03-02 16:59", duty.ON_TURN),
        ("2026-03-02 17:00", BEA, "2026-03-03 09:00", duty.NEXT_TURN),
        ("2026-03-02 23:40", BEA, "2026-03-03 09:00", duty.NEXT_TURN),
        ("2026-03-02 06:00", AMA, "2026-03-02 09:00", duty.NEXT_TURN),
        ("2026-03-04 12:59", AMA, "2026-03-04 12:59", duty.ON_TURN),
        ("2026-03-04 13:00", CLEO, "2026-03-04 13:00", duty.ON_TURN),
        ("2026-03-05 10:00", BEA, "2026-03-05 10:00", duty.ON_TURN),
        ("2026-03-06 10:00", CLEO, "2026-03-06 12:00", duty.NEXT_TURN),
        ("2026-03-05 23:40", CLEO, "2026-03-06 12:00", duty.NEXT_TURN),
        ("2026-03-06 23:40", AMA, "2026-03-09 09:00", duty.NEXT_TURN),
        ("2026-03-07 12:00", AMA, "2026-03-09 09:00", duty.NEXT_TURN),
        ("2026-03-28 12:00", AMA, "2026-03-30 09:00", duty.NEXT_TURN),
        ("2026-10-24 12:00", AMA, "2026-10-26 09:00", duty.NEXT_TURN),
        ("2026-04-02 23:40", BEA, "2026-04-07 09:00", duty.NEXT_TURN),
        ("2026-12-24 23:40", BEA, "2026-12-29 09:00", duty.NEXT_TURN),
    ],
)
def test_who_reads_it_and_when(moment: str, worker: int, reads: str, why: str) -> None:
    found = find(moment)
    assert found == Duty(worker, at(reads), why)
    assert found.reads_at.tzinfo is UTC


def away(worker: int, cover: int | None = None) -> Leave:
    return Leave(worker, date(2026, 3, 1), date(2026, 3, 31), cover)


def test_leave_counts_on_its_first_and_last_day_and_not_beside_them() -> None:
    leave = (Leave(AMA, date(2026, 3, 2), date(2026, 3, 9), DEV),)
    assert find("2026-02-23 10:00", leave=leave).worker_id == AMA
    assert find("2026-03-02 10:00", leave=leave).worker_id == DEV
    assert find("2026-03-09 10:00", leave=leave).worker_id == DEV
    assert find("2026-03-16 10:00", leave=leave).worker_id == AMA


def test_the_cover_of_the_leave_comes_before_the_usual_cover() -> None:
    assert find("2026-03-02 10:00", leave=[away(AMA, DEV)], cover={AMA: CLEO}) == Duty(
        DEV, at("2026-03-02 10:00"), duty.COVERS_NOW
    )
    assert find("2026-03-02 10:00", leave=[away(AMA)], cover={AMA: CLEO}).worker_id == CLEO


def test_a_closed_account_is_covered_and_the_next_turn_too() -> None:
    assert find("2026-03-02 23:40", active=EVERYONE - {BEA}, cover={BEA: DEV}) == Duty(
        DEV, at("2026-03-03 09:00"), duty.COVERS_NEXT
    )


def test_a_chain_of_covers_is_followed_to_its_end() -> None:
    leave = [away(AMA, BEA), away(BEA, CLEO)]
    assert find("2026-03-02 10:00", leave=leave, active=EVERYONE - {CLEO}, cover={CLEO: DEV}).worker_id == DEV


def test_covers_in_a_circle_end_in_the_fall_back() -> None:
    leave = [away(AMA, BEA), away(BEA, AMA)]
    assert find("2026-03-02 10:00", leave=leave) == Duty(BOSS, at("2026-03-02 10:00"), duty.FALLBACK)


def test_without_cover_the_second_on_the_same_turn_reads() -> None:
    assert find("2026-03-05 10:00", leave=[away(BEA)]) == Duty(DEV, at("2026-03-05 10:00"), duty.ON_TURN)


def test_in_hours_with_nobody_else_today_the_fall_back_reads_now() -> None:
    assert find("2026-03-02 10:00", leave=[away(AMA)]) == Duty(BOSS, at("2026-03-02 10:00"), duty.FALLBACK)


def test_out_of_hours_the_turn_after_next_reads_when_the_next_is_away() -> None:
    assert find("2026-03-02 23:40", leave=[away(BEA)]) == Duty(AMA, at("2026-03-04 09:00"), duty.NEXT_TURN)


def test_a_rota_with_nobody_for_two_working_days_ends_in_the_fall_back_at_opening() -> None:
    rota = [Turn(3, NINE, FIVE, AMA)]
    assert find("2026-03-02 23:40", rota=rota) == Duty(BOSS, at("2026-03-03 09:00"), duty.FALLBACK)
    assert find("2026-03-03 23:40", rota=rota) == Duty(AMA, at("2026-03-05 09:00"), duty.NEXT_TURN)


def test_a_turn_runs_only_inside_the_teams_hours_and_on_working_days() -> None:
    early = [Turn(0, time(7), time(20), AMA), Turn(5, NINE, FIVE, BEA), Turn(1, FIVE, NINE, CLEO)]
    assert find("2026-03-02 07:30", rota=early).reads_at == at("2026-03-02 09:00")
    assert find("2026-03-02 18:00", rota=early) == Duty(BOSS, at("2026-03-03 09:00"), duty.FALLBACK)
    assert find("2026-03-07 10:00", rota=early) == Duty(AMA, at("2026-03-09 09:00"), duty.NEXT_TURN)


def test_the_fall_back_has_a_cover_too_and_is_named_even_when_away() -> None:
    assert find("2026-03-02 10:00", rota=(), leave=[away(BOSS, DEV)]) == Duty(
        DEV, at("2026-03-02 10:00"), duty.FALLBACK_COVER
    )
    assert find("2026-03-02 10:00", rota=(), active=()) == Duty(BOSS, at("2026-03-02 10:00"), duty.FALLBACK)


TIMES = st.times(time(6), time(20)).map(lambda each: each.replace(second=0, microsecond=0))
WORKERS = st.integers(1, 6)
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))
TURNS = st.builds(Turn, st.integers(0, 6), TIMES, TIMES, WORKERS, st.integers(0, 2))
LEAVES = st.builds(Leave, WORKERS, DATES, DATES, st.none() | WORKERS)
MOMENTS = st.integers(0, 730 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(
    MOMENTS,
    st.lists(TURNS, max_size=12),
    st.lists(LEAVES, max_size=6),
    st.dictionaries(WORKERS, WORKERS),
    st.frozensets(st.integers(1, 7)),
)
def test_there_is_always_somebody_who_can_read_it(
    moment: datetime, rota: list[Turn], leave: list[Leave], cover: dict[int, int], active: frozenset[int]
) -> None:
    found = duty.on_duty(moment, rota=rota, leave=leave, cover=cover, active=active, fallback=7)
    day = working_time.in_london(found.reads_at).date()
    absent = any(each.worker_id == found.worker_id and each.first <= day <= each.last for each in leave)
    assert found.worker_id == 7 or (found.worker_id in active and not absent)
    assert moment <= found.reads_at
    assert working_time.is_open(found.reads_at)
    opening = working_time.next_opening(moment)
    if working_time.is_open(moment):
        assert found.reads_at - moment < timedelta(hours=8)
    else:
        assert working_time.working_days_between(opening.date(), day) < duty.LOOK_AHEAD_WORKING_DAYS
    if found.why in (duty.FALLBACK, duty.FALLBACK_COVER):
        assert found.reads_at == opening


@given(MOMENTS, st.lists(TURNS, min_size=1, max_size=12))
def test_the_order_of_lines_in_the_rota_does_not_matter(moment: datetime, rota: list[Turn]) -> None:
    backwards = list(reversed(rota))
    active = frozenset(range(1, 8))
    assert duty.on_duty(moment, rota=rota, active=active, fallback=7) == duty.on_duty(
        moment, rota=backwards, active=active, fallback=7
    )


@given(MOMENTS, st.lists(TURNS, max_size=12))
def test_whoever_is_on_turn_now_reads_now(moment: datetime, rota: list[Turn]) -> None:
    local = working_time.in_london(moment)
    on_turn = {
        turn.worker_id
        for turn in rota
        if turn.weekday == local.weekday() and turn.starts <= local.time() < turn.ends
    }
    found = duty.on_duty(moment, rota=rota, active=frozenset(range(1, 8)), fallback=7)
    if working_time.is_open(moment) and on_turn:
        assert found.worker_id in on_turn
        assert (found.reads_at, found.why) == (moment, duty.ON_TURN)


def test_on_one_turn_the_lower_order_is_asked_first_whatever_the_id() -> None:
    rota = [Turn(0, NINE, FIVE, AMA, order=2), Turn(0, NINE, FIVE, DEV, order=1)]
    assert find("2026-03-02 10:00", rota=rota).worker_id == DEV
    assert find("2026-03-02 10:00", rota=rota, leave=[away(DEV)]).worker_id == AMA
