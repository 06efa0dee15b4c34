"""The open feed at /openreferral/v3/: our directory for anybody's website, as Open Referral UK 3.0 has it.

Public, read only, without sign-in or key. Every answer may be read by any website. What a parameter means
and what is in each document: docs/reference/open-referral.md.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from anydoor.access.models import Organisation
from anydoor.api.open_referral_filters import Asked, matching, near, paging
from anydoor.api.problem import problem
from anydoor.directory.models import Service
from anydoor.directory.open_referral import documents, publishing, taxonomy
from anydoor.directory.open_referral.documents import Document
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.working_time import london_day

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/uk-profile/main/schema/openapi.json"
FRESH_SECONDS = 60
SAFE = ("GET", "HEAD", "OPTIONS")

Answer = Callable[..., tuple[Any, str]]  # the document, and a Link header or nothing


def feed(answer: Answer) -> Callable[..., HttpResponse]:
    """An address of the feed: JSON for everybody, faults as problem+json, nothing that changes anything."""

    # It changes nothing: whatever is posted is answered with 405 and the reason, not with a missing mark.
    @csrf_exempt
    @wraps(answer)
    def view(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = ", ".join(SAFE)
            response["Access-Control-Allow-Headers"] = "*"
        elif request.method not in SAFE:
            response = problem(405, "This address can only be read.")
        else:
            response = _answered(answer, request, args, named)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Link"
        if response.status_code in {204, 405}:
            response["Allow"] = ", ".join(SAFE)
        return response

    return view


def _answered(answer: Answer, request: HttpRequest, args: Any, named: Any) -> HttpResponse:
    try:
        document, links = answer(request, *args, **named)
    except BadInput as fault:
        return problem(400, fault.message, [{"field": fault.field or "", "message": fault.message}])
    except NotFound as missing:
        return problem(404, missing.message)
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        content_type="application/json",
    )
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    if links:
        response["Link"] = links
    return response


# ---------------------------------------------------------------- what a page holds


def _page(
    request: HttpRequest, rows: QuerySet[Any] | list[Any], render: Callable[[list[Any]], list[Document]]
) -> tuple[Document, str]:
    """One page of rows as the standard's envelope, with links to its neighbours."""
    page, size = paging(request.GET)
    total = len(rows) if isinstance(rows, list) else rows.count()
    start = (page - 1) * size
    shown = list(rows[start : start + size]) if start < total else []
    made = documents.envelope(render(shown), total=total, page=page, size=size)
    return made, _links(request, made)


def _links(request: HttpRequest, made: Mapping[str, Any]) -> str:
    """RFC 8288: first, prev, next and last, as far as there are such pages."""
    page, last = made["page_number"], max(made["total_pages"], 1)
    wanted = {"first": 1, "last": last}
    if 1 < page <= last + 1:
        wanted["prev"] = page - 1
    if page < last:
        wanted["next"] = page + 1
    told = {key: value for key, value in request.GET.items() if key != "page"}
    base = f"{settings.ANYDOOR_ADDRESS}{request.path}"
    return ", ".join(
        f'<{base}?{urlencode(told | {"page": number})}>; rel="{name}"' for name, number in wanted.items()
    )


def _on(request: HttpRequest) -> Any:
    return london_day(getattr(request, "at", None) or timezone.now())


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("There is nothing with this id. Ids are UUIDs.") from None


# ---------------------------------------------------------------- addresses


@feed
def root(request: HttpRequest) -> tuple[Document, str]:
    return {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}, ""


@feed
def services(request: HttpRequest) -> tuple[Document, str]:
    """Services in pages; `full=true` gives each with everything nested."""
    on, asked = _on(request), Asked.read(request.GET)
    rows = matching(publishing.published(on), asked)
    if asked.full:
        rows = publishing.with_all(rows)

    def render(shown: list[Service]) -> list[Document]:
        return [
            documents.service_document(entry, on, full=asked.full)
            for entry in publishing.entries(shown, full=asked.full)
        ]

    return _page(request, rows, render)


@feed
def service(request: HttpRequest, uid: str) -> tuple[Document, str]:
    on = _on(request)
    row = publishing.named(_uid(uid), on)
    if row is None:
        raise NotFound("There is no service with this id.")
    return documents.service_document(publishing.entry_of(row), on), ""


@feed
def service_at_locations(request: HttpRequest) -> tuple[Document, str]:
    """Services with one place each; `postcode` and `proximity` (metres) find those near by."""
    on, asked = _on(request), Asked.read(request.GET)
    found = matching(publishing.published(on), asked)
    covered, within = near(request.GET)
    if covered is not None:
        found = found.filter(covered)
    rows = publishing.links(found, within)
    return _page(request, rows, lambda shown: _links_in_short(shown, on))


def _links_in_short(shown: list[Any], on: Any) -> list[Document]:
    """Service at location with one-to-one fields alone: a few queries, however many."""
    rows = publishing.with_all(publishing.published(on)).filter(pk__in={row[3] for row in shown})
    entries = {row.pk: publishing.entry_of(row) for row in rows}
    places = publishing.places_to_publish({row[4] for row in shown})
    made = []
    for row in shown:
        entry, place = entries[row[3]], places[row[4]]
        link = documents.published_link(entry, place, on)
        made.append(
            {key: each for key, each in link.items() if not isinstance(each, list | dict)}
            | {
                "location": documents.location_document(place, full=False),
                "service": documents.service_document(entry, on, full=False),
            }
        )
    return made


@feed
def service_at_location(request: HttpRequest, uid: str) -> tuple[Document, str]:
    """One service at one place with everything. `name` and `status` are there for the official description,
    which checks this address against the schema of a service."""
    on = _on(request)
    found = publishing.link_named(_uid(uid), on)
    if found is None:
        raise NotFound("There is no service at a location with this id.")
    row, place = found
    entry = publishing.entry_of(row)
    whole = documents.service_document(entry, on)
    rest = {key: each for key, each in whole.items() if key != "service_at_locations"}
    return (
        documents.published_link(entry, place, on)
        | {"name": whole["name"], "status": whole["status"], "service": rest},
        "",
    )


@feed
def taxonomies(request: HttpRequest) -> tuple[Document, str]:
    found = [*map(taxonomy.taxonomy_document, taxonomy.TAXONOMIES), *publishing.their_taxonomies()]
    return _page(request, found, list)


@feed
def one_taxonomy(request: HttpRequest, uid: str) -> tuple[Document, str]:
    wanted = str(_uid(uid))
    each = taxonomy.BY_UID.get(wanted)
    if each is not None:
        terms = [taxonomy.term_document(each, term) for term in each.terms]
        return taxonomy.taxonomy_document(each) | {"taxonomy_terms": terms}, ""
    theirs = next((one for one in publishing.their_taxonomies() if one["id"] == wanted), None)
    if theirs is None:
        raise NotFound("There is no taxonomy with this id.")
    terms = [term for term in publishing.their_terms() if term.get("taxonomy_id") == wanted]
    return theirs | {"taxonomy_terms": terms}, ""


@feed
def taxonomy_terms(request: HttpRequest) -> tuple[Document, str]:
    found = [*documents.all_terms(), *publishing.their_terms()]
    wanted = request.GET.get("taxonomy_id")
    if wanted:
        found = [term for term in found if term.get("taxonomy_id") == wanted]
    return _page(request, found, list)


@feed
def taxonomy_term(request: HttpRequest, uid: str) -> tuple[Document, str]:
    wanted = str(_uid(uid))
    if wanted in taxonomy.TERMS:
        return taxonomy.term_document(*taxonomy.TERMS[wanted]), ""
    found = next((term for term in publishing.their_terms() if term["id"] == wanted), None)
    if found is None:
        raise NotFound("There is no taxonomy term with this id.")
    return found, ""


@feed
def organizations(request: HttpRequest) -> tuple[Document, str]:
    """Organisations that run a service of the feed. No part of the UK profile; the base standard has it."""
    rows = publishing.organisations(_on(request))
    return _page(request, rows, lambda shown: list(map(_organization, shown)))


@feed
def organization(request: HttpRequest, uid: str) -> tuple[Document, str]:
    row = publishing.organisations(_on(request)).filter(uid=_uid(uid)).first()
    if row is None:
        raise NotFound("There is no organisation with this id.")
    return _organization(row), ""


def _organization(row: Organisation) -> Document:
    return documents.organization_document(publishing.organisation_facts(row))


@feed
def nothing_here(request: HttpRequest, rest: str) -> tuple[Document, str]:
    raise NotFound("There is no such address in this feed.")


app_name = "open_referral"
_ADDRESSES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("services", services, "services"),
    ("services/<str:uid>", service, "service"),
    ("service_at_locations", service_at_locations, "service_at_locations"),
    ("service_at_locations/<str:uid>", service_at_location, "service_at_location"),
    ("taxonomies", taxonomies, "taxonomies"),
    ("taxonomies/<str:uid>", one_taxonomy, "taxonomy"),
    ("taxonomy_terms", taxonomy_terms, "taxonomy_terms"),
    ("taxonomy_terms/<str:uid>", taxonomy_term, "taxonomy_term"),
    ("organizations", organizations, "organizations"),
    ("organizations/<str:uid>", organization, "organization"),
)
# With a slash at the end or without: an importer must never be sent on.
urlpatterns = [
    path("", root, name="root"),
    *[
        path(f"{route}{slash}", view, name=f"{name}{'_slash' if slash else ''}")
        for route, view, name in _ADDRESSES
        for slash in ("", "/")
    ],
    path("<path:rest>", nothing_here, name="nothing_here"),
]
