"""The log helps whoever keeps the machine running, and says nothing about anybody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.test import Client
from django.urls import path

from anydoor.config.logs import JsonLines
from anydoor.config.urls import urlpatterns as real_addresses

PHONE = "07700900123"


def breaks(request: HttpRequest, number: str) -> HttpResponse:
    logging.getLogger("somebody.elses").warning("Cannot reach %s", number)
    raise DataError(f"out of range: Key (phone)=({number}) already exists; SQL: INSERT '{request.body!r}'")


def refuses(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponseBadRequest()


urlpatterns = [
    *real_addresses,
    path("breaks/<str:number>/", breaks, name="breaks"),
    path("refuses/<str:number>/", refuses, name="refuses"),
]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that any logger says, as production would write it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before, levels = root.level, {name: logging.getLogger(name).level for name in ("django.request",)}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_telephone_number_in_path_query_body_and_fault_is_not_in_the_log(log: StringIO) -> None:
    client = Client(raise_request_exception=False, headers={"user-agent": PHONE})
    client.post(f"/breaks/{PHONE}/?phone={PHONE}", {"phone": PHONE})
    client.post(f"/refuses/{PHONE}/?phone={PHONE}", {"phone": PHONE})
    client.get(f"/nowhere/{PHONE}?phone={PHONE}")
    client.post("/healthz", {"phone": PHONE})
    client.get("/healthz", headers={"host": f"{PHONE}.example"})
    said = log.getvalue()
    assert PHONE not in said
    lines = [json.loads(line) for line in said.splitlines()]
    requests = [line for line in lines if line["logger"] == "anydoor.access"]
    assert [(line["route"], line["status"]) for line in requests] == [
        ("breaks/<str:number>/", 500),
        ("refuses/<str:number>/", 400),
        (None, 404),
        ("healthz", 405),
        (None, 400),
    ]
    fault = next(line for line in lines if line.get("error"))
    assert fault["said"] == "%s: %s"
    assert fault["error"] == "DataError"
    assert any(__file__ in frame and "breaks" in frame for frame in fault["trace"])


@pytest.mark.django_db
def test_a_request_can_be_found_again_by_the_number_its_page_was_sent_with(
    client: Client, log: StringIO
) -> None:
    answer = client.get("/healthz")
    assert f'"request": "{answer["X-Request-ID"]}"' in log.getvalue()


def test_what_is_handed_over_on_purpose_is_written(log: StringIO) -> None:
    logging.getLogger("anydoor.jobs").info("job %s", "done", extra={"fields": {"count": 3, "said": "never"}})
    line = json.loads(log.getvalue())
    assert (line["said"], line["count"], line["level"]) == ("job done", 3, "info")
