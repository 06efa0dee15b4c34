"""From what somebody typed about where they are to an area and a district."""

from __future__ import annotations

from dataclasses import dataclass

from anydoor.directory.models import Area, District, Postcode
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput


@dataclass(frozen=True, slots=True)
class Located:
    """Where a place lies, as far as it can be told. `words` is as typed; the rest may be empty."""

    words: str
    postcode: str = ""
    district_code: str = ""
    district_name: str = ""
    area: Area | None = None


def locate(text: str, *, with_area: bool = True) -> Located:
    """A postcode, the first half of one, or the name of a town or district. Never fails: less is told.

    Whoever knows the area already leaves it out, which saves a query for a full postcode.
    """
    words = " ".join(text.split())
    if not words:
        return Located("")
    found = _by_postcode(words, with_area=with_area) or _by_name(words)
    return found or Located(words)


def area_of(text: str, *, here: Area) -> Area:
    """The area a place lies in; `here` when it lies there too, or when nobody can tell."""
    found = locate(text)
    if found.area is None or found.area.pk == here.pk:
        return here
    if found.district_code and here.districts.filter(code=found.district_code).exists():
        return here
    return here if _is_near(here, found.words.casefold()) else found.area


def _is_near(area: Area, folded: str) -> bool:
    """Whether an area goes by this name, or counts this town among its own."""
    return folded == area.name.casefold() or folded in {town.casefold() for town in area.places_near}


def _by_postcode(words: str, *, with_area: bool) -> Located | None:
    try:
        full = identifiers.postcode(words)
    except BadInput:
        return _by_outward(words)
    row = Postcode.objects.filter(postcode=full).select_related("district").first()
    if row is None:
        near = _by_outward(full.split(" ")[0])
        return (
            Located(words, full, near.district_code, near.district_name, near.area)
            if near
            else Located(words, full)
        )
    area = _area_of(row.district) if with_area else None
    return Located(words, full, row.district_id, row.district.name, area)


def _by_outward(words: str) -> Located | None:
    try:
        outward = identifiers.outward(words)
    except BadInput:
        return None
    codes = (
        Postcode.objects.filter(postcode__startswith=f"{outward} ")
        .values_list("district_id", flat=True)
        .order_by("district_id")
        .distinct()
    )
    if len(codes) != 1:
        areas = {area.pk: area for area in Area.objects.filter(districts__in=list(codes))}
        return Located(words, area=next(iter(areas.values()))) if len(areas) == 1 else None
    district = District.objects.get(code=codes[0])
    return Located(words, "", district.code, district.name, _area_of(district))


def _by_name(words: str) -> Located | None:
    district = District.objects.filter(name__iexact=words).first()
    if district is not None:
        return Located(words, "", district.code, district.name, _area_of(district))
    folded = words.casefold()
    for area in Area.objects.order_by("slug"):
        if _is_near(area, folded):
            return Located(words, area=area)
    return None


def _area_of(district: District) -> Area | None:
    return district.areas.order_by("slug").first()
