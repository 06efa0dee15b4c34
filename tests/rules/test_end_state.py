"""Every reason with every count of contacts: what it comes to, and when a reason does not fit the facts."""

from __future__ import annotations

import itertools

import pytest

from anydoor.rules.end_state import END_REASONS, END_STATE_WORDS, Delivered, EndState, derive, why_not_end


@pytest.mark.parametrize(
    ("reason", "attended", "tries", "state"),
    [
        ("finished", 1, 0, EndState.FINISHED),
        ("finished", 12, 3, EndState.FINISHED),
        ("enough", 1, 0, EndState.ADVISED),
        ("enough", 2, 0, EndState.FINISHED),
        ("said_no", 0, 0, EndState.SAID_NO),
        ("said_no", 0, 3, EndState.SAID_NO),
        ("said_no", 2, 0, EndState.STARTED_NOT_FINISHED),
        ("not_reached", 0, 3, EndState.NOT_REACHED),
        ("not_reached", 1, 3, EndState.STARTED_NOT_FINISHED),
        ("moved_away", 0, 0, EndState.MOVED_AWAY),
        ("moved_away", 5, 0, EndState.MOVED_AWAY),
        ("moved_on", 5, 0, EndState.MOVED_ON),
        ("other_help", 0, 0, EndState.MOVED_ON),
        ("in_error", 3, 0, EndState.IN_ERROR),
    ],
)
def test_the_end_state_follows_from_what_was_delivered(
    reason: str, attended: int, tries: int, state: EndState
) -> None:
    delivered = Delivered(attended=attended, offered=attended, not_reached=tries, reason=reason)
    assert why_not_end(reason, delivered) is None
    assert derive(delivered) is state


@pytest.mark.parametrize(
    ("reason", "attended", "tries", "says"),
    [
        ("finished", 0, 5, "Nobody has met or spoken"),
        ("enough", 0, 0, "Nobody has met or spoken"),
        ("not_reached", 0, 1, "at least 2 tries"),
        ("not_reached", 4, 0, "at least 2 tries"),
        ("", 1, 1, "Choose a reason"),
        ("discharged", 1, 1, "Choose a reason"),
    ],
)
def test_a_reason_that_does_not_fit_the_facts_is_refused_in_words(
    reason: str, attended: int, tries: int, says: str
) -> None:
    refusal = why_not_end(reason, Delivered(attended, attended, tries, reason))
    assert refusal is not None
    assert says in refusal


def test_nothing_ends_as_finished_without_a_contact_and_every_combination_ends_somehow() -> None:
    reached = set()
    for reason, attended, missed, tries in itertools.product(
        (*END_REASONS, "unknown"), range(4), range(3), range(4)
    ):
        state = derive(Delivered(attended, attended + missed, tries, reason))
        reached.add(state)
        assert attended or state not in {EndState.FINISHED, EndState.ADVISED, EndState.STARTED_NOT_FINISHED}
        assert not attended or state not in {EndState.SAID_NO, EndState.NOT_REACHED, EndState.NOT_STARTED}
    assert reached == set(EndState) - {EndState.TAKEN_UP}


def test_each_end_state_has_words_without_blame() -> None:
    assert set(END_STATE_WORDS) == set(EndState)
    words = " ".join([*END_STATE_WORDS.values(), *(reason.words for reason in END_REASONS.values())]).lower()
    assert not any(
        word in words for word in ("failed", "refused", "dna", "disengaged", "non-compl", "did not attend")
    )
