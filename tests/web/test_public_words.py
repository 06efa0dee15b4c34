"""The words that families read: short sentences, no blame, nothing presumed, and help on every page."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from tests.web.test_public_ask import send
from tests.web.test_public_refer import PAGES
from tests.world import World

PLAIN = (
    "/privacy",
    "/accessibility",
    "/hide-your-visit",
    "/crisis",
    "/other-languages",
    "/norfolk/hubs/",
    "/norfolk/",
)
NEVER = (
    "mum",
    "failed",
    "refused",
    "disengaged",
    "dna",
    "case",
    "do not reply",
    "we aim to",
    "fail",
    "non-compliant",
)


def sentences(page: str) -> list[str]:
    """The sentences of a page: each element that ends a line ends a sentence too."""
    body = page[page.index("<body") :]
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", body, flags=re.DOTALL)
    body = re.sub(
        r"</?(p|li|h[1-6]|div|label|legend|summary|dt|dd|br|span class=\"ad-exit|button|section)\b[^>]*>",
        ". ",
        body,
    )
    text = html.unescape(re.sub(r"<[^>]+>", "", body))
    return [" ".join(one.split()) for one in re.split(r"(?<=[.!?:])\s", text) if one.strip(" .")]


@pytest.fixture
def pages(client: Client, world: World) -> dict[str, str]:
    found = {address: client.get(address).content.decode() for address in PLAIN}
    asked = send(client)["Location"]
    for more in ("", "safe/", "needs/", "about/", "words/"):
        found[f"received {more}"] = client.get(asked + more).content.decode()
    danger = send(client, story="I want to kill myself")["Location"]
    found["danger"] = client.get(danger).content.decode()
    found["closed"] = Client().get(asked).content.decode()
    found["wrong"] = client.post("/norfolk/", {}).content.decode()
    found["refer"] = client.get("/refer/").content.decode()
    client.post("/refer/")
    found["refer list"] = client.get("/refer/").content.decode()
    for key in PAGES:
        found[f"refer {key}"] = client.get(f"/refer/{key}/").content.decode()
    found["nothing there"] = client.get("/atlantis/").content.decode()
    return found


def test_sentences_are_short(pages: dict[str, str]) -> None:
    long = {(name, one) for name, page in pages.items() for one in sentences(page) if len(one.split()) > 25}
    assert long == set()


def test_no_word_blames_or_presumes(pages: dict[str, str]) -> None:
    found = {
        (name, word)
        for name, page in pages.items()
        for one in sentences(page)
        for word in NEVER
        if re.search(rf"\b{word}\b", one.lower())
    }
    assert found == set()


def test_each_page_has_the_exit_first_and_crisis_help(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        links = re.findall(r'<a [^>]*href="([^"]*)"', page)
        assert links[0] == "/exit", name
        assert page.count('id="help-now"') == 1, name
        assert page.count("<h1") == 1, name
        assert "Anydoor" not in page[: page.index("<footer")], name


def test_nothing_is_asked_of_another_site(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        outside = re.findall(r'(?:href|src|action)="(https?:[^"]*)"', page)
        assert outside == [], name
        assert " style=" not in page, name
        assert "<script>" not in page, name
