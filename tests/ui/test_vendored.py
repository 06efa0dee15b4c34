"""The NHS files are exactly what the script makes, and nothing of ours reaches outside."""

import hashlib
import re
from pathlib import Path

import pytest

from anydoor import ui

STATIC = Path(ui.__file__).parent / "static" / "ui"
NHS = STATIC / "nhsuk"
TEMPLATES = Path(ui.__file__).parent / "templates" / "ui"


def test_every_vendored_file_has_its_checksum_and_no_other_is_there() -> None:
    said = dict(
        reversed(line.split("  ", 1))
        for line in (NHS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    there = {
        file.relative_to(NHS).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in NHS.rglob("*")
        if file.is_file() and file.name != "SHA256SUMS"
    }
    assert there == said
    assert "MIT" in (NHS / "LICENCE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", sorted(STATIC.rglob("*.css")), ids=lambda sheet: sheet.name)
def test_a_stylesheet_fetches_nothing_but_files_beside_it(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    for address in re.findall(r"url\(([^)]*)\)", text):
        assert (sheet.parent / address.strip("'\"")).is_file(), address
    assert "@import" not in text
    assert "@font-face" not in text
    assert "sourceMappingURL" not in text
    assert text.count("{") == text.count("}")


def test_the_mark_of_the_nhs_is_not_worn() -> None:
    assert not list(NHS.rglob("*favicon*"))
    assert ".nhsuk-header" not in (NHS / "nhsuk.css").read_text(encoding="utf-8")


def test_first_page_stays_light_on_a_slow_phone() -> None:
    """Goal: style and script of a family's page at most 60 KB when compressed."""
    import gzip

    sent = [NHS / "nhsuk.css", STATIC / "anydoor.css", STATIC / "anydoor.js"]
    assert sum(len(gzip.compress(file.read_bytes())) for file in sent) < 40_000


def test_our_stylesheet_mirrors_by_itself() -> None:
    """Physical sides would stay where they are on an Arabic page."""
    rules = (STATIC / "anydoor.css").read_text(encoding="utf-8")
    physical = re.findall(r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right):", rules)
    assert physical == []
    assert not re.search(r"text-align: (?:left|right)", rules)


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.jinja")), ids=lambda file: file.stem)
def test_a_template_keeps_to_the_content_policy_and_escapes(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\|\s*safe\b", text)
    assert "autoescape false" not in text
    assert "maxlength=" not in text


def test_the_script_that_vendors_takes_out_what_it_says() -> None:
    import importlib.util

    place = Path(__file__).resolve().parents[2] / "scripts" / "vendor_nhsuk.py"
    spec = importlib.util.spec_from_file_location("vendor_nhsuk", place)
    assert spec
    assert spec.loader
    vendor = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(vendor)
    given = (
        '@charset "UTF-8";:root{--a:1}@font-face{font-family:F;src:url(https://fonts.example/f.woff2)}'
        "p,.nhsuk-body{margin:0}.nhsuk-header__logo,.nhsuk-button:not(.a,.b){color:red}.nhsuk-card{top:0}"
        "@media print{.nhsuk-hero{top:0}}@media print{.nhsuk-tabs--x{top:0}.nhsuk-tag{top:0}}"
        ".nhsuk-input{background:url(/assets/images/a.svg)}/*# sourceMappingURL=x.css.map */"
    )
    assert vendor.changed(given) == (
        '@charset "UTF-8";:root{--a:1}.nhsuk-body{margin:0}.nhsuk-button:not(.a,.b){color:red}'
        "@media print{.nhsuk-tag{top:0}}.nhsuk-input{background:url(images/a.svg)}\n"
    )
