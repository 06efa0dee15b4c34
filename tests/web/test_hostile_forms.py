"""Every form of the desk, sent by somebody who may, with things nobody should type: never a fault of ours."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.scenes import client_of, held_by_grace
from tests.web.test_nobody_sees_more import addresses, ids  # noqa: F401  # a fixture is used by its name
from tests.world import NOW, World

from anydoor.care import sweep
from anydoor.care.holders import count_holders

pytestmark = pytest.mark.django_db
NAME = re.compile(r'name="([^"]+)"')
PACK = {
    "nul": "\x00",
    "bidi": "\u202egnp.exe\u2066",
    "script": "<script>alert(1)</script>",
    "quotes": "'; DROP TABLE care_referral; --",
    "formula": '=HYPERLINK("x")',
    "emoji": "👩‍👩‍👧 " * 50,
    "word": "a" * 6_000,
    "digits": "9" * 400,
    "minus": "-1",
    "other digits": "٣١",
    "power": "²",
    "spaces": "\u200b \u3000",
    "list": "[]",
}
DAYS = [
    ("31", "2", "2026"),
    ("29", "3", "2026"),
    ("0", "0", "0"),
    ("1", "1", "9999"),
    ("1", "1", "1"),
    ("x", "²", "-"),
]
TIMES = ["01:30", "25:00", "24:00", "1.30am", "²:30", "99:99", ""]


def sendings(fields: list[str], valid: dict[str, str]) -> list[dict[str, str]]:
    """The same form with each thing in every field, and with each day and time that cannot be."""
    odd = list(PACK.values())
    # What a browser would choose stays, and what is typed is odd: each field another thing each time.
    found = [
        {name: odd[(place + 3 * turn) % len(odd)] for place, name in enumerate(fields)} | valid
        for turn in range(5)
    ]
    found.append(dict.fromkeys(fields, PACK["power"]))
    for number, (day, month, year) in enumerate(DAYS):
        sent = dict.fromkeys(fields, "Some words that are long enough") | valid
        for name in fields:
            for part, text in (("-day", day), ("-month", month), ("-year", year)):
                if name.endswith(part):
                    sent[name] = text
            if "clock" in name or name in {"starts", "ends"}:
                sent[name] = TIMES[number]
        found.append(sent)
    return found


def first_choices(page: str) -> dict[str, str]:
    """The first choice of every radio group and list, and all that is hidden."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+type=\"(?:radio|hidden)\"[^>]*>", page):
        name, value = NAME.search(tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found.setdefault(name.group(1), value.group(1))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        values = [value for value in re.findall(r'<option[^>]*value="([^"]*)"', body) if value]
        if values:
            found[name] = values[0]
    found.pop("csrfmiddlewaretoken", None)
    return found


def send_everything(client: Client, address: str) -> None:
    page = client.get(address, follow=True).content.decode()
    fields = sorted(set(NAME.findall(page)) - {"viewport", "csrfmiddlewaretoken", "description"})
    for sent in sendings(fields or ["words", "why"], first_choices(page)):
        response = client.post(address, sent)
        assert response.status_code < 500, (address, response.status_code, str(sent)[:300])
        assert b"<script>alert" not in response.content


@pytest.mark.parametrize("worker", ["lead", "grace"])
def test_nothing_typed_breaks_a_page(world: World, ids: dict[str, object], worker: str) -> None:  # noqa: F811
    client = client_of(getattr(world, worker))
    client.raise_request_exception = True
    for _name, address in addresses(ids):
        send_everything(client, address)
    for address in ("families", "new/", "new/write", "team/leave/"):
        send_everything(client, f"/desk/{address}")
    assert count_holders().all_well
    assert sweep.recheck(at=NOW) == []


def test_nothing_typed_breaks_the_pages_of_an_episode(world: World) -> None:
    episode = held_by_grace(world)
    client = client_of(world.grace)
    for step in ("contact/", "hand-over/", "hand-over/?service=pairs", "move/", "end/"):
        send_everything(client, f"/desk/work/episode/{episode.pk}/{step}")
    assert count_holders().all_well
    assert sweep.recheck(at=NOW) == []
