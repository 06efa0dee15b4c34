"""Whether one organisation may be told: the table of cases, and what must hold for every history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.sharing import (
    EVERYTHING,
    SLICES,
    Receiver,
    Said,
    Without,
    in_words,
    may_share,
    who_decides,
)

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
TRUST = Receiver(organisation_id=7, service_ids=frozenset({70}))
YES = Said("given", "organisation", 7, NOW - timedelta(days=2))
STORY = frozenset({"story"})


def said(state: str, breadth: str, key: int | None, days_ago: float, **more: object) -> Said:
    return Said(state, breadth, key, NOW - timedelta(days=days_ago), **more)  # type: ignore[arg-type]  # short


@pytest.mark.parametrize(
    ("words", "to", "rule", "shared"),
    [
        ([], TRUST, "not_asked", False),
        ([], replace(TRUST, told=True), "told", True),
        ([], replace(TRUST, in_circle=True), "circle", True),
        ([YES], TRUST, "agreed", True),
        ([YES], Receiver(8), "not_asked", False),
        ([said("given", "service", 70, 1)], TRUST, "agreed", True),
        ([said("given", "service", 71, 1)], TRUST, "not_asked", False),
        ([said("given", "circle", None, 1)], TRUST, "agreed", True),
        ([YES, said("withdrawn", "organisation", 7, 1)], TRUST, "said_no", False),
        ([said("withdrawn", "organisation", 7, 3), YES], TRUST, "agreed", True),
        # Not with this one service: a wider yes, said later, does not outweigh it.
        ([said("said_no", "service", 70, 5), YES], TRUST, "said_no", False),
        ([said("said_no", "service", 71, 5), YES], TRUST, "agreed", True),
        # All of it withdrawn takes the narrow yes along.
        ([said("given", "service", 70, 3), said("withdrawn", "circle", None, 1)], TRUST, "said_no", False),
        # The person turned to them: they know what they were told, whatever was said since.
        ([said("withdrawn", "organisation", 7, 1)], replace(TRUST, told=True), "told", True),
        ([said("said_no", "service", 70, 1)], replace(TRUST, in_circle=True), "said_no", False),
        ([replace(YES, until=TODAY)], TRUST, "agreed", True),
        ([replace(YES, until=TODAY - timedelta(days=1))], TRUST, "not_asked", False),
        ([replace(YES, state="expired")], replace(TRUST, in_circle=True), "not_asked", False),
    ],
)
def test_the_table(words: list[Said], to: Receiver, rule: str, shared: bool) -> None:
    answer = may_share(words, [], to, on=TODAY)
    assert (answer.rule, answer.is_shared) == (rule, shared)


def test_sharing_without_consent_is_marked_and_ends_on_its_day() -> None:
    no = [said("said_no", "organisation", 7, 1)]
    reason = Without("organisation", 7, until=TODAY)
    assert may_share(no, [reason], TRUST, on=TODAY).rule == "without_consent"
    assert may_share(no, [reason], TRUST, on=TODAY + timedelta(days=1)).rule == "said_no"
    assert may_share(no, [replace(reason, key=8)], TRUST, on=TODAY).rule == "said_no"


def test_only_what_was_agreed_is_shared() -> None:
    only = may_share([replace(YES, slices=STORY)], [], TRUST, on=TODAY)
    assert only.slices == STORY
    # A yes to one service for less, inside a yes to the whole: the narrow one counts.
    both = [YES, said("given", "service", 70, 5, slices=STORY)]
    assert may_share(both, [], TRUST, on=TODAY).slices == STORY


SAYINGS = st.builds(
    Said,
    state=st.sampled_from(["given", "given", "said_no", "withdrawn", "expired"]),
    breadth=st.sampled_from(["service", "organisation", "circle"]),
    key=st.sampled_from([7, 70]),
    at=st.integers(0, 400).map(lambda hours: NOW - timedelta(hours=hours)),
    slices=st.frozensets(st.sampled_from(sorted(SLICES)), min_size=1),
    until=st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days)),
)
RECEIVERS = st.builds(
    Receiver,
    organisation_id=st.sampled_from([7, 8]),
    service_ids=st.frozensets(st.sampled_from([70, 71])),
    told=st.booleans(),
    in_circle=st.booleans(),
)
HISTORIES = st.lists(SAYINGS, max_size=6)


@given(HISTORIES, RECEIVERS)
@settings(max_examples=200, deadline=None)
def test_nobody_is_told_without_a_yes_or_having_been_told(words: list[Said], to: Receiver) -> None:
    to = replace(to, told=False, in_circle=False)
    without_a_yes = [one for one in words if one.state != "given"]
    assert not may_share(without_a_yes, [], to, on=TODAY).is_shared
    assert may_share(words, [], to, on=TODAY).slices <= EVERYTHING


@given(HISTORIES, RECEIVERS, st.integers(0, 5))
@settings(max_examples=300, deadline=None)
def test_taking_back_a_yes_never_shows_more(words: list[Said], to: Receiver, which: int) -> None:
    before = may_share(words, [], to, on=TODAY).slices
    if which < len(words):
        taken = [*words]
        taken[which] = replace(taken[which], state="withdrawn", at=NOW)
        assert may_share(taken, [], to, on=TODAY).slices <= before
    more_noes = [*words, Said("said_no", "organisation", to.organisation_id, NOW)]
    assert may_share(more_noes, [], to, on=TODAY).slices <= before


@given(HISTORIES, RECEIVERS, st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_a_day_that_passes_never_shows_more(words: list[Said], to: Receiver, days: int) -> None:
    reason = [Without("organisation", 7, until=TODAY)]
    later = TODAY + timedelta(days=days)
    assert may_share(words, reason, to, on=later).slices <= may_share(words, reason, to, on=TODAY).slices


@pytest.mark.parametrize(
    ("age", "who"), [(None, "self"), (15, "judge"), (16, "self"), (0, "judge"), (41, "self")]
)
def test_who_decides(age: int | None, who: str) -> None:
    assert who_decides(age) == who


def test_slices_in_words() -> None:
    assert in_words([]) == ""
    assert in_words(["story"]) == "what they told us"
    assert in_words(["story", "contact", "needs"]) == (
        "name and how to reach them, what would help and what they told us"
    )
    assert in_words(SLICES) == "everything they need to know to help"
