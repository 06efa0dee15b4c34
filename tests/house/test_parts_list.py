"""The bill of materials names every part that is installed or vendored, and is the same each time."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from anydoor.config import parts_list
from anydoor.config.environ import CHECKOUT
from anydoor.config.parts_list import BILL, RUN, VENDORED, bill, draw, pins, plain, wanted


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BILL.read_text(encoding="utf-8"))
    return found


def test_the_kept_bill_is_up_to_date() -> None:
    assert BILL.read_text(encoding="utf-8") == draw(), "run: anydoor documents"


def test_it_is_the_same_each_time_and_holds_no_time(kept: dict[str, Any]) -> None:
    assert draw() == draw()
    assert "timestamp" not in kept["metadata"]


def test_it_has_what_cyclonedx_asks_for(kept: dict[str, Any]) -> None:
    assert (kept["bomFormat"], kept["specVersion"], kept["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", kept["serialNumber"]
    )
    main = kept["metadata"]["component"]
    every = [main, *kept["components"]]
    every += [inner for part in kept["components"] for inner in part.get("components", [])]
    references = [part["bom-ref"] for part in every]
    assert len(references) == len(set(references))
    for part in every:
        assert part["type"] in {"application", "library", "file"}
        assert part["name"]
        for digest in part.get("hashes", []):
            assert digest["alg"] == "SHA-256"
            assert re.fullmatch(r"[0-9a-f]{64}", digest["content"])
        licences = part.get("licenses", [])
        assert all("expression" in one for one in licences) or all(
            set(one["license"]) & {"id", "name"} for one in licences
        )
        assert not any("expression" in one for one in licences) or len(licences) == 1
    for row in kept["dependencies"]:
        assert {row["ref"], *row["dependsOn"]} <= set(references)


def test_every_pinned_package_is_there_with_all_its_hashes(kept: dict[str, Any]) -> None:
    text = RUN.read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    parts = {part["purl"]: part for part in kept["components"] if part["purl"].startswith("pkg:pypi/")}
    assert len(parts) == len(pinned) > 40
    assert sum(len(part["hashes"]) for part in parts.values()) == text.count("--hash=sha256:")
    for line in pinned:
        name, version = re.split(r"==|\s|;", line)[:2]
        assert parts[f"pkg:pypi/{plain(name)}@{version}"]["hashes"]


def test_what_we_ask_for_ourselves_is_told_apart(kept: dict[str, Any]) -> None:
    asked = wanted((CHECKOUT / "requirements" / "run.in").read_text(encoding="utf-8"))
    assert {"django", "django-allauth", "cryptography"} <= set(asked)
    (own,) = kept["dependencies"]
    names = {reference.partition("@")[0].removeprefix("pkg:pypi/") for reference in own["dependsOn"]}
    assert names == {*asked, "pkg:npm/nhsuk-frontend"}


def test_every_package_says_its_licence(kept: dict[str, Any]) -> None:
    silent = {part["name"] for part in kept["components"] if not part.get("licenses")}
    assert silent <= {"colorama"}  # for Windows alone


def test_vendored_files_are_those_that_lie_there(kept: dict[str, Any]) -> None:
    (frontend,) = [part for part in kept["components"] if part["name"] == "nhsuk-frontend"]
    told = {part["name"]: part["hashes"][0]["content"] for part in frontend["components"]}
    there = {
        file.relative_to(CHECKOUT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDORED.rglob("*")
        if file.is_file() and file.name != "SHA256SUMS"
    }
    assert told == there
    assert frontend["version"] in (VENDORED / "nhsuk.css").read_text(encoding="utf-8")[:200]


def test_another_pin_is_another_bill(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    changed = tmp_path / "run.txt"
    changed.write_text(RUN.read_text(encoding="utf-8").replace("django==5", "django==6", 1), encoding="utf-8")
    first = bill()["serialNumber"]
    monkeypatch.setattr(parts_list, "RUN", changed)
    assert bill()["serialNumber"] != first


def test_pins_are_read_with_extras_and_markers() -> None:
    text = (
        "a.b[extra]==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64 + "\n"
        "c==2 \\\n    --hash=sha256:" + "b" * 64 + " \\\n    --hash=sha256:" + "c" * 64 + "\n# d==3\n"
    )
    first, second = pins(text)
    assert (first["name"], first["version"], first["marker"]) == ("a.b", "1.0", "sys_platform == 'win32'")
    assert (second["name"], second["marker"], len(second["hashes"])) == ("c", "", 2)
    assert wanted("# no\n-r run.in\nDjango~=5.2\npsycopg[binary]~=3\n") == ["django", "psycopg"]
