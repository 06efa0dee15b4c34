"""The one directory: areas, places and services. Loaded from data files, edited in pages."""

from anydoor.directory.models.deprivation import RELEASES, DeprivationArea
from anydoor.directory.models.entry import (
    AUDIENCES,
    LEVELS,
    STATES,
    STRANDS,
    Service,
    ServiceQuerySet,
    levels,
    states,
    strands,
)
from anydoor.directory.models.imports import IMPORTED_KINDS, ImportedEntry
from anydoor.directory.models.places import ACCESSIBILITY, Area, District, Place, Postcode, uid_of
from anydoor.directory.models.reports import ANSWERS, REMINDER_STEPS, WRONG_ABOUT, EntryReminder, WrongReport
from anydoor.directory.models.sessions import WEEKDAYS, Session
from anydoor.directory.models.versions import VERSION_STATES, EntryDraft, ServiceVersion
from anydoor.directory.models.words import ServiceWords

__all__ = [
    "ACCESSIBILITY",
    "ANSWERS",
    "AUDIENCES",
    "IMPORTED_KINDS",
    "LEVELS",
    "RELEASES",
    "REMINDER_STEPS",
    "STATES",
    "STRANDS",
    "VERSION_STATES",
    "WEEKDAYS",
    "WRONG_ABOUT",
    "Area",
    "DeprivationArea",
    "District",
    "EntryDraft",
    "EntryReminder",
    "ImportedEntry",
    "Place",
    "Postcode",
    "Service",
    "ServiceQuerySet",
    "ServiceVersion",
    "ServiceWords",
    "Session",
    "WrongReport",
    "levels",
    "states",
    "strands",
    "uid_of",
]
