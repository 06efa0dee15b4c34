"""Moments in words, as people in England read them. Stored in UTC, shown in London time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def in_london(moment: datetime) -> datetime:
    """The same moment on a London clock. A moment without a zone is a mistake: ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(LONDON)


def calendar_day(moment: date | datetime) -> date:
    """The London day of a moment; a plain date is itself."""
    return in_london(moment).date() if isinstance(moment, datetime) else moment


def day_words(moment: date | datetime | None, now: date | datetime | None = None) -> str:
    """ "Tuesday 10 March"; with the year when `now` is given and in another year."""
    if moment is None:
        return ""
    day = calendar_day(moment)
    return f"{DAYS[day.weekday()]} {_day_month(day, now)}"


def date_words(moment: date | datetime | None, now: date | datetime | None = None) -> str:
    """ "10 March"; with the year when `now` is given and in another year."""
    return "" if moment is None else _day_month(calendar_day(moment), now)


def full_date(moment: date | datetime | None) -> str:
    """ "10 March 2026"."""
    if moment is None:
        return ""
    day = calendar_day(moment)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(moment: date | datetime | None) -> str:
    """ "Tue 10 Mar", for narrow rows."""
    if moment is None:
        return ""
    day = calendar_day(moment)
    return f"{DAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def day_parts(moment: date | datetime) -> tuple[str, int, str]:
    """("Tue", 10, "Mar"), for the day tile."""
    day = calendar_day(moment)
    return DAYS[day.weekday()][:3], day.day, MONTHS[day.month - 1][:3]


def time_words(moment: datetime | time | None) -> str:
    """ "5pm", "10:30am", "midday", "midnight": for families."""
    if moment is None:
        return ""
    at = in_london(moment).time() if isinstance(moment, datetime) else moment
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'pm' if at.hour >= 12 else 'am'}"


def clock_time(moment: datetime | time | None) -> str:
    """ "17:00": for the desk, where times stand in columns."""
    if moment is None:
        return ""
    at = in_london(moment).time() if isinstance(moment, datetime) else moment
    return f"{at.hour:02}:{at.minute:02}"


def london_datetime(moment: datetime | None) -> str:
    """ "Tuesday 10 March 2026, 11:00"."""
    if moment is None:
        return ""
    here = in_london(moment)
    return f"{DAYS[here.weekday()]} {full_date(here)}, {clock_time(here)}"


def day_time(moment: datetime | None, now: datetime) -> str:
    """ "today, 10:52", "yesterday, 16:20" or "9 March, 16:20": for provenance lines."""
    if moment is None:
        return ""
    gone = calendar_day(now) - calendar_day(moment)
    near = {timedelta(0): "today", timedelta(1): "yesterday", timedelta(-1): "tomorrow"}
    return f"{near.get(gone) or date_words(moment, now)}, {clock_time(moment)}"


def machine_time(moment: date | datetime) -> str:
    """The value of a `datetime` attribute."""
    return (
        moment.astimezone(UTC).isoformat(timespec="seconds")
        if isinstance(moment, datetime)
        else moment.isoformat()
    )


def ago(moment: datetime | None, now: datetime) -> str:
    """How long since `moment`: "9 min", "5 h 10 min", "22 h", "1 day", "3 days", "5 weeks"."""
    return "" if moment is None else length(now - moment)


def length(span: timedelta) -> str:
    """A span of time in few words; minutes are left out from six hours on, hours from a day on."""
    minutes = max(int(span.total_seconds() // 60), 0)
    hours, days = minutes // 60, minutes // 1440
    if hours < 1:
        return f"{minutes} min"
    if hours < 6:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    if days < 1:
        return f"{hours} h"
    if days < 29:
        return "1 day" if days == 1 else f"{days} days"
    return f"{days // 7} weeks"


def _day_month(day: date, now: date | datetime | None) -> str:
    year = f" {day.year}" if now is not None and calendar_day(now).year != day.year else ""
    return f"{day.day} {MONTHS[day.month - 1]}{year}"
