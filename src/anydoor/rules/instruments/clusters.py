"""Rules that look at groups of symptoms rather than at a total: PCL-5 and the City birth trauma scale.

Both follow DSM-5. They are support for a clinician's judgement; neither is a diagnosis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# cluster: its items, and how many of them must count. Source: comorbidityguidelines.org.au, PCL-5.
PCL_5_CLUSTERS: Mapping[str, tuple[range, int]] = {
    "B": (range(1, 6), 1),
    "C": (range(6, 8), 1),
    "D": (range(8, 15), 2),
    "E": (range(15, 21), 2),
}
# Source: rightdecisions.scot.nhs.uk (SIGN 169), City birth trauma scale. A: either stressor.
CITY_BITS_CLUSTERS: Mapping[str, tuple[range, int]] = {
    "A": (range(1, 3), 1),
    "B": (range(3, 8), 1),
    "C": (range(8, 10), 1),
    "D": (range(10, 17), 2),
    "E": (range(17, 23), 2),
    "duration": (range(26, 27), 1),
    "distress": (range(27, 29), 1),
}
CITY_BITS_OTHER_CAUSE = 29
CITY_BITS_DISSOCIATION = (23, 24)
CITY_BITS_ONSET = 25
DELAYED_ONSET = 2

Scores = Sequence[int | None]


def _every_cluster(
    scores: Sequence[int], clusters: Mapping[str, tuple[range, int]], counts_from: int
) -> bool:
    return all(
        sum(scores[item - 1] >= counts_from for item in items) >= needed
        for items, needed in clusters.values()
    )


def _answered(scores: Scores, items: Sequence[int]) -> list[int] | None:
    """The scores of these items, or None when one of them was not answered."""
    found = [scores[item - 1] for item in items]
    return [score for score in found if score is not None] if None not in found else None


def pcl_5_rule(scores: Scores, counts_from: int) -> bool | None:
    """Whether each cluster of PCL-5 has enough symptoms of `counts_from` or more; None unless answered."""
    every = _answered(scores, range(1, 21))
    return None if every is None else _every_cluster(every, PCL_5_CLUSTERS, counts_from)


def city_bits_rule(scores: Scores, counts_from: int) -> bool | None:
    """Whether a stressor, each cluster, duration and distress are there and no other cause is named.

    None unless items 1 to 22 and 26 to 29 are answered.
    """
    needed = [*range(1, 23), *range(26, 30)]
    if _answered(scores, needed) is None:
        return None
    every = [
        score or 0 for score in scores
    ]  # only items 23 to 25 can still be empty, and the rule has none of them
    other_cause = every[CITY_BITS_OTHER_CAUSE - 1] >= 1
    return _every_cluster(every, CITY_BITS_CLUSTERS, counts_from) and not other_cause


def city_bits_dissociation(scores: Scores, counts_from: int) -> bool | None:
    """Whether a dissociative symptom is there; one that is answered so is enough."""
    found = [scores[item - 1] for item in CITY_BITS_DISSOCIATION]
    if any(score is not None and score >= counts_from for score in found):
        return True
    return None if None in found else False


def city_bits_delayed(scores: Scores) -> bool | None:
    """Whether symptoms began late (more than six months after the birth)."""
    onset = scores[CITY_BITS_ONSET - 1]
    return None if onset is None else onset == DELAYED_ONSET
