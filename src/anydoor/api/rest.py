"""Our own API, version 1: a partner system sends a referral, and asks what became of it.

Described at `/api/v1/openapi.json`. A token acts as one person in one team; it sees its own team's
referrals and nothing else. The answer never tells whether we know somebody already.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, NinjaAPI, Schema, Status
from ninja.parser import Parser
from ninja.security import HttpBearer
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from anydoor.access.models import ApiToken
from anydoor.api.problem import MEDIA, Problem, Unusable, handle_on
from anydoor.care import receipts
from anydoor.care.intake import Told, faults_in
from anydoor.directory.models import Area
from anydoor.rules import reference as references
from anydoor.rules.errors import BadInput
from anydoor.rules.working_time import london_day


class Token(HttpBearer):
    """A live token of a partner system."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return receipts.token_for(token)


class JsonObject(Parser):
    """A JSON object, and nothing else. Whatever is raised here ninja answers with a 400."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = json.loads(request.body, parse_constant=_no_constant)
        if not isinstance(body, dict):
            raise TypeError("not an object")
        return body


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


api = NinjaAPI(
    title="Anydoor",
    version="1",
    description="Send a referral through any door, and ask what became of it.",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=Token(),
    parser=JsonObject(),
    urls_namespace="api-v1",
)


def _day(value: object) -> object:
    """Only YYYY-MM-DD as text; a number is not a day."""
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("Send a day as YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("There is no such day. Send it as YYYY-MM-DD.") from None


Day = Annotated[date | None, BeforeValidator(_day)]
Asked = Literal["yes", "no", "not_asked"]
Sentences = Annotated[list[StrictStr], Field(max_length=20)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class Contact(Strict):
    """One way to reach the person, and whether it is safe. Not asked: we speak to the person only."""

    value: StrictStr = ""
    safe: Asked = "not_asked"
    uses: list[Literal["call", "text", "voicemail", "email", "letter"]] = Field(default=[], max_length=5)
    hours: StrictStr = ""


class Somebody(Strict):
    """The person the referral is about. Names are kept exactly as sent."""

    name: StrictStr = ""
    role: Literal["", "mother", "father", "co_parent", "carer", "other"] = ""
    born_on: Day = None
    nhs_number: StrictStr = ""
    language: StrictStr = ""
    interpreter: Asked = "not_asked"
    needs_from_us: Sentences = []
    keep_safe: Sentences = []
    address_kind: Literal["not_asked", "usual", "no_fixed_abode", "refuge", "staying"] = "not_asked"
    address: StrictStr = ""


class Baby(Strict):
    """A baby expected, born or lost. `count` for twins and more."""

    due_on: Day = None
    born_on: Day = None
    lost_on: Day = None
    loss_kind: StrictStr = ""
    name: StrictStr = ""
    count: StrictInt = 1


class Sender(Strict):
    """Who asks on the family's behalf; leave out when the person asks themselves."""

    name: StrictStr = ""
    organisation: StrictStr = ""
    contact: StrictStr = ""


class ReferralSent(Strict):
    """A request for support. Only `area`, `story` and a way to reach the person or the sender are needed."""

    area: StrictStr = Field(description="Slug of the area, such as norfolk.", min_length=1)
    story: StrictStr = Field(description="What is going on, in their own words or yours.")
    contact: Contact = Contact()
    place: StrictStr = ""
    person: Somebody = Somebody()
    baby: Baby = Baby()
    sender: Sender = Sender()
    trying_to_conceive: StrictBool = False
    assisted_conception: StrictBool = False
    needs: Annotated[list[StrictStr], Field(max_length=20)] = []
    asks_for: StrictStr = ""
    family_knows: Asked = "not_asked"
    agreed_words: StrictStr = ""


class ReferralHeld(Schema):
    """Who holds it now, and when it will be read."""

    reference: str
    area: str
    holder: str
    team: str
    received_at: datetime
    read_by: datetime
    contact_by: datetime


class ReferralStatus(Schema):
    """What became of it. `holder` and `team` are empty once a service has taken it up or it has ended."""

    reference: str
    stage: str
    stage_words: str
    holder: str
    team: str
    received_at: datetime


# Where a fault of our own names lies in the body.
BODY_NAMES = {
    "contact": "contact.value",
    "safe": "contact.safe",
    "uses": "contact.uses",
    "hours": "contact.hours",
    "name": "person.name",
    "role": "person.role",
    "born_on": "person.born_on",
    "nhs_number": "person.nhs_number",
    "language": "person.language",
    "interpreter": "person.interpreter",
    "communication": "person.needs_from_us",
    "safety": "person.keep_safe",
    "address_kind": "person.address_kind",
    "address": "person.address",
    "due_on": "baby.due_on",
    "baby_born_on": "baby.born_on",
    "lost_on": "baby.lost_on",
    "loss_kind": "baby.loss_kind",
    "baby_name": "baby.name",
    "babies": "baby.count",
    "referrer_name": "sender.name",
    "referrer_organisation": "sender.organisation",
    "referrer_contact": "sender.contact",
}
handle_on(api, BODY_NAMES)

PROBLEMS = dict.fromkeys((400, 401, 403, 409, 413, 415, 422, 429), Problem)
AS_PROBLEMS = {
    "responses": {
        str(code): {
            "description": "A problem document.",
            "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for code in (400, 401, 403, 404, 409, 413, 415, 422, 429)
    }
}


def told_by(sent: ReferralSent) -> Told:
    """The request in the words every door ends in."""
    person, baby, contact, sender = sent.person, sent.baby, sent.contact, sent.sender
    return Told(
        story=sent.story,
        door="partner",
        contact=contact.value,
        place=sent.place,
        name=person.name,
        role=person.role,
        born_on=person.born_on,
        nhs_number=person.nhs_number,
        trying_to_conceive=sent.trying_to_conceive,
        assisted_conception=sent.assisted_conception,
        due_on=baby.due_on,
        babies=baby.count,
        baby_name=baby.name,
        baby_born_on=baby.born_on,
        lost_on=baby.lost_on,
        loss_kind=baby.loss_kind,
        safe=contact.safe,
        uses=tuple(contact.uses),
        hours=contact.hours,
        language=person.language,
        interpreter=person.interpreter,
        communication=tuple(person.needs_from_us),
        safety=tuple(person.keep_safe),
        address_kind=person.address_kind,
        address=person.address,
        needs=tuple(sent.needs),
        asks_for=sent.asks_for,
        referrer_name=sender.name,
        referrer_organisation=sender.organisation,
        referrer_contact=sender.contact,
        family_knows=sent.family_knows,
        agreed_words=sent.agreed_words,
    )


@api.post(
    "/referrals",
    response={201: ReferralHeld, **PROBLEMS},
    operation_id="send_referral",
    summary="Send a referral",
    openapi_extra=AS_PROBLEMS,
)
def send_referral(
    request: HttpRequest,
    response: HttpResponse,
    sent: ReferralSent,
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=150,
            description="One key for one request. Send it again as often as you like.",
        ),
    ],
) -> Status:
    """Held by a named person from the moment this answers."""
    token = cast(ApiToken, request.auth)  # type: ignore[attr-defined]  # set by ninja's auth
    if not idempotency_key.isprintable():
        raise BadInput("Use printable characters.", field="Idempotency-Key")
    areas = Area.objects.select_related("front_door")
    # What cannot be printed is no name of ours, and no database takes a null character to look for.
    area = areas.filter(slug=sent.area).first() if sent.area.isprintable() else None
    if area is None:
        raise BadInput("There is no such area here.", field="area")
    told, at = told_by(sent), timezone.now()
    try:
        receipt = receipts.receive_once(
            token=token,
            key=idempotency_key,
            digest=hashlib.sha256(request.body).hexdigest(),
            told=told,
            area=area,
            at=at,
        )
    except BadInput as first:
        # A program is put right once, not fault by fault.
        raise Unusable(faults_in(told, on=london_day(at)) or [first]) from first
    if receipt.again:
        response["Idempotency-Replayed"] = "true"
    return Status(201, receipt.answer)


@api.get(
    "/referrals/{reference}",
    response={200: ReferralStatus, **dict.fromkeys((401, 403, 404, 422, 429), Problem)},
    operation_id="referral_status",
    summary="What became of a referral",
    openapi_extra=AS_PROBLEMS,
)
def referral_status(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Only referrals your team sent."""
    token = cast(ApiToken, request.auth)  # type: ignore[attr-defined]  # set by ninja's auth
    try:
        wanted = references.read(reference)
    except BadInput as fault:
        raise fault.at("reference") from fault
    referral = receipts.own_referral(token=token, reference=wanted, at=timezone.now())
    return {
        "reference": referral.reference,
        "stage": referral.stage,
        "stage_words": referral.get_stage_display(),
        "holder": referral.holder.name if referral.holder else "",
        "team": referral.holder_team.name if referral.holder_team else "",
        "received_at": referral.received_at,
    }
