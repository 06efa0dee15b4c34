"""The team's inbox: the open requests of one or more front doors, a page at a time, with bounded counts.

Two queries however large the county is. A page is read by the one sort key (an index range, never an
offset); counts look at no more than `MOST_COUNTED` rows each, so that a tab with more says "300+".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from anydoor.access.policy import Facts, Standing, may
from anydoor.care.models import Decision, PossibleMatch, Referral, Wait
from anydoor.care.models.referral import ReferralQuerySet
from anydoor.rules import working_time
from anydoor.rules.pathway import ReferralStage

PAGE = 25
MOST_COUNTED = 300
TABS = {
    "open": "Open",
    "unread": "Unread",
    "decide": "To decide",
    "match": "Possible match",
    "not_reached": "Not reached",
    "stuck": "Stuck",
    "decided": "Decided today",
}
NOWHERE = "-"  # the place of requests whose district is not known


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests to show. Empty collections mean all; `after` and `before` are sort keys."""

    tab: str = "open"
    doors: Collection[str] = ()
    about: Collection[str] = ()
    places: Collection[str] = ()
    mine: bool = False
    after: str = ""
    before: str = ""


class Row(NamedTuple):
    """One request as a line shows it."""

    pk: int
    family_id: int
    sort_key: str
    door: str
    stage: str
    title: str
    who_words: str
    excerpt: str
    referrer_name: str
    referrer_organisation: str
    tags: list[str]
    joined_by: str
    danger_words: list[str]
    received_at: datetime
    due_at: datetime
    paused_until: date | None
    holder: str | None
    matches: int
    not_reached: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of rows, and the counts. `before` and `after` are sort keys to go back and on with, or empty.

    `places` maps a district's code to its name and count; `oldest_unread` is None when all are read.
    """

    rows: list[Row]
    before: str
    after: str
    tabs: Mapping[str, int] = field(default_factory=dict)
    doors: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    mine: int = 0
    all_here: int = 0
    oldest_unread: datetime | None = None


def inbox_teams(who: Standing) -> list[int]:
    """The front doors at which somebody may triage, smallest id first."""
    return sorted(team for team in who.front_doors if may(who, "see_inbox", Facts(area_team_id=team)))


def read_inbox(who: Standing, wanted: Wanted, *, at: datetime) -> Inbox:
    """A page of the inbox of `who`'s front doors and its counts: two queries."""
    teams = inbox_teams(who)
    rows, before, after = _page(teams, wanted, who, at)
    counted = _counts(teams, wanted.tab, who, at)
    tabs = {row.value: row.number for row in counted if row.kind == "tab"}
    oldest = max(row.moment for row in counted)
    return Inbox(
        rows=rows,
        before=before,
        after=after,
        tabs=tabs,
        doors={row.value: row.number for row in counted if row.kind == "door"},
        about={row.value: row.number for row in counted if row.kind == "about"},
        places={row.value: (row.words, row.number) for row in counted if row.kind == "place"},
        mine=sum(row.number for row in counted if row.kind == "mine"),
        all_here=tabs[wanted.tab],
        oldest_unread=datetime.fromtimestamp(oldest, tz=at.tzinfo) if oldest else None,
    )


def tab_of(tab: str, teams: Collection[int], at: datetime) -> ReferralQuerySet:
    """The requests of one tab, in no order. Those of sealed records stand in no tab, and in no count."""
    if tab == "decided":
        decided = Decision.objects.filter(at__gte=_midnight(at)).order_by().values("referral_id")
        return Referral.objects.filter(front_door_id__in=teams, pk__in=decided, sealed=False)
    rows = Referral.objects.open().filter(front_door_id__in=teams, sealed=False)
    if tab == "unread":
        return rows.filter(stage=ReferralStage.RECEIVED.value)
    if tab == "decide":
        return rows.filter(stage__in=[ReferralStage.READ.value, ReferralStage.DECIDED.value])
    if tab == "match":
        return rows.filter(pk__in=_waiting(teams, "match"))
    if tab == "not_reached":
        return rows.filter(pk__in=_waiting(teams, "not_reached"))
    if tab == "stuck":
        waits = Wait.objects.stuck().filter(team_id__in=teams, referral__isnull=False)
        return rows.filter(pk__in=waits.values("referral_id"))
    return rows


def _waiting(teams: Collection[int], kind: str) -> QuerySet[Wait, Any]:
    """The requests on which something of this kind waits at these teams."""
    waits = Wait.objects.open().filter(team_id__in=teams, kind=kind, referral__isnull=False)
    return waits.values("referral_id")


# ---------------------------------------------------------------- one page


def _page(teams: Collection[int], wanted: Wanted, who: Standing, at: datetime) -> tuple[list[Row], str, str]:
    rows = _filtered(tab_of(wanted.tab, teams, at), wanted, who)
    if wanted.before:
        found = _read(rows.filter(sort_key__lt=wanted.before).order_by("-sort_key"))
        more, shown = len(found) > PAGE, list(reversed(found[:PAGE]))
        return shown, shown[0].sort_key if more and shown else "", shown[-1].sort_key if shown else ""
    if wanted.after:
        rows = rows.filter(sort_key__gt=wanted.after)
    found = _read(rows.order_by("sort_key"))
    more, shown = len(found) > PAGE, found[:PAGE]
    back = shown[0].sort_key if wanted.after and shown else ""
    return shown, back, shown[-1].sort_key if more else ""


def _filtered(rows: ReferralQuerySet, wanted: Wanted, who: Standing) -> ReferralQuerySet:
    if who.kept_from:
        rows = rows.exclude(family_id__in=who.kept_from)
    if wanted.doors:
        rows = rows.filter(door__in=wanted.doors)
    if wanted.about:
        rows = rows.filter(about__overlap=list(wanted.about))
    if wanted.places:
        codes = ["" if place == NOWHERE else place for place in wanted.places]
        rows = rows.filter(district_code__in=codes)
    return rows.filter(holder_id=who.user_id) if wanted.mine else rows


def _read(rows: ReferralQuerySet) -> list[Row]:
    """One more row than a page, in one query."""
    matches = (
        PossibleMatch.objects.filter(referral=OuterRef("pk"), state="open")
        .order_by()
        .values("referral")
        .annotate(count=Count("pk"))
        .values("count")
    )
    # counted row by row: as a plain EXISTS the whole table of waits would be read first
    not_reached = (
        Wait.objects.open()
        .filter(referral=OuterRef("pk"), kind="not_reached")
        .order_by()
        .values("referral")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return [
        Row(*values)
        for values in rows.annotate(
            matches=Coalesce(Subquery(matches, output_field=IntegerField()), 0),
            is_not_reached=Coalesce(Subquery(not_reached, output_field=IntegerField()), 0),
        ).values_list(
            "pk",
            "family_id",
            "sort_key",
            "door",
            "stage",
            "title",
            "who_words",
            "excerpt",
            "referrer_name",
            "referrer_organisation",
            "tags",
            "joined_by",
            "danger_words",
            "received_at",
            "due_at",
            "paused_until",
            "holder__name",
            "matches",
            "is_not_reached",
        )[: PAGE + 1]
    ]


# ---------------------------------------------------------------- counts


class _Count(NamedTuple):
    kind: str
    value: str
    words: str
    number: int
    moment: int  # seconds since 1970, where a moment is asked for


# What `tab_of` says, once more as text: building eight querysets took longer than asking all of them.
_OPEN = "stage IN ('received', 'read', 'decided', 'handing_over')"
_WAITS = "id IN (SELECT referral_id FROM care_wait WHERE done_at IS NULL AND team_id = ANY(%(teams)s) AND {})"
_TAB_SQL = {
    "open": _OPEN,
    "unread": "stage = 'received'",
    "decide": "stage IN ('read', 'decided')",
    "match": _OPEN + " AND " + _WAITS.format("kind = 'match'"),
    "not_reached": _OPEN + " AND " + _WAITS.format("kind = 'not_reached'"),
    "stuck": _OPEN + " AND " + _WAITS.format("nudged_at IS NOT NULL"),
    "decided": "id IN (SELECT referral_id FROM care_decision WHERE at >= %(midnight)s)",
}


def _few(tab: str, columns: str, order: str = "") -> str:
    where = f"{{door}} AND NOT sealed AND NOT family_id = ANY(%(kept)s) AND {_TAB_SQL[tab]}"
    return f"SELECT {columns} FROM care_referral WHERE {where} {order} LIMIT %(most)s"  # noqa: S608  # our own words


_TAB_COUNTS = " UNION ALL ".join(
    f"SELECT 'tab', '{tab}', '', count(*),"  # noqa: S608  # our own words
    f" {'coalesce(extract(epoch FROM min(received_at)), 0)::bigint' if tab == 'unread' else '0'}"
    f" FROM ({_few(tab, 'received_at')}) AS few"
    for tab in TABS
)
_FIRST_COUNTS = """
SELECT 'door', door, '', count(*), 0 FROM first GROUP BY door
UNION ALL SELECT 'about', mark, '', count(*), 0 FROM first, unnest(about) AS mark GROUP BY mark
UNION ALL SELECT 'place', district_code, max(place_words), count(*), 0 FROM first GROUP BY district_code
UNION ALL SELECT 'mine', '', '', count(*), 0 FROM first WHERE holder_id = %(me)s
"""
_COLUMNS = "door, about, district_code, place_words, holder_id"
_COUNTS = {
    tab: f"WITH first AS MATERIALIZED ({_few(tab, _COLUMNS, 'ORDER BY sort_key')}) "
    f"{_TAB_COUNTS} UNION ALL {_FIRST_COUNTS}"
    for tab in TABS
}


def _counts(teams: Collection[int], tab: str, who: Standing, at: datetime) -> list[_Count]:
    """Every count of the page in one statement, each over at most `MOST_COUNTED` + 1 rows."""
    given: dict[str, Any] = {
        "teams": list(teams),
        "team": next(iter(teams), None),
        "me": who.user_id,
        "kept": sorted(who.kept_from),
        "midnight": _midnight(at),
        "most": MOST_COUNTED + 1,
    }
    # One team reads an index in order; several are looked up and sorted.
    door = "front_door_id = %(team)s" if len(given["teams"]) == 1 else "front_door_id = ANY(%(teams)s)"
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS[tab].replace("{door}", door), given)
        return [_Count(*row) for row in cursor.fetchall()]


def _midnight(at: datetime) -> datetime:
    return working_time.london(working_time.in_london(at).date(), time(0))
