"""The examples of docs/reference/scoring.md are run, and the page names every field there is."""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from anydoor.config.environ import CHECKOUT
from anydoor.rules.instruments.definition import Format
from anydoor.rules.outcomes import KEYS, MEASURES_OF

PAGE = CHECKOUT / "docs" / "reference" / "scoring.md"
EXAMPLE = re.compile(r"```console\n\$ anydoor ([^\n]*) - <<'END'\n(.*?)END\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(PAGE.read_text())


def run(words: str, given: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given.encode())))
    with suppress(CommandError):  # a line of an example may be bad on purpose; its error is shown
        call_command(*words.split(), "-", stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_there_are_examples_of_all_three_commands() -> None:
    assert {words.split()[0] for words, _, _ in EXAMPLES} == {"score", "outcomes", "waits"}
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize(("words", "given", "shown"), EXAMPLES)
def test_an_example_says_what_the_command_says(
    words: str, given: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(words, given, monkeypatch) == [json.loads(line) for line in shown.splitlines()]


def test_the_page_names_every_field(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(PAGE).read_text()
    for words, given, _ in EXAMPLES:
        for answer in run(words, given, monkeypatch):
            assert all(f"`{name}`" in page or f'"{name}"' in page for name in answer)
    for word in (*(form.value for form in Format), *KEYS, *MEASURES_OF):
        assert word in page
