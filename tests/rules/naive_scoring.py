"""Scoring written a second time, plainly, from the published facts and from nothing in the package.

One function an instrument, no shared machinery, tables typed in again. If this and the package ever differ,
one of them is wrong, and a person must look at the source.
"""

from __future__ import annotations

from typing import Any

INVALID = object()


def naive(line: dict[str, Any]) -> dict[str, Any]:
    """The fields of `anydoor score`, without id and reasons."""
    return SCORERS[line["instrument"]](line)


def blank(status: str, **known: Any) -> dict[str, Any]:
    out = {"status": status, "total": None, "band": None, "screen": None, "subscales": None}
    out |= {"risk_flag": "not_applicable", "prorated_estimate": None, "tt_caseness": None}
    return out | known


def fine(answer: Any, top: int, bottom: int = 0) -> bool:
    if answer is None:
        return True
    if isinstance(answer, bool) or not isinstance(answer, int):
        return False
    return bottom <= answer <= top


def flag(answers: list[Any], at: int, top: int, count: int) -> str:
    """At is the printed number of the one risk item."""
    if len(answers) < at:
        return "not_answered"
    answer = answers[at - 1]
    if answer is None or not fine(answer, top):
        return "not_answered"
    if answer > 0:
        return "raised"
    return "not_raised" if len(answers) == count else "not_answered"


def phq9(line: dict[str, Any]) -> dict[str, Any]:
    a = line["answers"]
    risk = flag(a, 9, 3, 9)
    if len(a) != 9 or not all(fine(x, 3) for x in a):
        return blank("invalid", risk_flag=risk)
    gaps = a.count(None)
    if gaps:
        guess = None
        if gaps <= 2:
            known = [x for x in a if x is not None]
            guess = round(sum(known) / len(known) * 9, 1)
        return blank("incomplete", risk_flag=risk, prorated_estimate=guess)
    total = sum(a)
    if total <= 4:
        band = "minimal"
    elif total <= 9:
        band = "mild"
    elif total <= 14:
        band = "moderate"
    elif total <= 19:
        band = "moderately_severe"
    else:
        band = "severe"
    return blank("complete", total=total, band=band, risk_flag=risk, tt_caseness=total >= 10)


def gad7(line: dict[str, Any]) -> dict[str, Any]:
    a = line["answers"]
    if len(a) != 7 or not all(fine(x, 3) for x in a):
        return blank("invalid")
    if None in a:
        return blank("incomplete")
    total = sum(a)
    band = "minimal"
    if total >= 5:
        band = "mild"
    if total >= 10:
        band = "moderate"
    if total >= 15:
        band = "severe"
    return blank("complete", total=total, band=band, tt_caseness=total >= 8)


def gad2(line: dict[str, Any]) -> dict[str, Any]:
    a = line["answers"]
    if len(a) != 2 or not all(fine(x, 3) for x in a):
        return blank("invalid")
    if None in a:
        return blank("incomplete", screen="positive" if 3 in a else "indeterminate")
    total = a[0] + a[1]
    return blank("complete", total=total, screen="positive" if total >= 3 else "negative")


def whooley(line: dict[str, Any]) -> dict[str, Any]:
    a = line["answers"]
    if len(a) != 2 or any(x is not None and x != "yes" and x != "no" for x in a):
        return blank("invalid")
    screen = "negative"
    if None in a:
        screen = "indeterminate"
    if "yes" in a:
        screen = "positive"
    if None in a:
        return blank("incomplete", screen=screen)
    return blank("complete", total=a.count("yes"), screen=screen)


def epds(line: dict[str, Any]) -> dict[str, Any]:
    a = list(line["answers"])
    if line["format"] == "printed_option_index":
        for item in (3, 5, 6, 7, 8, 9, 10):
            if len(a) >= item and a[item - 1] is not None and fine(a[item - 1], 3):
                a[item - 1] = 3 - a[item - 1]
    risk = flag(a, 10, 3, 10)
    if len(a) != 10 or not all(fine(x, 3) for x in a):
        return blank("invalid", risk_flag=risk)
    if None in a:
        return blank("incomplete", risk_flag=risk)
    total = sum(a)
    band = None
    if line["respondent_role"] == "mother":
        band = "lt10" if total < 10 else "10_12" if total <= 12 else "ge13"
    if line["respondent_role"] in ("father", "partner", "co_parent"):
        band = "ge11" if total > 10 else "lt11"
    return blank("complete", total=total, band=band, risk_flag=risk)


def core10(line: dict[str, Any]) -> dict[str, Any]:
    a = list(line["answers"])
    risk = flag(a, 6, 4, 10)
    none = {"clinical_cutoff_met": None}
    if len(a) != 10 or not all(fine(x, 4) for x in a):
        return blank("invalid", risk_flag=risk, **none)
    if line["format"] == "raw_frequency":
        for item in (2, 3):
            if a[item - 1] is not None:
                a[item - 1] = 4 - a[item - 1]
    if None in a:
        guess = None
        if a.count(None) == 1:
            guess = round(sum(x for x in a if x is not None) / 9 * 10, 1)
        return blank("incomplete", risk_flag=risk, prorated_estimate=guess, **none)
    total = sum(a)
    for above, name in (
        (25, "severe"),
        (20, "moderate_severe"),
        (15, "moderate"),
        (11, "mild"),
        (0, "below_cutoff"),
    ):
        if total >= above:
            return blank("complete", total=total, band=name, risk_flag=risk, clinical_cutoff_met=total > 10)
    raise AssertionError


def pcl5(line: dict[str, Any]) -> dict[str, Any]:
    a = line["answers"]
    none = {"dsm5_cluster_rule_met": None, "tt_caseness_32": None}
    if len(a) != 20 or not all(fine(x, 4) for x in a):
        return blank("invalid", **none)
    if None in a:
        return blank("incomplete", **none)
    b = [x for x in a[0:5] if x >= 2]
    c = [x for x in a[5:7] if x >= 2]
    d = [x for x in a[7:14] if x >= 2]
    e = [x for x in a[14:20] if x >= 2]
    met = len(b) >= 1 and len(c) >= 1 and len(d) >= 2 and len(e) >= 2
    return blank("complete", total=sum(a), dsm5_cluster_rule_met=met, tt_caseness_32=sum(a) >= 32)


def kpcs(line: dict[str, Any]) -> dict[str, Any]:
    a = list(line["answers"])
    if line["format"] == "item_scores_or_na":
        for item in (1, 9):
            if len(a) >= item and a[item - 1] == "na":
                a[item - 1] = 2
    if len(a) != 15 or not all(fine(x, 3) for x in a):
        return blank("invalid", low_confidence=None)
    if None in a:
        return blank("incomplete", low_confidence=None)
    return blank("complete", total=sum(a), low_confidence=sum(a) <= 39)


def mors(line: dict[str, Any]) -> dict[str, Any]:
    a = line["answers"]
    if set(a) != {"warmth", "invasion"}:
        return blank("invalid", subscales={"warmth": None, "invasion": None})
    for scale in ("warmth", "invasion"):
        if not isinstance(a[scale], list) or len(a[scale]) != 7 or not all(fine(x, 5) for x in a[scale]):
            return blank("invalid", subscales={"warmth": None, "invasion": None})
    sums = {scale: None if None in a[scale] else sum(a[scale]) for scale in ("warmth", "invasion")}
    if None in sums.values():
        return blank("incomplete", subscales=sums)
    config = line.get("threshold_config") or {}
    low, high = config.get("warmth_concern_max"), config.get("invasion_concern_min")
    band = None
    if low is not None or high is not None:
        band = {
            "warmth_concern": None if low is None else sums["warmth"] <= low,
            "invasion_concern": None if high is None else sums["invasion"] >= high,
        }
    return blank("complete", subscales=sums, band=band)


SCORERS = {
    "PHQ-9": phq9,
    "GAD-7": gad7,
    "GAD-2": gad2,
    "Whooley": whooley,
    "EPDS": epds,
    "CORE-10": core10,
    "PCL-5": pcl5,
    "KPCS": kpcs,
    "MORS-SF": mors,
}


def naive_outcome(line: dict[str, Any]) -> dict[str, Any]:
    """The outcome of one referral, plainly."""
    cuts = {"GAD-7": (8, 4), "SPIN": (19, 10), "PCL-5": (32, 10), "IES-R": (33, 9)}
    cuts |= {"OCI": (40, 32), "PDSS": (8, 5), "HAI": (18, 4)}
    wanted = {"social_anxiety": ["SPIN"], "ptsd": ["PCL-5", "IES-R"], "ocd": ["OCI"]}
    wanted |= {"panic_disorder": ["PDSS"], "health_anxiety": ["HAI"]}
    referral, scores = line["referral"], line["scores"]

    def pair(name: str) -> Any:
        found = scores.get(name) or {}
        if found.get("first") is None or found.get("last") is None:
            return None
        return found["first"], found["last"]

    used = None
    for name in [*wanted.get(referral["problem_descriptor"], []), "GAD-7"]:
        if pair(name):
            used = name
            break
    done = referral["ended"] and referral["attended_treatment_appointments"] >= 2
    out: dict[str, Any] = {
        "completed_course": done,
        "attended_two_or_more": referral["attended_treatment_appointments"] >= 2,
        "outcome_calculable": pair("PHQ-9") is not None and used is not None,
        "anxiety_measure_used": used,
        "in_recovery_denominator": done,
        "in_improvement_denominator": done,
    }
    names = "case_at_start recovered reliable_improvement reliable_deterioration no_reliable_change "
    names += "reliable_recovery"
    if not out["outcome_calculable"]:
        return out | dict.fromkeys(names.split())
    (p0, p1), (x0, x1) = pair("PHQ-9"), pair(used)
    cut, index = cuts[used]
    case = p0 >= 10 or x0 >= cut
    recovered = case and p1 < 10 and x1 < cut
    down = [p0 - p1 >= 6, x0 - x1 >= index]
    up = [p1 - p0 >= 6, x1 - x0 >= index]
    better = any(down) and not any(up)
    worse = any(up) and not any(down)
    answers = [case, recovered, better, worse, not better and not worse, recovered and better and done]
    return out | dict(zip(names.split(), answers, strict=True)) | {"in_recovery_denominator": done and case}
